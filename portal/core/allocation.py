"""How a payment settles what is owed: which parts first, which rows first, what a surplus does.

An order has a name that a lender states in the contract. Parts are penalty, fee, interest, principal. Seen from
the day of payment a row is past due, due or in advance. Nothing is lost: what is settled plus
what is left equals the payment, to the unit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from portal.core.errors import AllocationError
from portal.core.money import share

Part = Literal["penalty", "fee", "interest", "principal"]
Surplus = Literal["next", "last", "even"]
Direction = Literal["by_row", "by_part"]
PARTS: tuple[Part, ...] = ("penalty", "fee", "interest", "principal")


class Owed(NamedTuple):
    """What one row still owes, part by part, in minor units."""

    number: int
    due_on: date
    penalty: int = 0
    fee: int = 0
    interest: int = 0
    principal: int = 0

    @property
    def total(self) -> int:
        """All four parts."""
        return self.penalty + self.fee + self.interest + self.principal


class Slice(NamedTuple):
    """A piece of a payment: so much of one part of one row."""

    number: int
    part: Part
    amount: int


class Allocation(NamedTuple):
    """The pieces of a payment and what is left when everything is settled."""

    slices: tuple[Slice, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Order:
    """The rule by which a payment is split.

    `due`: order of parts in rows past due or due. `in_advance`: the same in later rows. `surplus`: which
    later rows a payment in advance goes to: the next, the last, or all in even portions. `direction`:
    finish a row before the next (`by_row`) or a part in all rows before the next part (`by_part`).
    """

    due: tuple[Part, ...]
    in_advance: tuple[Part, ...]
    surplus: Surplus = "next"
    direction: Direction = "by_row"


_STANDARD: tuple[Part, ...] = ("penalty", "fee", "interest", "principal")
_PRINCIPAL_BEFORE_INTEREST: tuple[Part, ...] = ("penalty", "fee", "principal", "interest")
ORDERS: Mapping[str, Order] = {
    "penalty_fee_interest_principal": Order(_STANDARD, _STANDARD),
    "interest_principal_penalty_fee": Order(
        ("interest", "principal", "penalty", "fee"), ("interest", "principal", "penalty", "fee")
    ),
    "principal_interest_penalty_fee": Order(
        ("principal", "interest", "penalty", "fee"), ("principal", "interest", "penalty", "fee")
    ),
    "due_standard_in_advance_principal_first": Order(_STANDARD, ("principal", "penalty", "fee", "interest")),
    "fee_last": Order(
        ("penalty", "interest", "principal", "fee"), ("penalty", "interest", "principal", "fee")
    ),
    "past_due_first_by_row": Order(_PRINCIPAL_BEFORE_INTEREST, _PRINCIPAL_BEFORE_INTEREST),
    "past_due_first_by_part": Order(
        _PRINCIPAL_BEFORE_INTEREST, _PRINCIPAL_BEFORE_INTEREST, direction="by_part"
    ),
}


def order_named(name: str) -> Order:
    """Return the allocation order of a name in `ORDERS`. Raises `AllocationError` for another name."""
    try:
        return ORDERS[name]
    except KeyError:
        raise AllocationError(f"{name!r} is not an allocation order") from None


def allocate(*, amount: int, owed: Sequence[Owed], on: date, order: Order) -> Allocation:
    """Return how a payment made on a day settles the rows, and what is left of it.

    Rows past due come first, then rows due on the day, then later rows by the order's surplus rule.
    Raises `AllocationError` for a negative amount or owed part.
    """
    if amount < 0 or any(min(row[2:]) < 0 for row in owed):
        raise AllocationError("amounts are not negative")
    rest = _Rest(amount, owed)
    ordered = sorted(owed, key=lambda row: (row.due_on, row.number))
    for group in ([r for r in ordered if r.due_on < on], [r for r in ordered if r.due_on == on]):
        if group:
            rest.settle(_visits(group, order.due, order.direction))
    later = [row for row in ordered if row.due_on > on] if rest.left else []
    if order.surplus == "even":
        _evenly(rest, later, order)
    else:
        rows = later if order.surplus == "next" else later[::-1]
        rest.settle(_visits(rows, order.in_advance, order.direction))
    return Allocation(tuple(rest.slices), rest.left)


class _Rest:
    """What is left of a payment while it is split."""

    def __init__(self, amount: int, owed: Sequence[Owed]) -> None:
        self.left = amount
        self.slices: list[Slice] = []
        self.owed = {
            (row.number, part): amount for row in owed for part, amount in zip(PARTS, row[2:], strict=True)
        }

    def settle(self, visits: Iterator[tuple[int, Part]], limit: int | None = None) -> int:
        """Pay the visited parts in order, at most `limit`; return how much of it was used."""
        budget = self.left if limit is None else min(limit, self.left)
        start = budget
        for number, part in visits:
            if not budget:
                break
            now = min(budget, self.owed[number, part])
            if now:
                self.owed[number, part] -= now
                self.slices.append(Slice(number, part, now))
                budget -= now
        self.left -= start - budget
        return start - budget


def _visits(rows: Sequence[Owed], parts: Sequence[Part], direction: Direction) -> Iterator[tuple[int, Part]]:
    if direction == "by_row":
        yield from ((row.number, part) for row in rows for part in parts)
    else:
        yield from ((row.number, part) for part in parts for row in rows)


def _evenly(rest: _Rest, rows: Sequence[Owed], order: Order) -> None:
    """Spread what is left in even portions over the rows, by row over all parts or part after part."""
    passes = [order.in_advance] if order.direction == "by_row" else [(part,) for part in order.in_advance]
    for parts in passes:
        while rest.left:
            open_rows = [row for row in rows if any(rest.owed[row.number, part] for part in parts)]
            if not open_rows:
                break
            portions = share(rest.left, [1] * len(open_rows))
            for row, portion in zip(open_rows, reversed(portions), strict=True):
                rest.settle(_visits([row], parts, "by_row"), portion)


AccountOrder = Literal["pro_rata", "dearest_first", "smallest_first", "statutory"]


def across_accounts(
    *, amount: int, balances: Sequence[int], order: AccountOrder, rates: Sequence[int] = ()
) -> tuple[int, ...]:
    """Return how a payment is split over several debts, so that the units add up.

    `pro_rata` by balance and largest remainder; `dearest_first` by `rates`, highest first;
    `smallest_first` by balance; `statutory` in the order given. No account gets more than its balance.
    Raises `AllocationError` when the amount is above all balances or rates are missing.
    """
    if not 0 <= amount <= sum(balances):
        raise AllocationError("a payment over several debts lies between zero and their sum")
    if order == "pro_rata":
        return share(amount, balances) if amount else (0,) * len(balances)
    if order == "dearest_first" and len(rates) != len(balances):
        raise AllocationError("dearest first needs a rate for each account")
    keys = {
        "dearest_first": lambda i: (-rates[i], i),
        "smallest_first": lambda i: (balances[i], i),
        "statutory": lambda i: (0, i),
    }
    parts = [0] * len(balances)
    for i in sorted(range(len(balances)), key=keys[order]):
        parts[i] = min(amount, balances[i])
        amount -= parts[i]
    return tuple(parts)
