from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.daycount import year_fraction
from portal.core.errors import RateError
from portal.core.rates import (
    by_days,
    common,
    daily,
    effective_rate,
    interest_free,
    nominal_rate,
    whole_months,
    whole_periods,
)

rates = st.decimals(0, 5, places=4)


@given(rates, st.integers(1, 365))
def test_whole_periods_are_exact(rate, per_year):
    interest = whole_periods(annual_rate=rate, periods_per_year=per_year, count=3)
    assert interest.fraction(2) == Fraction(rate) / per_year


def test_whole_months_ignore_the_days():
    interest = whole_months(annual_rate=Decimal("0.12"), every=1, count=12)
    assert set(interest.numerators) == {1}
    assert interest.denominator == 100


@given(rates, st.sampled_from(["30/360", "actual/360", "actual/365", "actual/actual"]))
def test_days_make_unequal_periods_and_an_odd_first_one(rate, rule):
    start, dates = date(2024, 1, 10), [date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)]
    interest = by_days(annual_rate=rate, start_on=start, due_dates=dates, day_count=rule)
    steps = zip([start, *dates], dates, strict=False)
    assert [interest.fraction(k) for k in range(3)] == [
        Fraction(rate) * year_fraction(a, b, rule) for a, b in steps
    ]


def test_daily_rates_count_days():
    interest = daily(daily_rate=Decimal("0.008"), start_on=date(2022, 12, 19), due_dates=[date(2023, 1, 3)])
    assert interest.fraction(0) == Fraction(12, 100)


def test_no_interest_is_free():
    assert interest_free(3).is_free
    assert not common([Fraction(1, 3), Fraction(0)]).is_free
    assert common([Fraction(1, 3), Fraction(1, 4)]).between(1).fraction(0) == Fraction(1, 4)


@pytest.mark.parametrize("rate", [Decimal(-1), Decimal("NaN"), Decimal(1001), 0.5])
def test_only_sane_decimals_are_rates(rate):
    with pytest.raises(RateError):
        whole_periods(annual_rate=rate, periods_per_year=12, count=1)


def test_dates_must_increase():
    for make in (
        lambda dates: by_days(
            annual_rate=Decimal(0), start_on=date(2024, 1, 1), due_dates=dates, day_count="30/360"
        ),
        lambda dates: daily(daily_rate=Decimal(0), start_on=date(2024, 1, 1), due_dates=dates),
    ):
        with pytest.raises(RateError):
            make([date(2023, 12, 31)])
    with pytest.raises(RateError):
        whole_periods(annual_rate=Decimal(0), periods_per_year=0, count=1)


@given(st.floats(0, 3), st.integers(1, 365))
def test_effective_and_nominal_undo_each_other(nominal, per_year):
    assert nominal_rate(effective_rate(nominal, per_year), per_year) == pytest.approx(nominal, abs=1e-9)
