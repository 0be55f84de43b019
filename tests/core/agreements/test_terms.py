import json
from datetime import date

import pytest
import rfc8785

from portal.core.agreements.terms import (
    AccountPart,
    Parties,
    Rules,
    agreement_terms,
    signature_digest,
    signed_text,
    text_hash,
)
from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.facts import AccountFacts, Facts
from portal.core.negotiation.simulate import simulate

DAY = date(2026, 12, 1)


def _terms(**changes):
    account = AccountFacts(
        account_ref="AC-1", currency="USD", principal_minor=120_000, days_past_due=120, product="card"
    )
    facts = Facts(as_of=DAY, accounts=(account,))
    plan = simulate(facts=facts, bounds=parse_bounds(preset("USD")), family="")
    plain = {
        "agreement_ref": "agr_1",
        "version": 1,
        "offer_ref": "ofr_1",
        "parties": Parties(lender_slug="northwind", lender_name="Northwind ไทย", debtor_ref="dbt_1"),
        "accounts": [
            AccountPart(
                account_ref="AC-1",
                creditor_ref="tamarind",
                brand_name="Tamarind",
                principal_minor=120_000,
                interest_minor=0,
                fees_minor=0,
                as_of=DAY,
            )
        ],
        "plan": plan,
        "rules": Rules(
            grace_days=5,
            missed_before_broken=2,
            cure_days=14,
            moves_per_year=2,
            cooling_off_days=14,
            jurisdiction_pack="us-1",
        ),
        "language": "en",
        "prepared_on": DAY,
    }
    return agreement_terms(**plain | changes)


def test_the_signed_text_is_canonical_json_as_another_library_writes_it():
    terms = _terms()
    assert signed_text(terms).encode() == rfc8785.dumps(terms)
    assert json.loads(signed_text(terms)) == terms


@pytest.mark.parametrize("change", [{"language": "es"}, {"agreement_ref": "agr_2"}, {"version": 2}])
def test_any_change_of_a_term_changes_the_hash(change):
    assert text_hash(signed_text(_terms())) != text_hash(signed_text(_terms(**change)))


def test_the_signature_covers_both_the_terms_and_the_text():
    one = signature_digest(terms_hash="a" * 64, html_hash="b" * 64)
    assert one != signature_digest(terms_hash="b" * 64, html_hash="a" * 64)
    assert len(one) == 64
