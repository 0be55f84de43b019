"""What a signed plan does by itself: the next act with its moment, and the plan after it.

Only the signed terms, the calendar, the money and the holds decide. The same four give the same acts, whoever asks
and however late: `replay` runs the history again.

Acts of one payment: `upcoming`, `due`, `reminder`, `missed`. Acts of the plan: `resumed` (a hold is over: what fell
into it goes to the end), `replanned` (missed payments go to the end, within the moves that were signed), `broken` (the
signed number of payments is missed), `lapsed` (the days to catch up are over).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.core.calendar import Pause, add_months, roll
from portal.core.life.clock import Frozen, count_days, day_of, frozen_days, moment, thaw
from portal.core.life.state import DUE, MISSED, NEW, REMINDED, UPCOMING, Life, Move, Row
from portal.core.life.terms import MESSAGE_HOUR, MOVE_MONTHS, UPCOMING_DAYS, LifeTerms, tail_dates

LEVELS = {"upcoming": UPCOMING, "due": DUE, "reminder": REMINDED, "missed": MISSED}
_ORDER = ("resumed", "lapsed", "replanned", "broken", "missed", "due", "reminder", "upcoming")
_RANK = {kind: place for place, kind in enumerate(_ORDER)}


class Act(NamedTuple):
    """One thing that happens by itself; `number` names the payment (-1: the plan as a whole)."""

    at: datetime
    kind: str
    number: int = -1


class World(NamedTuple):
    """What acts on a plan from outside: the signed terms, the zone of its days, and the holds that freeze dates."""

    terms: LifeTerms
    zone: ZoneInfo
    frozen: tuple[Frozen, ...] = ()

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The local days that do not count."""
        return frozen_days(self.frozen, self.zone) if self.frozen else ()

    def known_at(self, at: datetime) -> tuple[Pause, ...]:
        """The local days that are known not to count at a moment: of holds that began and have an end."""
        begun = [one for one in self.frozen if one.start <= at and one.end is not None]
        return frozen_days(begun, self.zone) if begun else ()


def next_act(life: Life, world: World) -> Act | None:
    """Return what happens next, and when; None when nothing will by itself.

    At one moment the end of a hold comes first and a reminder last. An act that falls into a hold waits for its end.
    """
    if life.state not in {"active", "broken"}:
        return None
    pauses = world.pauses
    found = [*_of_plan(life, world, pauses), *_of_rows(life, world, pauses)]
    if not found:
        return None
    return min(found, key=lambda act: (act.at, _RANK[act.kind], act.number))


def _of_plan(life: Life, world: World, pauses: Sequence[Pause]) -> Iterator[Act]:
    for one in world.frozen:
        if one.end is not None and any(_fell_into(row, one, world.zone) for row in life.rows):
            at = thaw(one.end, world.frozen)
            if at is not None:
                yield Act(max(at, life.as_of), "resumed")
    if life.state == "broken" and life.broken_on is not None:
        clock = count_days(start=life.broken_on, days=world.terms.cure_days, pauses=pauses)
        if clock.ends_on is not None:
            yield from _thawed(life, world, "lapsed", moment(clock.ends_on + timedelta(days=1), world.zone))
    elif len(life.missed) >= world.terms.missed_before_broken:
        has_moves = len(life.missed) <= moves_left(life, world)
        yield Act(life.as_of, "replanned" if has_moves else "broken")


def _fell_into(row: Row, one: Frozen, zone: ZoneInfo) -> bool:
    """Tell whether a payment that is not missed fell due while this hold froze the dates."""
    if one.end is None or not row.left or row.told == MISSED or row.since >= one.end:
        return False
    return day_of(one.start, zone) <= row.due_on < day_of(one.end, zone)


def _of_rows(life: Life, world: World, pauses: Sequence[Pause]) -> Iterator[Act]:
    soonest: datetime | None = None
    for row in life.rows:
        if not row.left or row.told == MISSED:
            continue
        if soonest and moment(row.due_on - timedelta(days=UPCOMING_DAYS), world.zone) > soonest:
            return  # rows stand in the order of their dates, so nothing later can come sooner
        for act in _of_row(row, life, world, pauses):
            soonest = act.at if soonest is None else min(soonest, act.at)
            yield act


