from dataclasses import replace
from datetime import date

import pytest

from portal.core.bounds.schema import parse_bounds
from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.negotiation.context import (
    due_day_date,
    first_date,
    frame_of,
    inside,
    open_case,
    rolled,
    window,
)
from portal.core.negotiation.facts import Budget
from portal.core.negotiation.simulate import dial
from tests.core.negotiation.helpers import BOUNDS, a_document, some_facts


def a_case(**changes):
    return open_case(facts=some_facts(**changes), bounds=BOUNDS)


def test_the_first_payment_may_come_some_days_after_the_pay_day():
    behind = parse_bounds(a_document(common={"days_after_income": 2}))
    paid = replace(some_facts(), budget=Budget(income_minor=9_000, next_income_on=date(2026, 12, 16)))
    assert first_date(open_case(facts=paid, bounds=behind), "monthly") == date(2026, 12, 18)
    assert first_date(open_case(facts=paid, bounds=BOUNDS), "monthly") == date(2026, 12, 16)


@pytest.mark.parametrize(
    ("freq", "step"), [("monthly", 500), ("four_weekly", 500), ("semi_monthly", 100), ("weekly", 100)]
)
def test_more_frequent_payments_are_rounded_more_finely(freq, step):
    assert frame_of(a_case(), freq=freq).lattice == step
    lowest = dial(facts=some_facts(), bounds=BOUNDS, family="", freq=freq).lowest
    monthly = dial(facts=some_facts(), bounds=BOUNDS, family="").lowest
    assert lowest * PERIODS_PER_YEAR[freq] <= monthly * 12 * 1.1


def test_the_first_payment_follows_the_pay_day_inside_the_window():
    assert window(a_case()) == (date(2026, 12, 2), date(2027, 1, 5))
    assert first_date(a_case(), "monthly") == date(2026, 12, 31)
    paid = replace(some_facts(), budget=Budget(income_minor=9_000, next_income_on=date(2026, 12, 18)))
    assert first_date(open_case(facts=paid, bounds=BOUNDS), "monthly") == date(2026, 12, 18)
    assert inside(a_case(), date(2026, 12, 19)) == date(2026, 12, 19)  # a Saturday stays the anchor
    assert rolled(a_case(), date(2026, 12, 19)) == date(2026, 12, 21)
    assert inside(a_case(), date(2030, 1, 1)) == date(2027, 1, 5)
    assert due_day_date(a_case(), 15) == date(2026, 12, 15)
    assert due_day_date(a_case(), None) is None


def test_without_a_budget_the_segment_has_a_prior():
    case = a_case(surplus=None)
    assert (case.affordable, case.cash, case.has_budget, case.stage) == (12_000, 0, False, 2)
    assert a_case(surplus=None, days_past_due=40).stage == 0
    assert a_case(surplus=None, affordable_minor=5_000).affordable == 5_000


def test_a_weekly_frame_scales_what_is_monthly():
    frame = frame_of(a_case(surplus=25_000), freq="weekly")
    assert frame.affordable == 5_769
    assert frame.installment_min == 346


def test_conceding_by_rounds_is_read_as_the_last_stage_for_everybody():
    document = a_document(policy={"close_on_rounds": True})
    assert (
        open_case(facts=some_facts(days_past_due=40, surplus=None), bounds=parse_bounds(document)).stage == 2
    )


def test_a_debtor_alone_may_be_kept_below_the_last_stage():
    document = a_document(authority={"debtor": {"stage": 1}})
    assert open_case(facts=some_facts(), bounds=parse_bounds(document)).stage == 1
