"""Rows that are one act each: money that moved elsewhere, a line of what is owed, an account that is taken back.

Amounts are written without a sign; the kind says in which direction they go.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from portal.core.holds import RECALL_REASONS
from portal.core.imports.cells import Cells, Rules, is_empty
from portal.core.imports.faults import CellError, Fault, fault

PAYMENT = "payment"
METHODS = ("bank_transfer", "cash", "card", "check", "direct_debit", "other")
"""How a payment reached the lender elsewhere; an empty cell means other."""
COMPONENTS = ("principal", "interest", "fees")
#: Kind of a transaction -> reason of the adjustment, its component (None: the row says it), and its sign.
ADJUSTMENTS: Mapping[str, tuple[str, str | None, int]] = MappingProxyType(
    {
        "fee_charged": ("fee_charged", "fees", 1),
        "fee_waived": ("fee_waived", "fees", -1),
        "interest_charged": ("interest_charged", "interest", 1),
        "interest_waived": ("interest_waived", "interest", -1),
        "credit": ("credit", None, -1),
        "correction_up": ("correction", None, 1),
        "correction_down": ("correction", None, -1),
    }
)
TRANSACTION_KINDS = (PAYMENT, *ADJUSTMENTS)
#: Kind of a line -> its sign in the sum that is the balance.
LINE_KINDS: Mapping[str, int] = MappingProxyType(
    {"principal": 1, "interest": 1, "fees": 1, "penalty": 1, "payment": -1, "credit": -1, "waiver": -1}
)
YES, NO = ("yes", "true", "1"), ("", "no", "false", "0")


@dataclass(frozen=True, kw_only=True, slots=True)
class TransactionRow:
    """Money that moved, or a figure that changed, in the lender's own books; `amount_minor` is above zero.

    `component` is empty for a payment, which the portal allocates by its own rules.
    """

    transaction_ref: str
    account_ref: str
    kind: str
    component: str
    amount_minor: int
    currency: str
    booked_on: date
    method: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LineRow:
    """One line of an account's itemization; `amount_minor` has its sign."""

    account_ref: str
    kind: str
    label_key: str
    on_date: date | None
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RecallRow:
    """An account that the lender takes back; `is_forced`: although a guard stands in the way."""

    account_ref: str
    reason: str
    is_forced: bool


ActRow = TransactionRow | LineRow | RecallRow


class ActReader:
    """Reads rows of one kind whose cells stand at `positions`; made once a file, then called for each row."""

    def __init__(self, *, kind: str, positions: Mapping[str, int], width: int, rules: Rules) -> None:
        self._readers, self._make = _KINDS[kind]
        self._positions = positions
        self._width = width
        self._cells = Cells(rules)

    def read(self, cells: Sequence[object]) -> ActRow | list[Fault]:
        """Read a row: all of it, or every fault that it has."""
        if len(cells) != self._width:
            return [Fault("", "row.cells", params={"found": len(cells), "wanted": self._width})]
        good: dict[str, Any] = {}
        faults: list[Fault] = []
        for column, read in self._readers.items():
            place = self._positions.get(column, -1)
            cell = cells[place] if place >= 0 else None
            try:
                good[column] = read(self._cells, cell, good)
            except CellError as error:
                faults.append(fault(column, error, cell))
                good[column] = None
        return faults or self._make(good)


def _word(words: Sequence[str], *, default: str | None = None) -> Callable[..., str]:
    def read(cells: Cells, cell: object, _good: Mapping[str, Any]) -> str:
        if default is not None and is_empty(cell):
            return default
        return cells.word(cell, words)

    return read


def _text(name: str) -> Callable[..., str]:
    return lambda cells, cell, _good: cells.required_text(cell, name)


def _label(cells: Cells, cell: object, good: Mapping[str, Any]) -> str:
    """Read the key of a line's text; an empty one is the kind itself."""
    return str(good["kind"] or "") if is_empty(cell) else cells.code(cell)


def _component(cells: Cells, cell: object, good: Mapping[str, Any]) -> str:
    """Read which part of the balance changes: the kind says it, or the cell does, or it is the principal."""
    kind = good["kind"]
    if kind is None or kind == PAYMENT:
        return ""
    own = ADJUSTMENTS[kind][1]
    return own or ("principal" if is_empty(cell) else cells.word(cell, COMPONENTS))


def _above_zero(cells: Cells, cell: object, good: Mapping[str, Any]) -> int:
    amount = cells.amount(cell, good["currency"])
    if not amount:
        raise CellError("amount.zero")
    return amount


_TRANSACTION: Mapping[str, Callable[..., Any]] = {
    "transaction_ref": _text("transaction_ref"),
    "account_ref": _text("account_ref"),
    "kind": _word(TRANSACTION_KINDS),
    "currency": lambda cells, cell, _good: cells.currency(cell),
    "amount": _above_zero,
    "booked_on": lambda cells, cell, _good: cells.day(cell),
    "component": _component,
    "method": _word(METHODS, default="other"),
}
_LINE: Mapping[str, Callable[..., Any]] = {
    "account_ref": _text("account_ref"),
    "kind": _word(tuple(LINE_KINDS)),
    "label": _label,
    "on_date": lambda cells, cell, _good: cells.optional_day(cell),
    "currency": lambda cells, cell, _good: cells.currency(cell),
    "amount": _above_zero,
}
_RECALL: Mapping[str, Callable[..., Any]] = {
    "account_ref": _text("account_ref"),
    "reason": _word(RECALL_REASONS),
    "force": _word((*YES, *NO), default=""),
}


def _transaction(good: Mapping[str, Any]) -> ActRow:
    return TransactionRow(
        transaction_ref=good["transaction_ref"],
        account_ref=good["account_ref"],
        kind=good["kind"],
        component=good["component"],
        amount_minor=good["amount"],
        currency=good["currency"],
        booked_on=good["booked_on"],
        method=good["method"],
    )


def _line(good: Mapping[str, Any]) -> ActRow:
    return LineRow(
        account_ref=good["account_ref"],
        kind=good["kind"],
        label_key=good["label"],
        on_date=good["on_date"],
        amount_minor=good["amount"] * LINE_KINDS[good["kind"]],
        currency=good["currency"],
    )


def _recall(good: Mapping[str, Any]) -> ActRow:
    return RecallRow(account_ref=good["account_ref"], reason=good["reason"], is_forced=good["force"] in YES)


_KINDS: Mapping[str, tuple[Mapping[str, Callable[..., Any]], Callable[[Mapping[str, Any]], ActRow]]] = {
    "transactions": (_TRANSACTION, _transaction),
    "lines": (_LINE, _line),
    "recalls": (_RECALL, _recall),
}