def _of_row(row: Row, life: Life, world: World, pauses: Sequence[Pause]) -> Iterator[Act]:
    zone = world.zone
    base = max(row.due_on, day_of(row.since, zone))
    clock = count_days(start=base, days=world.terms.grace_days, pauses=pauses)
    if clock.ends_on is not None:
        yield from _thawed(life, world, "missed", moment(clock.ends_on + timedelta(days=1), zone), row)
    if row.told < REMINDED:
        late = count_days(start=base, days=1, pauses=pauses)
        if late.ends_on is not None:
            yield from _thawed(life, world, "reminder", moment(late.ends_on, zone, MESSAGE_HOUR), row)
    if row.told < DUE:
        yield from _thawed(life, world, "due", moment(base, zone), row)
    if row.told < UPCOMING:
        early = moment(base - timedelta(days=UPCOMING_DAYS), zone, MESSAGE_HOUR)
        if early >= row.since:
            yield from _thawed(life, world, "upcoming", early, row)


def _thawed(life: Life, world: World, kind: str, at: datetime, row: Row | None = None) -> Iterator[Act]:
    """Yield an act at its moment, or when the hold that covers it ends; never before what happened last."""
    free = thaw(max(at, life.as_of), world.frozen)
    if free is not None:
        yield Act(free, kind, -1 if row is None else row.number)


def perform(life: Life, act: Act, world: World) -> Life:
    """Return the life after an act that `next_act` gave."""
    life = replace(life, as_of=act.at)
    if act.kind in LEVELS:
        row = life.row(act.number)
        return life if row is None else life.with_rows(replace(row, told=LEVELS[act.kind]))
    if act.kind == "resumed":
        return _resume(life, world)
    if act.kind == "replanned":
        return to_the_end(life, life.missed, world, why="replan")
    if act.kind == "broken":
        return replace(life, state="broken", broken_on=day_of(act.at, world.zone))
    return replace(life, state="lapsed")


def _resume(life: Life, world: World) -> Life:
    """Give what fell into holds that are over another date: the end of the plan, or as many days later."""
    over = [one for one in world.frozen if one.end is not None and one.end <= life.as_of]
    fallen = tuple(row for row in life.rows if any(_fell_into(row, one, world.zone) for one in over))
    alone = len([row for row in life.rows if row.number > 0 and row.amount]) == 1
    shifted = tuple(row for row in fallen if row.number == 0 or alone)
    life = _later(life, shifted, world)
    return to_the_end(life, tuple(row for row in fallen if row not in shifted), world, why="hold")


def _later(life: Life, rows: Sequence[Row], world: World) -> Life:
    """Give payments back the days they had left when the dates froze: a first or only payment has no end to go to."""
    pauses = world.known_at(life.as_of)
    for row in rows:
        begun = next(p.start for p in pauses if p.start <= row.due_on < p.end) - timedelta(days=1)
        clock = count_days(start=begun, days=(row.due_on - begun).days, pauses=pauses)
        if clock.ends_on is not None:
            due_on = roll(clock.ends_on, rule=world.terms.rhythm.rule)
            life = moved(life, row, due_on=due_on, why="hold")
    return life


def to_the_end(life: Life, rows: Sequence[Row], world: World, *, why: str) -> Life:
    """Return the life with some payments behind the last one, in the signed rhythm; no amount changes."""
    if not rows:
        return life
    today = day_of(life.as_of, world.zone)
    last = max(today, *(row.due_on for row in life.rows))
    dates = tail_dates(world.terms.rhythm, after=last, count=len(rows), pauses=world.known_at(life.as_of))
    for row, due_on in zip(rows, dates, strict=True):
        life = moved(life, row, due_on=due_on, why=why)
    return life


def moved(life: Life, row: Row, *, due_on: date, why: str) -> Life:
    """Return the life with one payment on another day; its telling begins anew."""
    move = Move(life.as_of, row.number, row.due_on, due_on, why)
    fresh = replace(row, due_on=due_on, told=NEW, since=life.as_of)
    return replace(life.with_rows(fresh), moves=(*life.moves, move))


def moves_left(life: Life, world: World) -> int:
    """Return how many payments can still be moved in the twelve months up to now."""
    since = add_months(day_of(life.as_of, world.zone), -MOVE_MONTHS)
    used = [m for m in life.moves if m.why != "hold" and day_of(m.at, world.zone) > since]
    return max(world.terms.moves_per_year - len(used), 0)
