"""What a person can do about a payment without asking anybody: move it, or split it over the next ones."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.core.errors import PlanError
from portal.core.life.acts import World, moved, moves_left
from portal.core.life.clock import day_of
from portal.core.life.state import Life, Move, Row
from portal.core.life.terms import MOVE_DAYS_MAX, SPLIT_OVER, tail_dates
from portal.core.money import share


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What is open for one payment: until when it can be moved, where the end is, over which payments it can be split.

    `moves` are those left in twelve months, `parts` what each of the next payments would get.
    """

    row: Row
    moves: int
    earliest: date
    latest: date
    at_end: date
    parts: tuple[tuple[int, int], ...]

    @property
    def can_split(self) -> bool:
        """Whether there are payments over which this one can be spread."""
        return self.moves > 0 and len(self.parts) > 1


def options_for(life: Life, number: int, world: World) -> Options | None:
    """Return what can be done about a payment; None when it is not open or the plan does not run."""
    row = life.row(number)
    if row is None or not row.left or life.state not in {"active", "broken"}:
        return None
    today = day_of(life.as_of, world.zone)
    last = max(today, *(one.due_on for one in life.rows))
    (at_end,) = tail_dates(world.terms.rhythm, after=last, count=1, pauses=world.known_at(life.as_of))
    return Options(
        row=row,
        moves=moves_left(life, world),
        earliest=today + timedelta(days=1),
        latest=max(row.due_on, today) + timedelta(days=MOVE_DAYS_MAX),
        at_end=at_end,
        parts=_parts(life, row),
    )


def _parts(life: Life, row: Row) -> tuple[tuple[int, int], ...]:
    following = [one for one in life.rows if one.left and (one.due_on, one.number) > (row.due_on, row.number)]
    chosen = [one.number for one in following if one.told < row.told or not row.told][:SPLIT_OVER]
    if not chosen:
        return ()
    return tuple(part for part in zip(chosen, share(row.left, [1] * len(chosen)), strict=True) if part[1])


def move_row(life: Life, number: int, due_on: date, world: World) -> Life:
    """Return the life with a payment on a day that the person chose; no amount changes.

    Raises `PlanError` when no move is left or the day is neither inside the limits nor the end of the plan.
    """
    found = options_for(life, number, world)
    if found is None or not found.moves:
        raise PlanError("this payment cannot be moved")
    if due_on != found.at_end and not found.earliest <= due_on <= found.latest:
        raise PlanError(f"a payment moves to a day from {found.earliest} to {found.latest}")
    return moved(life, found.row, due_on=due_on, why="self")


def split_row(life: Life, number: int, world: World) -> tuple[Life, tuple[tuple[int, int], ...]]:
    """Return the life with what is left of a payment spread over the next ones, and the parts.

    The plan asks for exactly as much as before. Raises `PlanError` when it cannot be split.
    """
    found = options_for(life, number, world)
    if found is None or not found.can_split:
        raise PlanError("this payment cannot be split")
    grown = [_grown(life, target, part) for target, part in found.parts]
    shrunk = replace(found.row, amount=found.row.paid)
    move = Move(life.as_of, number, found.row.due_on, grown[0].due_on, "split")
    return replace(life.with_rows(shrunk, *grown), moves=(*life.moves, move)), found.parts


def _grown(life: Life, number: int, part: int) -> Row:
    row = life.row(number)
    if row is None:
        raise PlanError(f"there is no payment {number}")
    return replace(row, amount=row.amount + part)
