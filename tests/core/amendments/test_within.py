"""What the signed terms allow needs no new signature; everything else does."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.core.amendments.within import is_within_terms
from portal.core.errors import PlanError
from portal.core.life.acts import moved, moves_left, next_act, perform
from portal.core.life.options import move_row, options_for, split_row
from portal.core.life.terms import MOVE_DAYS_MAX
from tests.core.life.worlds import a_world


def worlds(count=150):
    draw = random.Random(31)
    for _ in range(count):
        life, world, _money, _until = a_world(draw)
        yield draw, life, world


def test_every_move_and_split_that_the_terms_give_needs_no_signature():
    tried = 0
    for draw, life, world in worlds():
        found = options_for(life, life.rows[0].number, world)
        if found is None or not found.moves:
            continue
        day = draw.choice([found.earliest, found.latest, found.at_end])
        assert is_within_terms(life, move_row(life, found.row.number, day, world), world)
        if found.can_split:
            assert is_within_terms(life, split_row(life, found.row.number, world)[0], world)
        tried += 1
    assert tried > 50


def test_what_a_plan_does_by_itself_needs_none():
    acts = 0
    for _draw, life, world in worlds(60):
        now = life
        for _ in range(12):
            act = next_act(now, world)
            if act is None:
                break
            after = perform(now, act, world)
            assert is_within_terms(replace(now, as_of=act.at), after, world), act
            now, acts = after, acts + 1
    assert acts > 300


def spent(life, world):
    """Use up every move that the terms give."""
    for _ in range(moves_left(life, world)):
        life = moved(life, life.rows[-1], due_on=life.rows[-1].due_on, why="self")
    return life


def a_day_on(life, days):
    row = life.rows[0]
    return moved(life, row, due_on=row.due_on + timedelta(days=days), why="self")


FAULTS = {
    "one move too many": lambda life, world: (spent(life, world), a_day_on(spent(life, world), 1)),
    "another total": lambda life, _world: (
        life,
        life.with_rows(replace(life.rows[0], amount=life.rows[0].amount + 1)),
    ),
    "too far": lambda life, _world: (life, a_day_on(life, MOVE_DAYS_MAX + 1)),
    "a date that was not told": lambda life, _world: (
        life,
        life.with_rows(replace(life.rows[0], due_on=life.rows[0].due_on + timedelta(days=1))),
    ),
    "a history written anew": lambda life, _world: (a_day_on(life, 1), replace(a_day_on(life, 1), moves=())),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_anything_else_needs_one(fault):
    tried = 0
    for _draw, life, world in worlds():
        row = life.rows[0]
        is_end = row.due_on + timedelta(days=MOVE_DAYS_MAX + 1) > life.rows[-1].due_on
        if len(life.rows) < 2 or not moves_left(life, world) or (fault == "too far" and is_end):
            continue
        before, after = FAULTS[fault](life, world)
        assert not is_within_terms(before, after, world)
        tried += 1
    assert tried > 15


def test_an_impossible_move_stays_impossible():
    for _draw, life, world in worlds(30):
        with pytest.raises(PlanError):
            move_row(life, 99, life.rows[0].due_on, world)
