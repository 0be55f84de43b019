"""What a schedule is made of: dated rows, their sums, and the rounding of one interest amount."""

from datetime import date
from typing import Literal, NamedTuple

Rounding = Literal["up_last_absorbs", "down", "half_even", "half_up"]
InterestRounding = Literal["half_even", "half_up", "down", "up"]

ROWS_MAX = 600
_NEVER = 1 << 400


class Row(NamedTuple):
    """One dated payment. `balance` is the principal still owed after it; row 0 is a down payment."""

    number: int
    due_on: date
    amount: int
    principal: int
    interest: int
    fees: int = 0
    balance: int = 0


class Schedule(NamedTuple):
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

    def altered(self, rows: tuple[Row, ...], *, amount: int, interest: int) -> "Schedule":
        """The same schedule with other rows and sums; level, lattice and fees stay."""
        return Schedule(rows, amount, interest, self.level, self.lattice, self.fees)

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


def rounding_of(denominator: int, mode: InterestRounding) -> tuple[int, int]:
    """Return (bias, tie) so that (x + bias) // denominator is x / denominator rounded by the mode.

    Half-even: when the result is odd and (x + bias) % tie is 0, take one off. A tie that cannot happen
    (other modes, odd denominators) has a modulus that no amount reaches.
    """
    if mode == "half_even":
        return denominator // 2, _NEVER if denominator & 1 else denominator
    if mode == "half_up":
        return denominator // 2, _NEVER
    return (0 if mode == "down" else denominator - 1), _NEVER


def interest_of(balance: int, numerator: int, denominator: int, mode: InterestRounding = "half_even") -> int:
    """Return balance * numerator / denominator in whole minor units, rounded by the mode; balance >= 0."""
    bias, tie = rounding_of(denominator, mode)
    scaled = balance * numerator + bias
    charge = scaled // denominator
    return charge - 1 if charge & 1 and not scaled % tie else charge
