"""Arrears and days past due: what of a balance is late, since when, and what that is called."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple, Protocol

from portal.core.errors import ScheduleError

# Upper ends, inclusive, of the usual 30-day ranges.
BUCKETS = (0, 30, 60, 90, 120, 180, 360)


class HasDue(Protocol):
    """Anything with a due date and an amount still unpaid: see `allocation.Owed`."""

    @property
    def due_on(self) -> date:
        """The due date."""
        ...

    @property
    def total(self) -> int:
        """What is still unpaid, in minor units."""
        ...


class Arrears(NamedTuple):
    """The late part of a balance. `days_past_due` counts from the oldest unpaid due date."""

    amount: int
    oldest_due_on: date | None
    days_past_due: int
    rows: int

    @property
    def is_current(self) -> bool:
        """Whether nothing is late."""
        return not self.amount


def arrears(rows: Iterable[HasDue], *, as_of: date, grace_days: int = 0) -> Arrears:
    """Return what is past due at the start of a day; a row due on that day is not late yet.

    A row within `grace_days` after its date is not late; once late, its days count from the due date.
    """
    late = [row for row in rows if row.total > 0 and (as_of - row.due_on).days > grace_days]
    if not late:
        return Arrears(0, None, 0, 0)
    oldest = min(row.due_on for row in late)
    return Arrears(sum(row.total for row in late), oldest, (as_of - oldest).days, len(late))


def bucket(days_past_due: int, *, ends: Sequence[int] = BUCKETS) -> str:
    """Return the name of the range that holds the days: `current`, `1-30`, … `361+`.

    `ends` are the inclusive upper ends, the first being 0. Raises `ScheduleError` when they do not increase
    or the days are negative.
    """
    if days_past_due < 0 or ends[0] != 0 or any(b <= a for a, b in pairwise(ends)):
        raise ScheduleError("days are not negative and the ends of ranges increase from 0")
    if days_past_due == 0:
        return "current"
    for low, high in pairwise(ends):
        if days_past_due <= high:
            return f"{low + 1}-{high}"
    return f"{ends[-1] + 1}+"
