from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.allocation import Owed
from portal.core.arrears import arrears, bucket
from portal.core.errors import ScheduleError

TODAY = date(2026, 12, 10)


def row(days_ago, amount):
    return Owed(1, TODAY - timedelta(days=days_ago), principal=amount)


def test_a_row_due_today_is_not_late():
    assert arrears([row(0, 100)], as_of=TODAY).is_current
    assert arrears([row(1, 100)], as_of=TODAY).days_past_due == 1


def test_days_count_from_the_oldest_unpaid_row():
    found = arrears([row(95, 0), row(40, 100), row(10, 50), row(-5, 900)], as_of=TODAY)
    assert (found.amount, found.days_past_due, found.rows) == (150, 40, 2)
    assert found.oldest_due_on == TODAY - timedelta(days=40)


def test_grace_days_delay_the_word_not_the_count():
    assert arrears([row(5, 100)], as_of=TODAY, grace_days=5).is_current
    assert arrears([row(6, 100)], as_of=TODAY, grace_days=5).days_past_due == 6


@given(st.lists(st.tuples(st.integers(-50, 400), st.integers(0, 1_000)), max_size=10))
def test_waiting_a_day_never_lowers_arrears(drawn):
    rows = [row(days, amount) for days, amount in drawn]
    today, tomorrow = arrears(rows, as_of=TODAY), arrears(rows, as_of=TODAY + timedelta(days=1))
    assert tomorrow.amount >= today.amount
    assert tomorrow.days_past_due >= today.days_past_due


@pytest.mark.parametrize(
    ("days", "name"),
    [(0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (360, "181-360"), (361, "361+")],
)
def test_ranges_have_names(days, name):
    assert bucket(days) == name


@pytest.mark.parametrize(("days", "ends"), [(-1, (0, 30)), (1, (0, 30, 30)), (1, (1, 30))])
def test_ranges_must_increase(days, ends):
    with pytest.raises(ScheduleError):
        bucket(days, ends=ends)
