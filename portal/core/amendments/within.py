"""Which changes of a running plan the signed terms allow by themselves, and which need a new signature.

The rule: without a signature nobody pays more, nobody pays another total, and a date moves only as far and as often as
was signed: to a day within `MOVE_DAYS_MAX` of its date, onto the payments that follow it, or to the end in the signed
rhythm, `moves_per_year` times in twelve months. Dates that a hold moves back are given back by the signed terms and
count for nothing. Everything else (another rhythm, another day of the month, another payment, more moves) is a new
version of the agreement.
"""

from datetime import timedelta

from portal.core.life.acts import World, moves_left
from portal.core.life.clock import day_of
from portal.core.life.state import Life, Move
from portal.core.life.terms import MOVE_DAYS_MAX, tail_dates


def is_within_terms(before: Life, after: Life, world: World) -> bool:
    """Tell whether a plan may become another one without a new signature."""
    fresh = after.moves[len(before.moves) :]
    counted = [move for move in fresh if move.why != "hold"]
    return (
        after.moves[: len(before.moves)] == before.moves
        and (after.total, after.paid) == (before.total, before.paid)
        and len(counted) <= moves_left(before, world)
        and all(_is_near(before, move, world) for move in counted)
        and _dates_moved(before, after) <= {move.number for move in fresh}
    )


def _is_near(before: Life, move: Move, world: World) -> bool:
    """Tell whether a date is one that the signed terms know: near its own, or in the rhythm behind the last one."""
    today = day_of(before.as_of, world.zone)
    last = max(today, *(row.due_on for row in before.rows))
    if move.why == "split":
        return move.due_on in {row.due_on for row in before.rows if row.left and row.number != move.number}
    if today < move.due_on <= max(move.before_on, today) + timedelta(days=MOVE_DAYS_MAX):
        return True
    pauses = world.known_at(before.as_of)
    return move.due_on in tail_dates(world.terms.rhythm, after=last, count=len(before.rows), pauses=pauses)


def _dates_moved(before: Life, after: Life) -> set[int]:
    """Return the payments that have another date than before."""
    dates = {row.number: row.due_on for row in before.rows}
    return {row.number for row in after.rows if dates.get(row.number) != row.due_on}
