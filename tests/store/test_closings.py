"""Running sums, closed day by day, equal the sums of all postings."""

from datetime import timedelta

import pytest

from portal.actions.payments.close_books import close_books
from portal.gateways.clock import FrozenClock
from portal.jobs.books import close_books_of
from portal.store import books, closings
from tests import build
from tests.actions.life.living import a_living
from tests.jobs.test_life import House

TODAY = build.NOW.date()


@pytest.fixture
def plan(work, lender):
    plan = a_living(work, lender)
    for days, amount in ((0, 10_000), (1, 2_500), (4, 300)):
        plan.pay(amount, at=build.NOW + timedelta(days=days))
    return plan


def by_hand(work, on):
    """Add the days up, one by one: the slow way."""
    taken = settled = 0
    with work.read() as tx:
        for days in range(-1, (on - TODAY).days + 1):
            for one in books.list_days(tx, on=TODAY + timedelta(days=days)):
                taken += one.net
                settled += one.settled
    return [(taken, settled)] if taken else []


def running(work, on):
    with work.read() as tx:
        return [(one.net, one.settled) for one in closings.list_running(tx, on=on)]


def test_a_balance_at_any_day_is_what_the_days_add_up_to_closed_or_not(plan, work, database):
    days = [TODAY + timedelta(days=number) for number in range(-1, 7)]
    expected = [by_hand(work, on) for on in days]
    assert [running(work, on) for on in days] == expected
    assert expected[-1][0][0] == 12_800
    house = House(database, FrozenClock(build.NOW + timedelta(days=3)))
    assert [close_books_of(house, work.lender_id) for _ in range(2)] == [3, 0]
    assert [running(work, on) for on in days] == expected
    assert close_books(work, now=build.NOW + timedelta(days=6)) == 3
    assert [running(work, on) for on in days] == expected


def test_a_day_that_is_not_over_is_not_closed_and_nothing_is_nothing(work):
    assert close_books(work, now=build.NOW) == 0
    assert running(work, TODAY) == []
