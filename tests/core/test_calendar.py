from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import (
    FREQUENCIES,
    DueDates,
    Pause,
    add_months,
    after_payday,
    due_dates,
    easter,
    first_date_window,
    first_due_on,
    from_monthly,
    is_business_day,
    months_between,
    roll,
    spaced,
)
from portal.core.errors import CalendarError

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_a_month_end_anchor_never_drifts():
    for year in range(2023, 2027):
        dates = due_dates(first_on=date(year, 1, 31), frequency="monthly", count=48)
        assert all((day + timedelta(days=1)).day == 1 for day in dates)
        assert {day.day for day in dates} >= {28, 30, 31}


def test_a_first_date_in_february_can_be_anchored_on_the_month_end():
    dates = due_dates(first_on=date(2023, 2, 28), frequency="monthly", count=3, due_day=31)
    assert dates == (date(2023, 2, 28), date(2023, 3, 31), date(2023, 4, 30))


def test_semi_monthly_has_two_anchors():
    dates = due_dates(
        first_on=date(2024, 1, 31), frequency="semi_monthly", count=5, due_day=31, second_day=15
    )
    assert dates == (
        date(2024, 1, 31),
        date(2024, 2, 15),
        date(2024, 2, 29),
        date(2024, 3, 15),
        date(2024, 3, 31),
    )


@given(
    days, st.sampled_from(FREQUENCIES), st.integers(0, 80), st.sampled_from(["none", "following", "modified"])
)
def test_dates_strictly_increase_whatever_the_rule(first_on, frequency, count, rule):
    golden_week = frozenset(date(first_on.year, 10, day) for day in range(1, 12))
    dates = due_dates(first_on=first_on, frequency=frequency, count=count, rule=rule, holidays=golden_week)
    assert len(dates) == count
    assert all(before < after for before, after in pairwise(dates))
    assert type(dates) is DueDates
    if rule != "none":
        assert all(is_business_day(day, golden_week) for day in dates)


@given(days, st.integers(0, 600))
def test_stepping_from_the_anchor_keeps_the_day_or_the_month_end(start, months):
    day = add_months(start, months)
    assert (day.year * 12 + day.month) - (start.year * 12 + start.month) == months
    assert day.day == start.day or (day + timedelta(days=1)).month != day.month


@given(days, st.integers(0, 200))
def test_months_between_undoes_stepping(start, months):
    assert months_between(start, add_months(start, months)) == months
    assert months_between(start, add_months(start, months) + timedelta(days=1)) == months + 1


def test_a_pause_shifts_the_rest_and_never_bunches_it():
    pause = Pause(date(2024, 2, 1), date(2024, 4, 1))
    dates = due_dates(first_on=date(2024, 1, 31), frequency="monthly", count=3, pauses=[pause])
    assert dates == (date(2024, 1, 31), date(2024, 4, 30), date(2024, 5, 31))


@pytest.mark.parametrize(
    ("rule", "moved"),
    [
        ("none", date(2024, 3, 31)),
        ("following", date(2024, 4, 2)),
        ("modified", date(2024, 3, 28)),
        ("preceding", date(2024, 3, 28)),
    ],
)
def test_easter_sunday_rolls_by_the_rule(rule, moved):
    easter = frozenset({date(2024, 3, 29), date(2024, 4, 1)})
    assert roll(date(2024, 3, 31), rule=rule, holidays=easter) == moved


def test_due_days_follow_the_income():
    paid = after_payday(income_on=date(2024, 1, 31), frequency="monthly", count=3, days_after=2)
    assert paid == (date(2024, 2, 2), date(2024, 3, 2), date(2024, 4, 2))
    with pytest.raises(CalendarError):
        after_payday(income_on=date(2024, 1, 31), frequency="monthly", count=3, days_after=4)


def test_the_first_date_lies_in_its_window():
    window = first_date_window(today=date(2024, 2, 10), lead_days=1, max_gap_days=35)
    assert first_due_on(window=window, due_day=31) == date(2024, 2, 29)
    assert first_due_on(window=window, weekday=4) == date(2024, 2, 16)
    assert first_due_on(window=window) == date(2024, 2, 11)
    short = first_date_window(today=date(2024, 2, 10), lead_days=1, max_gap_days=3)
    assert first_due_on(window=short, due_day=31) is None
    with pytest.raises(CalendarError):
        first_date_window(today=date(2024, 2, 10), lead_days=9, max_gap_days=3)


def test_monthly_amounts_turn_into_other_rhythms_rounded_down():
    assert from_monthly(25_000, "weekly") == 5_769
    assert from_monthly(25_000, "fortnightly") == 11_538
    assert [from_monthly(100, frequency) for frequency in FREQUENCIES] == [23, 46, 92, 50, 100]


@pytest.mark.parametrize(
    "wish",
    [
        {"due_day": 15},
        {"due_day": 32},
        {"frequency": "semi_monthly", "due_day": 31, "second_day": 29},
        {"count": 601},
        {"pauses": [Pause(date(2024, 1, 1), date(2300, 1, 1))]},
    ],
)
def test_contradictions_are_refused(wish):
    with pytest.raises(CalendarError):
        due_dates(**({"first_on": date(2024, 1, 31), "frequency": "monthly", "count": 3} | wish))


def test_fixed_steps():
    assert spaced(first_on=date(2024, 1, 31), count=2, months=3) == (date(2024, 1, 31), date(2024, 4, 30))
    assert spaced(first_on=date(2024, 1, 31), count=2, days=15)[1] == date(2024, 2, 15)
    with pytest.raises(CalendarError):
        spaced(first_on=date(2024, 1, 31), count=2)
    with pytest.raises(CalendarError):
        add_months(date(9999, 12, 1), 1)


@pytest.mark.parametrize(
    ("year", "day"), [(1961, date(1961, 4, 2)), (2024, date(2024, 3, 31)), (2038, date(2038, 4, 25))]
)
def test_easter(year, day):
    assert easter(year) == day
