"""Replay of a running plan: the agreed schedule and everything that happened give its state, always the same.

Happenings take effect in the order of their days: a payment booked late counts from its own day, a charge
from its due date when that lies before the day it was added. On one day the order given decides.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from portal.core.allocation import allocate
from portal.core.errors import ReplayError, UndoError
from portal.core.replay import changes
from portal.core.replay.happenings import (
    AmountChanged,
    Charged,
    DateMoved,
    GraceGiven,
    Happening,
    Paid,
    RateChanged,
    ReAged,
    ReAmortized,
    Rebated,
    TermExtended,
    Undone,
)
from portal.core.replay.state import Book, Line, PlanState, PlanTerms, opened

HAPPENINGS_MAX = 10_000


def replay(*, terms: PlanTerms, happenings: Sequence[Happening]) -> PlanState:
    """Return the state of a plan after everything that happened to it.

    Raises `ReplayError` when something does not fit (an amount below 1, a row that does not exist), and
    `UndoError` when an undone change is unknown or something was paid since.
    """
    if len(happenings) > HAPPENINGS_MAX:
        raise ReplayError(f"a plan has at most {HAPPENINGS_MAX} happenings")
    book = opened(terms)
    for happening in sorted(_in_force(happenings), key=_moment):
        _HANDLERS[type(happening)](book, happening)
    return book.frozen()


def steps(*, terms: PlanTerms, happenings: Sequence[Happening]) -> tuple[PlanState, ...]:
    """Return the state as agreed and then the one after each happening, in the order they are given.

    Raises what `replay` raises, at the first happening that does not fit.
    """
    return tuple(replay(terms=terms, happenings=happenings[:count]) for count in range(len(happenings) + 1))


def _moment(happening: Happening) -> date:
    return min(happening.on, happening.due_on) if isinstance(happening, Charged) else happening.on


def _in_force(happenings: Sequence[Happening]) -> list[Happening]:
    kept: list[Happening] = []
    for happening in happenings:
        if not isinstance(happening, Undone):
            kept.append(happening)
            continue
        at = next((k for k, earlier in enumerate(kept) if earlier.ref == happening.target), None)
        if at is None or not happening.target or isinstance(kept[at], Paid | Charged):
            raise UndoError("there is no such change to undo")
        if any(isinstance(later, Paid) for later in kept[at + 1 :]):
            raise UndoError
        del kept[at]
    return kept


def _pay(book: Book, paid: Paid) -> None:
    if paid.amount < 1:
        raise ReplayError("a payment is above zero")
    book.overpaid += _settle(book, paid.amount, paid)


def _settle(book: Book, amount: int, paid: Paid) -> int:
    owed = [line.owed(number) for number, line in enumerate(book.lines) if line.due != line.paid_total]
    allocation = allocate(amount=amount, owed=owed, on=paid.on, order=paid.order or book.terms.order)
    for number, part, piece in allocation.slices:
        line = book.lines[number]
        line.paid[part] += piece
        if paid.on < line.due_on:
            line.in_advance += piece
        elif paid.on > line.due_on:
            line.late += piece
        if line.due == line.paid_total:
            line.paid_on = paid.on
    return allocation.left


def _charge(book: Book, charge: Charged) -> None:
    if charge.amount < 1:
        raise ReplayError("a charge is above zero")
    line = _line_for(book, charge.due_on)
    if charge.kind == "fee":
        line.fee += charge.amount
    else:
        line.penalty += charge.amount
    line.paid_on = None
    if book.overpaid:
        surplus, book.overpaid = book.overpaid, 0
        book.overpaid = _settle(book, surplus, Paid(charge.on, surplus))


def _line_for(book: Book, due_on: date) -> Line:
    for line in book.lines:
        if not line.is_down_payment and due_on <= line.due_on:
            return line
    last = book.lines[-1]
    if last.is_extra:
        last.due_on = due_on
        return last
    book.lines.append(Line(last.due_on, due_on, 0, is_extra=True))
    return book.lines[-1]


_HANDLERS: dict[type, Callable[[Book, Any], None]] = {
    Paid: _pay,
    Charged: _charge,
    DateMoved: changes.move_date,
    TermExtended: changes.extend,
    GraceGiven: changes.give_grace,
    RateChanged: changes.change_rate,
    AmountChanged: changes.change_amount,
    ReAged: changes.re_age,
    ReAmortized: changes.re_amortize,
    Rebated: changes.rebate,
}


def unearned_interest(state: PlanState, on: date) -> int:
    """Return the unpaid interest that is not earned yet on a day: what an early payoff saves.

    Rows not begun count in full, the row under way by its days left, rounded down for the lender's part
    (so the saving is rounded up). Never more than what is unpaid.
    """
    saved = 0
    for row in state.rows:
        unpaid = row.unpaid.interest
        if row.due_on <= on or not unpaid:
            continue
        days = max(row.days, 1)
        left = min(days, (row.due_on - on).days)
        saved += min(-(-row.interest * left // days), unpaid)
    return saved
