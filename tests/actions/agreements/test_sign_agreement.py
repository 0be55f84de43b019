import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.agreements.prepare_agreement import OfferGone, Prepared
from portal.actions.agreements.sign_agreement import NotSigned, Signed
from portal.actions.agreements.withdraw_agreement import NotWithdrawn, Withdrawn, withdraw_agreement
from portal.store import accounts, agreements
from tests import build
from tests.actions.chain import a_chain


@pytest.mark.parametrize("family", ["installment", "restructure", "skills"])
def test_signing_freezes_the_schedule_and_tells_the_lender(work, lender, family):
    chain = a_chain(work, lender)
    agreement = chain.signed(family=family)
    with work.read() as tx:
        kept = agreements.find_agreement(tx, agreement_ref=agreement.agreement_ref)
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
        assert agreements.load_signer_name(tx, agreement_id=agreement.agreement_id) == "Maria Lopez"
    assert kept.state == "active"
    assert sum(row.amount_minor for row in rows) == json.loads(kept.terms_json)["plan"]["total"]
    assert [entry["act"] for entry in kept.signing_log] == ["prepared", "viewed", "consented", "signed"]
    told = [row.type for row in build.events_of(work, account_ref=chain.account().account_ref)]
    assert told[2:] == [
        "agreement.prepared",
        "agreement.viewed",
        "agreement.consented",
        "offer.accepted",
        "agreement.signed",
    ]


def test_an_interrupted_signing_goes_on_with_the_same_agreement(work, lender):
    chain = a_chain(work, lender)
    offer_ref = chain.choose().offer_ref
    first, again = chain.prepare(offer_ref), chain.prepare(offer_ref)
    assert again == Prepared(agreement=first.agreement, was_resumed=True)
    other = chain.prepare(offer_ref, language="es")
    assert other.agreement.agreement_ref != first.agreement.agreement_ref
    assert chain.sign(first.agreement) == NotSigned(reason="expired")
    assert chain.sign(other.agreement) == Signed(
        agreement_ref=other.agreement.agreement_ref, was_signed=False
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shown_hash": "0" * 64}, "altered"),
        ({"has_agreed": False}, "not_consented"),
        ({"consents": False}, "not_consented"),
    ],
)
def test_nothing_is_signed_that_was_not_shown_or_not_agreed_to(work, lender, changes, reason):
    chain = a_chain(work, lender)
    agreement = chain.prepare(chain.choose().offer_ref).agreement
    assert chain.sign(agreement, **changes) == NotSigned(reason=reason)


def test_a_changed_balance_or_a_passed_date_stops_the_signature(work, lender):
    chain = a_chain(work, lender)
    offer_ref = chain.choose().offer_ref
    agreement = chain.prepare(offer_ref).agreement
    late = replace(chain, now=chain.now + timedelta(days=60))
    assert late.sign(agreement) == NotSigned(reason="expired")
    with work.begin() as tx:
        accounts.save_balance(
            tx,
            account_id=chain.account_id,
            principal_minor=1_000,
            interest_minor=0,
            fees_minor=0,
            now=chain.now,
        )
    assert chain.sign(agreement) == NotSigned(reason="balance_changed")
    assert chain.prepare(offer_ref) == OfferGone(reason="balance_changed")


def test_one_account_has_one_active_agreement_whatever_comes_at_once(work, lender):
    chain = a_chain(work, lender)
    ready = [
        chain.prepare(chain.choose(payment_minor=pay).offer_ref).agreement for pay in (None, 10_000, 20_000)
    ]
    for agreement in ready:
        chain.consent(agreement.agreement_ref)
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda one: chain.sign(one, consents=False), ready * 4))
    fresh = [one for one in done if isinstance(one, Signed) and not one.was_signed]
    assert len(fresh) == 1
    assert {one.reason for one in done if isinstance(one, NotSigned)} <= {"taken", "expired"}
    assert [row.type for row in build.events_of(work)].count("agreement.signed") == 1


def test_a_debtor_can_change_their_mind_until_the_date_and_then_plan_anew(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    named = {"agreement_ref": agreement.agreement_ref, "debtor_id": chain.debtor_id}
    late = chain.now + timedelta(days=15)
    assert withdraw_agreement(work, now=late, **named) == NotWithdrawn(reason="too_late")
    assert withdraw_agreement(work, now=chain.now, **named) == Withdrawn(was_withdrawn=False)
    assert withdraw_agreement(work, now=chain.now, **named) == Withdrawn(was_withdrawn=True)
    assert chain.signed(payment_minor=20_000).state == "prepared"


def test_a_dispute_after_the_offer_stops_the_signature(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.prepare(chain.choose().offer_ref).agreement
    with work.begin() as tx:
        accounts.save_hold(tx, account_id=chain.account_id, kind="dispute", now=chain.now)
    assert chain.sign(agreement) == NotSigned(reason="held")


def test_an_offer_stands_on_its_last_day_and_is_the_same_plan(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.prepare(chain.choose(family="restructure").offer_ref).agreement
    later = replace(chain, now=chain.now + timedelta(days=13))
    assert isinstance(later.sign(agreement), Signed)


def test_another_debtors_agreement_does_not_exist(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.prepare(chain.choose().offer_ref).agreement
    stranger = replace(chain, debtor_id=build.a_debtor(work))
    assert stranger.sign(agreement) == NotSigned(reason="unknown")
    assert stranger.prepare(chain.choose().offer_ref) == OfferGone(reason="unknown")
