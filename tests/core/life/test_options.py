from dataclasses import replace
from datetime import date

import pytest

from portal.core.errors import PlanError
from portal.core.life.acts import World
from portal.core.life.options import move_row, options_for, split_row
from portal.core.life.replay import MovedBy, SplitBy, replay, run
from tests.core.life.test_acts import FIVE, TERMS, ZONE, until

WORLD = World(replace(TERMS, moves_per_year=2, missed_before_broken=3), ZONE)
LATE = replace(run(FIVE, WORLD, until=until(date(2027, 2, 7))).life, as_of=until(date(2027, 2, 7)))


def test_the_options_after_a_miss():
    found = options_for(LATE, 1, WORLD)
    assert (found.moves, found.can_split, found.row.left) == (2, True, 100)
    assert (found.earliest, found.latest, found.at_end) == (
        date(2027, 2, 8),
        date(2027, 3, 10),
        date(2027, 6, 30),
    )
    assert found.parts == ((2, 34), (3, 33), (4, 33))


def test_a_moved_payment_keeps_its_amount_and_the_sum():
    after = move_row(LATE, 1, date(2027, 2, 20), WORLD)
    assert after.row(1).due_on == date(2027, 2, 20)
    assert (after.total, after.missed, after.row(1).state) == (500, (), "upcoming")


@pytest.mark.parametrize("day", [date(2027, 2, 7), date(2027, 3, 11), date(2027, 7, 1)])
def test_a_day_outside_the_limits_is_refused(day):
    with pytest.raises(PlanError):
        move_row(LATE, 1, day, WORLD)


def test_the_signed_number_of_moves_is_the_limit():
    twice = move_row(move_row(LATE, 1, date(2027, 2, 20), WORLD), 2, date(2027, 3, 5), WORLD)
    with pytest.raises(PlanError):
        move_row(twice, 3, date(2027, 4, 5), WORLD)
    assert not options_for(twice, 3, WORLD).can_split


def test_a_split_payment_asks_for_the_same_sum():
    after, parts = split_row(LATE, 1, WORLD)
    assert after.total == 500
    assert [row.amount for row in after.rows] == [0, 134, 133, 133, 100]
    assert parts == ((2, 34), (3, 33), (4, 33))
    assert (after.row(1).state, after.missed) == ("moved", ())


def test_the_last_payment_has_nothing_to_be_split_over():
    assert not options_for(LATE, 5, WORLD).can_split
    with pytest.raises(PlanError):
        split_row(LATE, 5, WORLD)


def test_a_paid_payment_and_an_ended_plan_have_no_options():
    assert options_for(LATE, 9, WORLD) is None
    assert options_for(replace(LATE, state="lapsed"), 1, WORLD) is None


def test_the_replay_knows_what_a_person_chose():
    world = World(WORLD.terms, ZONE)
    chosen = [MovedBy(until(date(2027, 2, 7)), 1, date(2027, 2, 20)), SplitBy(until(date(2027, 3, 7)), 2)]
    done = replay(FIVE, world, happenings=chosen, until=until(date(2027, 3, 8)))
    kinds = [act.kind for act in done.acts]
    assert kinds.count("cured") == 1
    assert done.life.row(2).amount == 0
    assert done.life.total == 500
