from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.daycount import (
    actual_actual_afb,
    actual_actual_isda,
    actual_no_leap,
    business_252,
    days_30_360_bond,
    days_30_360_european,
    days_30_360_isda,
    days_30_360_italian,
    days_30_360_nasd,
    days_30_360_us,
    year_fraction,
)
from portal.core.errors import RateError

days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "bond", "us", "european"),
    [
        (date(2006, 8, 31), date(2007, 2, 28), 178, 178, 178),
        (date(2007, 2, 28), date(2007, 8, 31), 183, 180, 182),
        (date(2008, 2, 29), date(2009, 2, 28), 359, 360, 359),
        (date(2006, 1, 30), date(2006, 1, 31), 0, 0, 0),
        (date(2006, 1, 15), date(2006, 1, 31), 16, 16, 15),
    ],
)
def test_thirty_day_months(start, end, bond, us, european):
    assert days_30_360_bond(start, end) == bond
    assert days_30_360_us(start, end) == us
    assert days_30_360_european(start, end) == european


def test_isda_thirty_day_months_spare_the_last_february():
    start, end = date(2007, 8, 31), date(2008, 2, 29)
    assert days_30_360_isda(start, end) == 180
    assert days_30_360_isda(start, end, termination=end) == 179


def test_actual_actual_counts_leap_years_apart():
    assert actual_actual_isda(date(2003, 11, 1), date(2004, 5, 1)) == Fraction(61, 365) + Fraction(121, 366)
    assert actual_actual_isda(date(2004, 5, 1), date(2003, 11, 1)) < 0


@given(days, days, days)
def test_actual_fractions_add_up(a, b, c):
    for rule in ("actual/360", "actual/364", "actual/365", "actual/365.25", "actual/actual"):
        assert year_fraction(a, b, rule) + year_fraction(b, c, rule) == year_fraction(a, c, rule)


@given(days)
def test_a_calendar_year_is_one_year(start):
    first = date(start.year, 1, 1)
    assert actual_actual_isda(first, date(start.year + 1, 1, 1)) == 1
    assert year_fraction(first, date(start.year + 1, 1, 1), "30/360") == 1


@pytest.mark.parametrize(
    ("start", "end", "nasd", "italian"),
    [
        (date(2006, 8, 20), date(2007, 2, 20), 180, 180),
        (date(2006, 1, 15), date(2006, 1, 31), 16, 15),
        (date(2006, 1, 31), date(2006, 3, 31), 60, 60),
        (date(2008, 2, 28), date(2008, 3, 31), 33, 30),
    ],
)
def test_nasd_and_italian_months(start, end, nasd, italian):
    assert days_30_360_nasd(start, end) == nasd
    assert days_30_360_italian(start, end) == italian


@given(days, st.integers(1, 12))
def test_the_french_rule_counts_whole_years_from_the_end(start, years):
    end = start.replace(year=start.year + years, day=min(start.day, 28))
    assert years - Fraction(3, 365) <= actual_actual_afb(start.replace(day=end.day), end) <= years
    assert actual_actual_afb(end, start) == -actual_actual_afb(start, end)


def test_the_french_rule_takes_366_where_the_rest_holds_the_leap_day():
    assert actual_actual_afb(date(2004, 2, 1), date(2004, 3, 1)) == Fraction(29, 366)
    assert actual_actual_afb(date(2003, 2, 1), date(2003, 3, 1)) == Fraction(28, 365)
    assert actual_actual_afb(date(2004, 2, 29), date(2008, 2, 29)) == 4


@given(days, days)
def test_days_without_leap_days_are_counted_one_by_one(start, end):
    end = min(end, start + timedelta(days=1500))
    if end < start:
        assert actual_no_leap(start, end) == -actual_no_leap(end, start)
    else:
        walked = (start + timedelta(days=k) for k in range(1, (end - start).days + 1))
        assert actual_no_leap(start, end) == sum((d.month, d.day) != (2, 29) for d in walked)


def test_business_days_count_the_first_and_not_the_last():
    closed = frozenset({date(2024, 11, 15)})
    assert business_252(date(2024, 11, 11), date(2024, 11, 18), closed=closed) == Fraction(4, 252)
    assert business_252(date(2024, 11, 18), date(2024, 11, 11), closed=closed) == Fraction(-4, 252)


def test_an_unknown_rule_is_refused():
    with pytest.raises(RateError):
        year_fraction(date(2024, 1, 1), date(2024, 2, 1), "actual/400")
