from datetime import date

import pytest

from portal.core.errors import ReplayError
from portal.core.life import replay as room
from portal.core.life.acts import World
from portal.core.life.replay import Paid, replay, run
from portal.core.life.state import Life, Row
from tests.core.life.test_acts import BORN, FIVE, TERMS, ZONE, until


def test_the_same_history_gives_the_same_life():
    paid = [Paid(until(date(2027, 2, day)), 40) for day in (3, 9, 20)]
    first, second = (
        replay(FIVE, World(TERMS, ZONE), happenings=order, until=until(date(2027, 6, 30)))
        for order in (paid, paid[::-1])
    )
    assert first == second
    assert first.life.paid == 120


def test_what_lies_behind_the_moment_is_not_told():
    done = replay(FIVE, World(TERMS, ZONE), happenings=[Paid(until(date(2027, 3, 1)), 500)], until=BORN)
    assert done.acts == ()


def test_a_plan_that_does_not_come_to_rest_is_a_fault(monkeypatch):
    monkeypatch.setattr(room, "ACTS_MAX", 2)
    with pytest.raises(ReplayError):
        run(FIVE, World(TERMS, ZONE), until=until(date(2027, 6, 30)))


def test_a_life_says_what_is_missed_paid_and_left():
    rows = (
        Row(number=1, due_on=date(2027, 1, 31), amount=100, paid=60, told=4, since=BORN),
        Row(number=2, due_on=date(2027, 2, 28), amount=0, since=BORN),
    )
    life = Life(rows=rows, as_of=BORN)
    assert (life.gap, life.paid, life.left, life.total) == (40, 60, 40, 100)
    assert [row.state for row in rows] == ["missed", "moved"]
