"""What a schedule is made of: dated rows, their sums, and the rounding of one interest amount."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Rounding = Literal["up_last_absorbs", "down", "half_even", "half_up"]
InterestRounding = Literal["half_even", "half_up", "down", "up"]

ROWS_MAX = 600


class Row(NamedTuple):
    """One dated payment. `balance` is the principal still owed after it; row 0 is a down payment."""

    number: int
    due_on: date
    amount: int
    principal: int
    interest: int
    fees: int = 0
    balance: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Ordered payments with their sums.

    `amount` is the principal paid by the rows (a down payment included, capitalized interest not),
    `interest` all interest (capitalized included), `level` the regular payment, `lattice` the rounding
    step in force after the tail rule.
    """

    rows: tuple[Row, ...]
    amount: int
    interest: int
    level: int
    lattice: int = 1
    fees: int = 0

    @property
    def total(self) -> int:
        """All that is paid: amount + interest + fees."""
        return self.amount + self.interest + self.fees

    @property
    def last(self) -> int:
        """The amount of the last row."""
        return self.rows[-1].amount

    @property
    def due_dates(self) -> tuple[date, ...]:
        """The date of each row."""
        return tuple(row.due_on for row in self.rows)

    @property
    def amounts(self) -> tuple[int, ...]:
        """The amount of each row."""
        return tuple(row.amount for row in self.rows)


class Shape(NamedTuple):
    """A zero-rate schedule in four numbers: `payments - 1` times `level`, then `last`."""

    level: int
    payments: int
    last: int
    lattice: int


# An interest amount is floor((2*x + bias*d - odd) / 2d): see `interest_of`.
BIAS: dict[InterestRounding, tuple[int, int]] = {
    "half_even": (1, 0),
    "half_up": (1, 0),
    "down": (0, 0),
    "up": (2, 1),
}


def interest_of(balance: int, numerator: int, denominator: int, mode: InterestRounding = "half_even") -> int:
    """Return balance * numerator / denominator in whole minor units, rounded by the mode; balance >= 0."""
    times, odd = BIAS[mode]
    charge, rest = divmod(2 * balance * numerator + times * denominator - odd, 2 * denominator)
    return charge - 1 if mode == "half_even" and not rest and charge & 1 else charge
