"""The life of a plan against a slow life that walks through every day."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core.life.acts import World, moves_left, next_act
from portal.core.life.clock import Frozen, day_of
from portal.core.life.replay import GivenBack, Paid, replay, run
from portal.core.life.state import Life, Row
from portal.core.life.terms import LifeTerms, Rhythm
from tests.core.life.slow_life import SlowLife, ticks
from tests.core.life.worlds import a_world

ZONE = ZoneInfo("America/New_York")
BORN = datetime(2027, 1, 1, 15, tzinfo=UTC)
TERMS = LifeTerms(
    rhythm=Rhythm(freq="monthly", first_on=date(2027, 1, 31), due_day=31, rule="none"),
    grace_days=5,
    missed_before_broken=2,
    cure_days=14,
    moves_per_year=0,
)


def a_life(*days, amount=100):
    rows = tuple(Row(number=n, due_on=day, amount=amount, since=BORN) for n, day in enumerate(days, 1))
    return Life(rows=rows, as_of=BORN)


def until(day):
    return datetime(day.year, day.month, day.day, 23, tzinfo=UTC)


def told(done, zone=ZONE):
    return [(day_of(act.at, zone).isoformat(), act.kind, act.number) for act in done.acts]


FIVE = a_life(date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31))


def test_a_payment_that_nobody_makes_is_told_step_by_step():
    done = run(FIVE, World(TERMS, ZONE), until=until(date(2027, 2, 7)))
    assert told(done) == [
        ("2027-01-28", "upcoming", 1),
        ("2027-01-31", "due", 1),
        ("2027-02-01", "reminder", 1),
        ("2027-02-06", "missed", 1),
    ]


def test_the_signed_number_of_missed_payments_breaks_and_the_days_to_catch_up_end_it():
    done = run(FIVE, World(TERMS, ZONE), until=until(date(2027, 3, 25)))
    assert told(done)[-2:] == [("2027-03-06", "broken", -1), ("2027-03-21", "lapsed", -1)]
    assert done.life.state == "lapsed"
    assert next_act(done.life, World(TERMS, ZONE)) is None


def test_missed_payments_go_to_the_end_while_moves_are_left():
    world = World(replace(TERMS, moves_per_year=2), ZONE)
    done = run(FIVE, world, until=until(date(2027, 3, 7)))
    assert told(done)[-1] == ("2027-03-06", "replanned", -1)
    assert [(row.number, row.due_on.isoformat()) for row in done.life.rows[-2:]] == [
        (1, "2027-06-30"),
        (2, "2027-07-31"),
    ]
    assert done.life.total == 500
    assert moves_left(done.life, world) == 0


def test_the_same_agreement_comes_back_when_the_gap_is_paid_after_it_broke():
    world = World(TERMS, ZONE)
    paid = Paid(datetime(2027, 3, 15, 12, tzinfo=UTC), 200)
    done = replay(FIVE, world, happenings=[paid], until=until(date(2027, 3, 29)))
    assert [kind for _, kind, _ in told(done)][-2:] == ["cured", "upcoming"]
    assert done.life.state == "active"
    late = replay(
        FIVE, world, happenings=[paid._replace(at=paid.at + timedelta(days=7))], until=until(date(2027, 4, 1))
    )
    assert late.life.state == "lapsed"


def test_a_hold_freezes_everything_and_what_fell_into_it_goes_to_the_end():
    start, end = datetime(2027, 2, 20, 12, tzinfo=UTC), datetime(2027, 3, 22, 12, tzinfo=UTC)
    paid = Paid(datetime(2027, 1, 30, tzinfo=UTC), 100)
    done = replay(
        FIVE,
        World(TERMS, ZONE, (Frozen("pause", start, end),)),
        happenings=[paid],
        until=until(date(2027, 3, 30)),
    )
    assert told(done)[1:] == [("2027-03-22", "resumed", -1), ("2027-03-28", "upcoming", 3)]
    assert done.life.rows[-1].due_on == date(2027, 6, 30)


def test_grace_gets_its_frozen_days_back():
    start, end = datetime(2027, 2, 3, 12, tzinfo=UTC), datetime(2027, 2, 13, 12, tzinfo=UTC)
    done = run(FIVE, World(TERMS, ZONE, (Frozen("dispute", start, end),)), until=until(date(2027, 2, 20)))
    assert told(done)[-1] == ("2027-02-16", "missed", 1)


def test_while_a_hold_has_no_end_nothing_happens():
    world = World(TERMS, ZONE, (Frozen("deceased", BORN + timedelta(hours=1), None),))
    assert next_act(FIVE, world) is None


def test_a_chargeback_opens_a_payment_again_and_its_grace_begins_anew():
    happened = [
        Paid(datetime(2027, 1, 30, tzinfo=UTC), 100),
        GivenBack(datetime(2027, 2, 15, 12, tzinfo=UTC), 100),
    ]
    done = replay(FIVE, World(TERMS, ZONE), happenings=happened, until=until(date(2027, 2, 22)))
    assert told(done)[1:] == [("2027-02-16", "reminder", 1), ("2027-02-21", "missed", 1)]


def laid_beside(seed):
    draw = random.Random(seed)
    life, world, happened, end = a_world(draw)
    slow = SlowLife(
        [(row.number, row.due_on, row.amount) for row in life.rows],
        world.terms,
        world.zone,
        [(one.start, one.end) for one in world.frozen],
        life.as_of,
    )
    first, last = day_of(life.as_of, world.zone), day_of(end, world.zone) + timedelta(days=1)
    money = [one for one in happened if one.at <= end]
    for at in ticks(first, last, world.zone, slow.holds, {life.as_of, *(one.at for one in money)}):
        if life.as_of <= at <= end:
            slow.tick(at)
            for one in [one for one in money if one.at == at]:
                slow.pay(at, one.amount) if isinstance(one, Paid) else slow.give_back(at, one.amount)
                slow.tick(at)
    slow.tick(end)
    done = replay(life, world, happenings=happened, until=end)
    assert [tuple(act) for act in done.acts] == slow.acts, f"seed {seed}"
    assert (done.life.state, done.life.is_re_aged) == (slow.state, slow.re_aged), f"seed {seed}"
    rows = [[row.number, row.due_on, row.amount, row.paid, row.told] for row in done.life.rows]
    assert rows == [row[:5] for row in slow.rows], f"seed {seed}"
    assert [tuple(move) for move in done.life.moves] == slow.moves, f"seed {seed}"


@pytest.mark.parametrize("seed", range(60))
def test_a_life_equals_the_slow_life(seed):
    laid_beside(seed)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_many_lives_equal_the_slow_life(part):
    for seed in range(1_000 + part * 250, 1_250 + part * 250):
        laid_beside(seed)


def test_a_run_in_pieces_equals_one_run():
    for seed in range(200):
        life, world, _, end = a_world(random.Random(seed))
        whole = run(life, world, until=end)
        acts, at = [], life.as_of
        piece = life
        while at < end:
            at += timedelta(hours=31)
            done = run(piece, world, until=min(at, end))
            acts += done.acts
            piece = done.life
        assert (tuple(acts), piece) == (whole.acts, whole.life)
