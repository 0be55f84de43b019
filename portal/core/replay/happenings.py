"""What can happen to a running plan. Each is a frozen value with the day on which it takes effect.

`ref` names a change so that `Undone` can point at it. Amounts are whole minor units.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from portal.core.allocation import Order


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The step between two due dates: a number of days, or of months from an anchor that never drifts."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class Paid:
    """Money came in. `order` replaces the plan's allocation order for this payment (a refund, goodwill)."""

    on: date
    amount: int
    ref: str = ""
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Charged:
    """A fee or penalty falls due; after the last due date it gets a row of its own."""

    on: date
    due_on: date
    amount: int
    kind: Literal["fee", "penalty"] = "fee"
    ref: str = ""


@dataclass(frozen=True, slots=True)
class DateMoved:
    """The row due on `from_due_on` moves to `new_due_on`; every later row keeps its distance in steps."""

    on: date
    from_due_on: date
    new_due_on: date
    ref: str = ""


@dataclass(frozen=True, slots=True)
class TermExtended:
    """What is not yet due before `from_due_on` is spread anew over the rows from there and `rows` more."""

    on: date
    from_due_on: date
    rows: int
    ref: str = ""


@dataclass(frozen=True, slots=True)
class GraceGiven:
    """`rows` rows without principal are put in at `from_due_on`; the others follow."""

    on: date
    from_due_on: date
    rows: int
    ref: str = ""


@dataclass(frozen=True, slots=True)
class RateChanged:
    """Rows from `from_due_on` bear another annual rate."""

    on: date
    from_due_on: date
    annual_rate: Decimal
    ref: str = ""


@dataclass(frozen=True, slots=True)
class AmountChanged:
    """Rows from `from_due_on` pay another amount; rows are dropped or added until the balance is paid."""

    on: date
    from_due_on: date
    amount: int
    ref: str = ""


@dataclass(frozen=True, slots=True)
class ReAged:
    """Unpaid principal leaves its rows and is spread over `rows` new ones from `start_on`."""

    on: date
    start_on: date
    rows: int
    rhythm: Rhythm
    ref: str = ""


@dataclass(frozen=True, slots=True)
class ReAmortized:
    """Unpaid principal of rows due up to the day moves evenly onto the rows still to come."""

    on: date
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Rebated:
    """Interest not yet earned is taken off, from the last row backwards."""

    on: date
    amount: int
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Undone:
    """The change named `target` never happened. Allowed while nothing was paid since."""

    on: date
    target: str
    ref: str = ""


Change = DateMoved | TermExtended | GraceGiven | RateChanged | AmountChanged | ReAged | ReAmortized | Rebated
Happening = Paid | Charged | Change | Undone
