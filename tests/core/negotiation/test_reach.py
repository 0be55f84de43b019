"""Whatever the engine can compute, a lender's bounds can reach: families, terms, methods, day counts, days."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest

from portal.core.bounds.families import GRACES, METHODS
from portal.core.bounds.schema import parse_bounds
from portal.core.calendar import FREQUENCIES, BusinessDayRule, due_dates
from portal.core.daycount import DayCount, year_fraction
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.confirm import Confirmed, confirm
from portal.core.negotiation.facts import facts_to_dict
from portal.core.negotiation.offers import plan_of
from portal.core.plans import grammar
from portal.core.plans.cost import apr_of
from portal.core.plans.grammar import FAMILIES, Terms
from portal.core.plans.outline import outline
from portal.core.plans.record import plan_from_dict, plan_to_dict
from portal.core.plans.telling import plan_payload
from tests.core.negotiation.helpers import a_document, a_policy, an_account, some_facts
from tests.core.negotiation.oracle import wrong

SHORT = {"months_max": 24, "n_max": 24}  # few candidates: what is asked here does not depend on their number
RATE = {"rate_min": "0.12", "rate_max": "0.12", "method": list(METHODS), "capitalize_arrears": True}
GRACE = {"months_max": 1, "kinds": list(GRACES)}
FREE = {"value": {"npv_floor": "0.00", "expected_cash_floor": "0.00"}, "policy": {"open_share": "0.00"}}
PAY_DAYS = [date(2026, 12, 28), date(2027, 1, 28), date(2027, 2, 25), date(2027, 3, 30)]


def wide(**segment):
    """Bounds that allow everything at once."""
    families = {
        "installment": {"rate": ["0.00", "0.12"], "method": list(METHODS), **SHORT},
        "restructure": {**RATE, **SHORT, "grace": GRACE, "waive_principal_max": "0.05"},
        "index": {"needs": "none"},
    }
    return a_document(**{"families": families, **FREE, **segment})


def borrower(**changes):
    values = {"interest_minor": 20_000, "fees_minor": 5_000, "apr": Decimal("0.20"), "evidence": "documents"}
    return some_facts(**{**values, **changes})


def plans_under(document, facts, *, freq="monthly"):
    """Every plan inside the hard bounds, made whole."""
    policy = a_policy(facts, parse_bounds(document), freq=freq)
    return policy, [policy.board.sheet.terms[int(row)] for row in policy.sound]


def test_every_family_is_reached():
    _, terms = plans_under(wide(), borrower())
    alone = {one.family for one in terms}
    two = borrower(accounts=(an_account(), an_account(account_ref="AC-2", principal_minor=50_000)))
    bounds = parse_bounds(wide())
    merged = {offer.plan.family for offer in answer(facts=two, bounds=bounds).offers}
    pause = answer(facts=borrower(), bounds=bounds, ask=Ask(family="breathing_space"))
    assert alone | merged | {pause.offers[0].plan.family} == set(FAMILIES)


def test_every_term_of_the_grammar_is_reached():
    seen = {name: set() for name in (one.name for one in fields(Terms))}
    two = borrower(accounts=(an_account(), an_account(account_ref="AC-2", principal_minor=50_000)))
    bounds = parse_bounds(wide())
    day = Ask(due_day=15)
    asked = [answer(facts=facts, bounds=bounds, ask=day) for facts in (borrower(), two)]
    asked.append(answer(facts=borrower(), bounds=bounds, ask=Ask(family="breathing_space")))
    terms = [offer.plan.params for one in asked for offer in one.offers]
    for freq in FREQUENCIES:
        terms += plans_under(wide(), borrower(course="crs_1", course_months=4), freq=freq)[1]
    for one in terms:
        for name, found in seen.items():
            found.add(getattr(one, name))
    default = {one.name: one.default for one in fields(Terms)}
    assert [name for name, found in seen.items() if name != "family" and not found - {default[name]}] == []
    assert seen["freq"] == set(FREQUENCIES)
    assert seen["method"] == set(grammar.METHODS)
    assert seen["grace_kind"] == set(grammar.GRACE_KINDS)


@pytest.mark.parametrize("revert", grammar.REVERTS)
def test_every_way_back_of_a_broken_settlement_is_reached(revert):
    document = wide()
    document["segments"][0]["families"]["parts"]["revert"] = revert
    _, terms = plans_under(document, borrower())
    assert {one.revert for one in terms if one.family == "parts"} == {revert}


@pytest.mark.parametrize("order", ["pro_rata", "dearest_first", "smallest_first", "statutory"])
def test_every_order_of_a_consolidation_is_reached(order):
    document = wide()
    document["segments"][0]["families"]["consolidation"]["allocation"] = order
    two = borrower(accounts=(an_account(), an_account(account_ref="AC-2", principal_minor=50_000)))
    plans = [offer.plan for offer in answer(facts=two, bounds=parse_bounds(document)).offers]
    assert {plan.conventions.allocation for plan in plans if plan.family == "consolidation"} == {order}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("family", ["installment", "restructure"])
def test_each_method_alone_makes_sound_plans_that_say_what_they_cost(method, family):
    both = {
        "installment": {"on": family == "installment", "rate": ["0.12"], "method": [method], **SHORT},
        "restructure": {**RATE, **SHORT, "method": [method], "on": family == "restructure"},
    }
    document, facts = wide(families=both), borrower(surplus=40_000)
    policy, terms = plans_under(document, facts)
    named = "" if method == "level" else method
    mine = [one for one in terms if one.family == family and one.rate_ppm]
    assert {one.method for one in mine} == {named}
    for one in mine[:: max(1, len(mine) // 12)]:
        plan = plan_of(one, policy.case, policy.frame)
        assert wrong(document, facts_to_dict(facts), plan_to_dict(plan)) == []
        assert plan_from_dict(plan_to_dict(plan)) == plan
        assert outline(one, policy.frame).total == plan.total
        told = plan_payload(plan)
        assert told["interest_method"] == method
        assert Decimal(told["apr"]) == apr_of(plan) > Decimal("0.01")


def test_what_flat_interest_costs_is_told_and_equal_principal_costs_least():
    frame = a_policy(borrower()).frame
    total, apr = {}, {}
    for method in grammar.METHODS:
        terms = Terms(family="installment", count=24, rate_ppm=120_000, method=method)
        plan = plan_of(terms, a_policy(borrower()).case, frame)
        total[method], apr[method] = plan.total, apr_of(plan)
        amounts = [row.amount for row in plan.schedule]
        assert amounts[-1] <= max(amounts[:-1])
        assert len({row.principal for row in plan.schedule[:-1]}) == 1 or method != "equal_principal"
    assert total["equal_principal"] < total[""] < total["flat"]
    assert abs(apr["equal_principal"] - apr[""]) < Decimal("0.005")
    assert Decimal("0.22") < apr["flat"] < Decimal("0.25")


def test_without_capitalized_arrears_no_interest_runs_on_interest_or_fees():
    def bearing(**rule):
        document = wide(families={"restructure": {**RATE, **SHORT, **rule}, "installment": {"on": False}})
        return [one for one in plans_under(document, borrower())[1] if one.rate_ppm]

    assert any(not one.waive_fees_bp for one in bearing())
    strict = bearing(capitalize_arrears=False)
    assert strict
    assert all(one.waive_fees_bp == one.waive_interest_bp == 10_000 for one in strict)
    assert bearing(capitalize_arrears=False, waive_fees_max="0.00") == []


@pytest.mark.parametrize("day_count", get_args(DayCount))
def test_every_day_count_is_reached_and_counts_the_interest(day_count):
    document = wide(common={"day_count": day_count})
    policy, terms = plans_under(document, borrower())
    one = next(
        t for t in terms if t.rate_ppm and not t.method and t.family == "installment" and not t.down_bp
    )
    plan = plan_of(one, policy.case, policy.frame)
    assert plan.conventions.day_count == day_count
    first, start = plan.schedule[0], policy.frame.as_of
    years = Fraction(1, 12) if day_count == "30/360" else year_fraction(start, first.due_on, day_count)
    assert abs(first.interest - Fraction(12, 100) * plan.balance * years) <= 1


@pytest.mark.parametrize("rule", get_args(BusinessDayRule))
def test_every_rule_for_closed_days_is_reached(rule):
    policy, terms = plans_under(wide(common={"business_day": rule}), borrower())
    frame = policy.frame
    expected = due_dates(first_on=frame.first_on, frequency="monthly", count=12, rule=rule)
    assert frame.dates(12) == expected
    assert terms


def test_payments_fall_on_the_named_days_and_go_on_behind_them():
    named = {"due_on": {"monthly": [day.isoformat() for day in PAY_DAYS]}}
    document, facts = wide(common=named), borrower(surplus=40_000)
    bounds = parse_bounds(document)
    found = answer(facts=facts, bounds=bounds, ask=Ask(months=12))
    plan = found.offers[0].plan
    days = [row.due_on for row in plan.schedule if row.number]
    assert days[:4] == PAY_DAYS[: len(days)]
    assert days[4:6] == [date(2027, 4, 30), date(2027, 5, 31)][: len(days[4:6])]
    assert isinstance(confirm(offer=found.offers[0], facts=facts, bounds=bounds), Confirmed)
    later = confirm(offer=found.offers[0], facts=replace(facts, as_of=date(2026, 12, 9)), bounds=bounds)
    assert isinstance(later, Confirmed)
    weekly = a_policy(facts, bounds, freq="weekly").frame
    assert weekly.listed == ()


def test_a_wished_date_takes_the_named_day_that_serves_it():
    named = {"due_on": {"monthly": ["2026-12-10", *(day.isoformat() for day in PAY_DAYS)]}}
    bounds = parse_bounds(wide(common=named))

    def first(wish):
        return answer(facts=borrower(), bounds=bounds, ask=Ask(first_on=wish)).offers[0].plan.first_on

    assert first(date(2026, 12, 3)) == date(2026, 12, 10)
    assert first(date(2026, 12, 11)) == date(2026, 12, 28)
    past = parse_bounds(wide(common={"due_on": {"monthly": ["2026-01-10"]}}))
    assert a_policy(borrower(), past).frame == a_policy(borrower(), parse_bounds(wide())).frame
