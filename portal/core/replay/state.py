"""The state of a running plan: its rows with what was paid, late and in advance."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from portal.core.allocation import Order, Owed, Part
from portal.core.arrears import Arrears, arrears
from portal.core.daycount import DayCount
from portal.core.replay.happenings import Rhythm
from portal.core.rows import Rounding, Schedule

InterestMethod = Literal["none", "flat", "level", "equal_principal"]


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a running plan was agreed on, as far as later events need it.

    `day_count` None means whole periods: annual rate by the months or days of the rhythm (days over 365).
    `lattice` and `rounding` are used when principal is spread anew.
    """

    start_on: date
    schedule: Schedule
    rhythm: Rhythm
    order: Order
    method: InterestMethod = "none"
    annual_rate: Decimal = Decimal(0)
    day_count: DayCount | None = None
    lattice: int = 1
    rounding: Rounding = "half_even"


@dataclass(slots=True)
class Line:
    """One row while events are replayed; `PlanRow` is what the outside sees."""

    start_on: date
    due_on: date
    principal: int
    interest: int = 0
    fee: int = 0
    penalty: int = 0
    paid: dict[Part, int] = field(
        default_factory=lambda: {"penalty": 0, "fee": 0, "interest": 0, "principal": 0}
    )
    paid_on: date | None = None
    in_advance: int = 0
    late: int = 0
    is_down_payment: bool = False
    is_extra: bool = False

    @property
    def due(self) -> int:
        """All that falls due on this row."""
        return self.principal + self.interest + self.fee + self.penalty

    @property
    def paid_total(self) -> int:
        """All that was paid on this row."""
        paid = self.paid
        return paid["penalty"] + paid["fee"] + paid["interest"] + paid["principal"]

    @property
    def unpaid_principal(self) -> int:
        """Principal not yet paid."""
        return self.principal - self.paid["principal"]

    def owed(self, number: int) -> Owed:
        """What is unpaid, part by part."""
        paid = self.paid
        return Owed(
            number,
            self.due_on,
            self.penalty - paid["penalty"],
            self.fee - paid["fee"],
            self.interest - paid["interest"],
            self.principal - paid["principal"],
        )


class PlanRow(NamedTuple):
    """One row of a running plan, in minor units.

    `balance` is the principal not yet fallen due after it, `in_advance` and `late` are the parts of `paid`
    that came before and after the due date, `paid_on` the day on which nothing was left, `unpaid` the
    outstanding amount part by part.
    """

    number: int
    start_on: date
    due_on: date
    principal: int
    interest: int
    fees: int
    penalties: int
    paid: int
    in_advance: int
    late: int
    outstanding: int
    balance: int
    paid_on: date | None
    unpaid: Owed

    @property
    def due(self) -> int:
        """All that falls due on this row."""
        return self.principal + self.interest + self.fees + self.penalties

    @property
    def total(self) -> int:
        """What is unpaid (the name that `arrears` reads)."""
        return self.outstanding

    @property
    def days(self) -> int:
        """The days of the row's period."""
        return (self.due_on - self.start_on).days


class PlanState(NamedTuple):
    """A running plan after its events: rows, and money that found nothing to settle."""

    rows: tuple[PlanRow, ...]
    overpaid: int

    @property
    def outstanding(self) -> int:
        """All that is unpaid."""
        return sum(row.outstanding for row in self.rows)

    @property
    def paid(self) -> int:
        """All that was settled, without what is overpaid."""
        return sum(row.paid for row in self.rows)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is owed any more."""
        return not self.outstanding

    def arrears(self, as_of: date, *, grace_days: int = 0) -> Arrears:
        """Return what is past due at the start of a day (see `arrears.arrears`)."""
        return arrears(self.rows, as_of=as_of, grace_days=grace_days)


@dataclass(slots=True)
class Book:
    """The plan while it is replayed."""

    terms: PlanTerms
    lines: list[Line]
    annual_rate: Decimal
    overpaid: int = 0

    def frozen(self) -> PlanState:
        """The state as a value."""
        balance = sum(line.principal for line in self.lines)
        rows = []
        for number, line in enumerate(self.lines, 1):
            balance -= line.principal
            paid = line.paid_total
            rows.append(
                PlanRow(
                    number, line.start_on, line.due_on, line.principal, line.interest, line.fee,
                    line.penalty, paid, line.in_advance, line.late, line.due - paid, balance, line.paid_on,
                    line.owed(number),
                )
            )  # fmt: skip
        return PlanState(tuple(rows), self.overpaid)


def opened(terms: PlanTerms) -> Book:
    """Return the plan as agreed, with nothing paid."""
    lines: list[Line] = []
    before = terms.start_on
    for row in terms.schedule.rows:
        line = Line(
            before, row.due_on, row.principal, row.interest, row.fees, is_down_payment=row.number == 0
        )
        lines.append(line)
        before = row.due_on
    return Book(terms, lines, terms.annual_rate)
