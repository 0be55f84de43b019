from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import Pause, due_dates
from portal.core.life.clock import FOREVER, Frozen, count_days, day_of, frozen_days, moment, thaw, zone_named
from tests.core.life.worlds import ZONES

DAY = timedelta(days=1)
START = date(2027, 1, 10)
days = st.integers(min_value=0, max_value=60)


def pauses_of(spans):
    """Join spans of days by looking at every day."""
    return {START + DAY * (k + more) for k, length in spans for more in range(length)}


@given(
    count=st.integers(min_value=0, max_value=30),
    spans=st.lists(st.tuples(days, st.integers(0, 9)), max_size=4),
)
def test_a_clock_counts_exactly_the_days_that_are_not_frozen(count, spans):
    zone = ZoneInfo("UTC")
    holds = [
        Frozen("pause", datetime.combine(START + DAY * k, datetime.min.time(), tzinfo=UTC), None)
        for k, _ in spans
    ]
    holds = [
        one._replace(end=one.start + DAY * length) for one, (_, length) in zip(holds, spans, strict=True)
    ]
    clock = count_days(start=START, days=count, pauses=frozen_days(holds, zone))
    frozen, day, left = pauses_of(spans), START, count
    while left:
        day += DAY
        left -= day not in frozen
    assert clock.ends_on == day
    assert clock.days_given_back == (day - START).days - count


def test_a_clock_stands_still_while_a_hold_has_no_end():
    clock = count_days(start=START, days=5, pauses=(Pause(START + DAY * 3, FOREVER),))
    assert clock.ends_on is None
    assert (
        count_days(start=START, days=2, pauses=(Pause(START + DAY * 3, FOREVER),)).ends_on == START + DAY * 2
    )


def test_the_day_a_hold_begins_is_frozen_and_the_day_it_ends_counts():
    zone = ZoneInfo("Asia/Bangkok")
    hold = Frozen("dispute", datetime(2027, 1, 10, 20, tzinfo=UTC), datetime(2027, 1, 12, 20, tzinfo=UTC))
    assert frozen_days([hold], zone) == (Pause(date(2027, 1, 11), date(2027, 1, 13)),)
    assert frozen_days([hold._replace(end=hold.start + timedelta(minutes=5))], zone) == ()


def test_holds_that_touch_are_one():
    noon = datetime(2027, 1, 10, 12, tzinfo=UTC)
    holds = [Frozen("a", noon, noon + DAY), Frozen("b", noon + DAY, noon + 3 * DAY), Frozen("c", noon, None)]
    assert frozen_days(holds[:2], ZoneInfo("UTC")) == (Pause(date(2027, 1, 10), date(2027, 1, 13)),)
    assert thaw(noon, holds[:2]) == noon + 3 * DAY
    assert thaw(noon, holds) is None
    assert thaw(noon - DAY, holds) == noon - DAY


def test_an_unknown_zone_counts_as_utc():
    assert zone_named("Mars/Olympus").key == "UTC"
    assert day_of(datetime(2027, 1, 1, 23, tzinfo=UTC), zone_named("Asia/Bangkok")) == date(2027, 1, 2)


def independent_day(first, steps):
    """Step months on day numbers: no calendar functions but the length of a Gregorian month by its own rule."""
    index = first.year * 12 + first.month - 1 + steps
    year, month = index // 12, index % 12 + 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return date(year, month, min(first.day, length))


def check_anchor(first, zone, steps=60):
    found = due_dates(first_on=first, frequency="monthly", count=steps, due_day=first.day)
    for step, due_on in enumerate(found):
        assert due_on == independent_day(first, step)
        at = moment(due_on, zone)
        before = (at - timedelta(microseconds=1)).astimezone(zone)
        assert (at.astimezone(zone).date(), before.date()) == (due_on, due_on - DAY), f"{first} {step} {zone}"


@pytest.mark.parametrize("name", ZONES)
def test_due_dates_and_the_first_moment_of_their_days(name):
    zone = ZoneInfo(name)
    for year in (2027, 2028, 2099, 2100, 2399, 2400):
        for anchor in range(1, 32):
            check_anchor(date(year, 1 if anchor % 2 else 3, anchor), zone, steps=14)


@pytest.mark.long
@pytest.mark.parametrize("name", ZONES)
def test_31_anchors_60_steps_in_400_years(name):
    zone = ZoneInfo(name)
    for year in range(2026, 2426):
        for anchor in range(1, 32):
            check_anchor(date(year, (1, 3, 5, 7, 8, 10, 12)[anchor % 7], anchor), zone)
