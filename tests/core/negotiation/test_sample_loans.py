"""Real consumer loans (not shipped): every one that is past due gets a menu under the shipped bounds."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import answer
from portal.core.negotiation.facts import AccountFacts, Budget, Facts, facts_to_dict
from portal.core.plans.record import plan_to_dict
from tests.core.negotiation.oracle import wrong

LOANS = Path(__file__).parents[4] / "shared" / "samples" / "accounts-us-consumer-loans.csv"
TODAY = date(2026, 11, 24)
DOCUMENT = preset("USD")
BOUNDS = parse_bounds(DOCUMENT)


def minor(text):
    return int(Decimal(text) * 100)


def late_loans():
    with LOANS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["delinquent_since"]:
                yield row


@pytest.mark.skipif(not LOANS.exists(), reason="the sample is not on this machine")
@pytest.mark.parametrize("with_budget", [False, True])
def test_every_late_loan_gets_a_sound_menu(with_budget):
    seen = 0
    for row in late_loans():
        income = minor(row["stated_monthly_income"] or "3000")
        budget = Budget(income_minor=income, outgoings_minor=income * 92 // 100) if with_budget else None
        account = AccountFacts(
            account_ref=row["account_ref"],
            currency=row["currency"],
            principal_minor=minor(row["principal"]),
            interest_minor=minor(row["interest"]),
            fees_minor=minor(row["fees"]),
            product=row["product"],
            apr=Decimal(row["annual_rate_percent"]) / 100,
            days_past_due=(TODAY - date.fromisoformat(row["delinquent_since"])).days,
        )
        facts = Facts(
            as_of=TODAY, accounts=(account,), evidence="budget_self" if with_budget else "none", budget=budget
        )
        found = answer(facts=facts, bounds=BOUNDS)
        assert found.kind == "menu" or with_budget, (account, found.handoff_cause)
        assert found.offers
        for offer in found.offers:
            assert wrong(DOCUMENT, facts_to_dict(facts), plan_to_dict(offer.plan)) == []
        seen += 1
    assert seen > 50
