"""How a running plan stands: its payments, what was told of each, and what was moved."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

NEW, UPCOMING, DUE, REMINDED, MISSED = range(5)
"""How far the telling of one payment has come: nothing, that it comes, that it is due, that it is late, missed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One payment of a plan. `since` is when its clock began: signed, moved, or opened again; amounts are minor units.

    An amount of 0 means that the payment was split over others.
    """

    number: int
    due_on: date
    amount: int
    paid: int = 0
    told: int = NEW
    since: datetime

    @property
    def left(self) -> int:
        """What is still to pay."""
        return self.amount - self.paid

    @property
    def state(self) -> str:
        """The word of the state table for it."""
        if not self.amount:
            return "moved"
        if not self.left:
            return "paid"
        return "missed" if self.told == MISSED else "due" if self.told >= DUE else "upcoming"


class Move(NamedTuple):
    """A payment that got another date. `why`: self, split, replan (they count as moves), or hold (it does not)."""

    at: datetime
    number: int
    before_on: date
    due_on: date
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """A running plan at a moment. `state` is active, broken, lapsed or completed.

    `rows` are in the order of their dates; `vested` is what of the reduction is forgiven for good; `broken_on` is the
    day from which the days to catch up count; `is_re_aged` says that the account counts as up to date by this plan, or
    did so and that was taken back by a person: it happens once.
    """

    rows: tuple[Row, ...]
    state: str = "active"
    broken_on: date | None = None
    moves: tuple[Move, ...] = ()
    vested: int = 0
    is_re_aged: bool = False
    as_of: datetime

    @property
    def kept_in_a_row(self) -> int:
        """How many payments were made one after the other up to now, in the order of their dates; a first sum is none.

        One that was missed and paid later counts for nothing and begins the row anew; one paid ahead counts.
        """
        run = 0
        for row in self.rows:
            if row.left:
                break
            if row.number > 0 and row.amount:
                run = 0 if row.told == MISSED else run + 1
        return 0 if self.missed else run

    @property
    def missed(self) -> tuple[Row, ...]:
        """The payments whose grace ran out, the oldest first."""
        return tuple(row for row in self.rows if row.told == MISSED and row.left)

    @property
    def gap(self) -> int:
        """What brings the plan up to date: the sum of the missed payments."""
        return sum(row.left for row in self.missed)

    @property
    def paid(self) -> int:
        """All that was paid on the plan."""
        return sum(row.paid for row in self.rows)

    @property
    def total(self) -> int:
        """All that the plan asks for."""
        return sum(row.amount for row in self.rows)

    @property
    def left(self) -> int:
        """All that is still to pay."""
        return self.total - self.paid

    def row(self, number: int) -> Row | None:
        """Find a payment by its number."""
        return next((row for row in self.rows if row.number == number), None)

    def with_rows(self, *changed: Row) -> "Life":
        """Return the life with some payments in another state, in the order of their dates."""
        fresh = {row.number: row for row in changed}
        rows = [fresh.get(row.number, row) for row in self.rows]
        return replace(self, rows=tuple(sorted(rows, key=lambda row: (row.due_on, row.number))))
