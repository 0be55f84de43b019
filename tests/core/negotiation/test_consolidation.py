"""I13: several debts, one payment: slices add up, each is sound for its own account, the order changes nothing."""

import itertools
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.facts import facts_to_dict
from portal.core.plans.record import plan_to_dict
from tests.core.negotiation.helpers import BOUNDS, DOCUMENT, a_document, an_account, some_facts
from tests.core.negotiation.oracle import wrong

DEBTS = (
    an_account(account_ref="A", principal_minor=123_456, apr=Decimal("0.2")),
    an_account(account_ref="B", principal_minor=90_000, fees_minor=8_765, apr=Decimal("0.3")),
    an_account(account_ref="C", principal_minor=20_001, interest_minor=7_000, apr=Decimal("0.1")),
    an_account(account_ref="D", principal_minor=44_000, days_past_due=500),
    an_account(account_ref="E", principal_minor=61_000, interest_minor=1_111),
)


def several(accounts, **changes):
    return replace(some_facts(surplus=20_000, cash=100_000, **changes), accounts=tuple(accounts))


def asked(facts, bounds=BOUNDS):
    asks = (None, Ask(family="lump", waiver_bp=3_000), Ask(family="parts"), Ask(pay_minor=12_000))
    return [offer.plan for ask in asks for offer in answer(facts=facts, bounds=bounds, ask=ask).offers]


@pytest.mark.parametrize("order", ["pro_rata", "dearest_first", "smallest_first", "statutory"])
def test_slices_add_up_along_rows_and_along_accounts(order):
    bounds = parse_bounds(a_document(families={"consolidation": {"allocation": order}}))
    facts = several(DEBTS)
    for plan in asked(facts, bounds):
        assert wrong(DOCUMENT, facts_to_dict(facts), plan_to_dict(plan)) == []
        paid = dict.fromkeys((a.account_ref for a in DEBTS), 0)
        for row in plan.schedule:
            assert sum(part for _, part in row.account_split) == row.amount
            for ref, part in row.account_split:
                assert part >= 0
                paid[ref] += part
        for account in DEBTS:
            waived = account.balance_minor - paid[account.account_ref]
            assert waived >= 0
            if plan.params.shape == "lump":
                assert waived <= Fraction(55, 100) * account.balance_minor + 1
            if plan.params.shape == "restructure":
                most = (
                    account.principal_minor * Fraction(25, 100) + account.interest_minor + account.fees_minor
                )
                assert waived <= most + 1


def test_the_order_of_the_accounts_changes_nothing():
    whole = [plan_to_dict(plan) for plan in asked(several(DEBTS[:3]))]
    for accounts in itertools.permutations(DEBTS[:3]):
        assert [plan_to_dict(plan) for plan in asked(several(accounts))] == whole


def test_a_held_account_is_left_out_and_said_so():
    held = replace(DEBTS[1], holds=("dispute",))
    found = answer(facts=several((DEBTS[0], held, DEBTS[2])), bounds=BOUNDS)
    plan = found.offers[0].plan
    assert plan.left_out == ("B",)
    assert plan.balance == DEBTS[0].balance_minor + DEBTS[2].balance_minor
    assert plan.family == "consolidation"
    assert plan.params.accounts == ("A", "C")


def test_other_holders_and_other_rules_are_not_mixed():
    other = replace(DEBTS[1], holder="somebody else")
    found = answer(facts=several((DEBTS[0], other)), bounds=BOUNDS)
    assert len(found.offers[0].plan.schedule[0].account_split) == 1
    off = parse_bounds(a_document(families={"consolidation": {"on": False}}))
    assert answer(facts=several(DEBTS[:2]), bounds=off).offers[0].plan.left_out
