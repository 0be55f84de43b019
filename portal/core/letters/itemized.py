"""How a debt adds up on a day and since: the lines that the case system told, split at a date, to the unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LINE_KEYS = (
    "original", "principal", "interest", "fees", "penalty", "payment", "credit", "waiver", "other_changes",
)  # fmt: skip
_CHARGES = {"interest": "interest", "fees": "fees", "penalty": "fees"}
_LESS = frozenset({"payment", "credit", "waiver"})


@dataclass(frozen=True, kw_only=True, slots=True)
class DebtLine:
    """One addition to a debt, or what made it smaller (below zero); `key` is one of `LINE_KEYS` or unknown.

    A line without a day belongs to the beginning.
    """

    key: str
    on: date | None
    amount: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DebtFacts:
    """All that an itemization says of a debt: its lines, which add up to `balance`, and where they come from.

    `is_disputed` holds while somebody answers a dispute about it.
    """

    balance: int
    principal: int
    interest: int
    fees: int
    lines: Sequence[DebtLine]
    opened_on: date
    last_payment_on: date | None
    as_of: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """What was owed on a day and what changed since: `owed` + `interest` + `fees` - `less` is owed today.

    `less` is below zero when more of what had been paid went back than came in.
    """

    on: date
    owed: int
    interest: int
    fees: int
    less: int


def split(facts: DebtFacts, on: date) -> Since:
    """Return how a debt changed after a day. Other changes count among fees when they add, among `less` when not."""
    interest = fees = less = 0
    for line in facts.lines:
        if line.on is None or line.on <= on:
            continue
        kind = _CHARGES.get(line.key)
        if line.key in _LESS or line.amount < 0:
            less -= line.amount
        elif kind == "interest":
            interest += line.amount
        else:
            fees += line.amount
    return Since(on=on, owed=facts.balance - interest - fees + less, interest=interest, fees=fees, less=less)


def line_key(kind: str, label: str) -> str:
    """Return the name that a line is known by: its own label's, else its kind's, else `other`."""
    return next((one for one in (label, kind) if one in LINE_KEYS), "other")
