"""What can be paid today; the saving of an early payoff against `core/replay`, which arrives at it another way."""

import random
from datetime import date, timedelta

import pytest

from portal.core.payables import Due, least_payment, payable, rebates, unearned_interest
from portal.core.replay.happenings import Paid
from portal.core.replay.run import replay
from portal.core.replay.run import unearned_interest as unearned_of_a_replay
from tests.core.replay.plans import a_plan

START = date(2026, 12, 1)


def dues(*, left=(5_000, 5_000, 5_000), interest=500, first=START + timedelta(days=31)):
    return [
        Due(
            number=number,
            due_on=first + timedelta(days=30 * (number - 1)),
            left=one,
            interest=interest,
            unpaid_interest=interest if one else 0,
        )
        for number, one in enumerate(left, 1)
    ]


def look(rows, *, today=START, least=100, balance=13_500):
    return payable(balance=balance, dues=rows, starts_on=START, today=today, least=least)


def test_without_a_plan_the_balance_is_all():
    found = look([])
    assert (found.next, found.overdue, found.all, found.saving, found.least) == (None, 0, 13_500, 0, 100)


def test_the_next_payment_is_the_first_that_is_open():
    assert look(dues(left=(0, 3_000, 5_000))).next.number == 2


def test_what_is_past_its_date_is_offered_when_it_is_more_than_the_next_payment():
    rows = dues()
    assert look(rows, today=rows[1].due_on).overdue == 0
    assert look(rows, today=rows[1].due_on + timedelta(days=1)).overdue == 10_000


def test_paying_all_today_saves_the_interest_that_is_not_earned():
    rows = dues()
    assert look(rows).saving == 1_500
    assert look(rows).all == 13_500
    half_way = START + timedelta(days=15)
    assert rebates(rows, starts_on=START, on=half_way) == ((1, 259), (2, 500), (3, 500))
    assert look(rows, today=rows[-1].due_on).saving == 0


def test_the_least_amount_never_keeps_anybody_from_paying_all():
    assert look(dues(left=(0, 0, 40), interest=0), least=500).least == 40


@pytest.mark.parametrize(
    ("settings", "currency", "least"),
    [
        ({}, "USD", 100),
        ({}, "VND", 1),
        ({}, "KWD", 1_000),
        ({"payment_least": {"USD": 500}}, "USD", 500),
        ({"payment_least": {"USD": 500}}, "THB", 100),
        ({"payment_least": {"USD": True}}, "USD", 100),
        ({"payment_least": {"USD": -5}}, "USD", 100),
        ({"payment_least": "nonsense"}, "USD", 100),
    ],
)
def test_the_least_amount_is_the_lenders(settings, currency, least):
    assert least_payment(settings, currency) == least


def test_the_saving_is_that_of_a_replay_of_the_plan():
    dice = random.Random(7)
    for _ in range(200):
        terms = a_plan(
            dice.randint(10_000, 900_000), dice.randint(2, 24), rate=f"0.{dice.randint(1, 30):02d}"
        )
        state = replay(terms=terms, happenings=[Paid(terms.start_on, dice.randint(1, 40_000))])
        on = terms.start_on + timedelta(days=dice.randint(0, 400))
        rows = [
            Due(
                number=row.number,
                due_on=row.due_on,
                left=row.unpaid.total,
                interest=row.interest,
                unpaid_interest=row.unpaid.interest,
            )
            for row in state.rows
        ]
        assert unearned_interest(rows, starts_on=terms.start_on, on=on) == unearned_of_a_replay(state, on)
