"""The yearly rate of everything counted, against a slow search that shares no code with it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.plans.build import build
from portal.core.plans.cost import apr_of
from portal.core.plans.grammar import METHODS, Terms
from tests.core.plans.frames import a_frame


def slow_rate(plan):
    """Halve the interval of rates until it is far below a hundredth of a percent."""

    def owed(rate):
        worth = (row.amount / (1 + rate) ** ((row.due_on - plan.made_on).days / 365) for row in plan.schedule)
        return sum(worth) - plan.amount

    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if owed(middle) > 0 else (low, middle)
    return Decimal(repr(low)).quantize(Decimal("0.0001"))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("day_count", ["30/360", "actual/360", "business/252"])
@pytest.mark.parametrize("count", [3, 24])
def test_the_rate_is_the_one_at_which_the_payments_are_worth_the_sum(method, day_count, count):
    frame = replace(a_frame(500_000), day_count=day_count)
    plan = build(Terms(family="installment", count=count, rate_ppm=120_000, method=method), frame)
    assert apr_of(plan) == slow_rate(plan)


def test_twelve_percent_a_month_apart_and_flat():
    frame = a_frame(500_000, as_of=a_frame().first_on - timedelta(days=31))
    level = build(Terms(family="installment", count=12, rate_ppm=120_000), frame)
    flat = build(Terms(family="installment", count=12, rate_ppm=120_000, method="flat"), frame)
    assert Decimal("0.125") < apr_of(level) < Decimal("0.128")
    assert Decimal("0.23") < apr_of(flat) < Decimal("0.24")
    assert flat.interest == Fraction(12, 100) * 500_000
    assert flat.conventions.day_count == "30/360"


def test_a_plan_without_interest_has_none():
    assert apr_of(build(Terms(family="installment", count=12), a_frame())) is None
