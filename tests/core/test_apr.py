from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.apr import (
    Transfer,
    UnitPeriod,
    apr_effective,
    apr_effective_dated,
    apr_us,
    unit_periods_between,
)
from portal.core.calendar import due_dates, spaced
from portal.core.errors import RateError

MONTH = UnitPeriod("month")


def monthly(first, count, amount):
    return [Transfer(day, amount) for day in spaced(first_on=first, count=count, months=1)]


@pytest.mark.parametrize(
    ("advance", "financed", "first", "count", "payment", "unit", "expected"),
    [
        (date(1978, 1, 10), 5_000, date(1978, 2, 10), 24, 230, MONTH, 9.69),
        (date(1978, 2, 10), 6_000, date(1978, 4, 1), 36, 200, MONTH, 11.82),
    ],
)
def test_examples_of_appendix_j(advance, financed, first, count, payment, unit, expected):
    found = apr_us(advances=[Transfer(advance, financed)], payments=monthly(first, count, payment), unit=unit)
    assert round(100 * found, 2) == expected


def test_weeks_and_odd_days_of_appendix_j():
    dates = due_dates(first_on=date(1978, 4, 21), frequency="weekly", count=30)
    payments = [Transfer(day, 17.60) for day in dates]
    found = apr_us(advances=[Transfer(date(1978, 3, 20), 500)], payments=payments, unit=UnitPeriod("week"))
    assert round(100 * found, 2) == 14.96


def test_several_advances_cost_less_than_one_at_the_start():
    payments = monthly(date(1979, 12, 10), 240, 750.0)
    early = [Transfer(date(1979, 4, 10), 70_000)]
    late = [
        Transfer(date(1979, 4, 10), 20_000),
        Transfer(date(1979, 6, 12), 30_000),
        Transfer(date(1979, 9, 18), 20_000),
    ]
    whole = apr_us(advances=early, payments=payments, unit=MONTH)
    assert apr_us(advances=late, payments=payments, unit=MONTH) > whole


@pytest.mark.parametrize(
    ("start", "end", "unit", "whole", "odd"),
    [
        (date(1978, 2, 10), date(1978, 4, 1), MONTH, 1, Fraction(19, 30)),
        (date(1978, 5, 23), date(1978, 10, 1), UnitPeriod("month", 3), 1, Fraction(39, 90)),
        (date(1978, 1, 10), date(1978, 3, 1), UnitPeriod("month", 2), 0, Fraction(52, 60)),
        (date(1978, 3, 20), date(1978, 4, 21), UnitPeriod("week"), 4, Fraction(4, 7)),
        (date(2024, 1, 1), date(2024, 3, 20), UnitPeriod("semi_month"), 5, Fraction(4, 15)),
        (date(2024, 1, 31), date(2024, 2, 29), MONTH, 0, Fraction(29, 30)),
        (date(2024, 1, 31), date(2024, 3, 31), MONTH, 2, Fraction(0)),
        (date(2022, 3, 1), date(2024, 6, 1), UnitPeriod("year"), 2, Fraction(3, 12)),
    ],
)
def test_unit_periods_are_counted_back_from_the_end(start, end, unit, whole, odd):
    assert unit_periods_between(start, end, unit) == (whole, odd)


@given(st.floats(0.001, 3), st.integers(1, 60))
def test_the_effective_rate_is_found_again(rate, months):
    owed = sum(100 * (1 + rate) ** (-k / 12) for k in range(1, months + 1))
    flows = [(0.0, -owed)] + [(k / 12, 100.0) for k in range(1, months + 1)]
    assert apr_effective(flows=flows) == pytest.approx(rate, rel=1e-7)


def test_a_mortgage_of_the_commission_to_six_decimals():
    flows = [(0.0, -200_000.0), (0.0, 4_000.0)] + [(k / 12, 1_449.53) for k in range(1, 241)]
    assert round(100 * apr_effective(flows=flows), 6) == 6.588554


def test_a_short_loan_by_the_day():
    advance, paid = Transfer(date(2022, 12, 19), 300), Transfer(date(2023, 1, 3), 336)
    assert round(100 * apr_effective_dated(advances=[advance], payments=[paid]), 1) == 1476.3


def test_without_money_there_is_no_rate():
    advance = Transfer(date(2024, 1, 1), 100)
    with pytest.raises(RateError):
        apr_us(advances=[], payments=[advance], unit=MONTH)
    with pytest.raises(RateError):
        apr_effective_dated(advances=[advance], payments=[])
    nothing_back = [Transfer(date(2024, 2, 1), 0.0)]
    assert apr_us(advances=[advance], payments=nothing_back, unit=MONTH) is None
