"""What can be paid on an account today: the next payment, what is past its date, all of it, any other amount.

Amounts are minor units of the account's currency. Paying a plan off early saves the interest of the plan that is not
earned yet, by the same rule as `core/replay`: a row not begun counts in full, the row under way by its days left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.money import exponent


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One installment as far as it is open: what is left of it, and the plan's own interest that is unpaid in it."""

    number: int
    due_on: date
    left: int
    interest: int = 0
    unpaid_interest: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Payable:
    """What can be paid today.

    `next` is the next installment or None; `overdue` what is past its date when that is more than the next one, else
    0; `all` what ends the debt today; `saving` what paying all today saves; an own amount lies between `least` and
    `all`.
    """

    next: Due | None
    overdue: int
    all: int
    saving: int
    least: int


def payable(*, balance: int, dues: Sequence[Due], starts_on: date | None, today: date, least: int) -> Payable:
    """Return what can be paid on an account today.

    `dues` are the installments of the running plan in their order, empty without one; then `balance` is all.
    `starts_on` is the day of signing; `least` the smallest own amount that the lender takes.
    """
    if not dues:
        return Payable(next=None, overdue=0, all=balance, saving=0, least=min(least, balance))
    following = next((due for due in dues if due.left), None)
    late = sum(due.left for due in dues if due.due_on < today)
    saving = unearned_interest(dues, starts_on=starts_on or today, on=today)
    left = sum(due.left for due in dues) - saving
    return Payable(
        next=following,
        overdue=late if following is not None and late > following.left else 0,
        all=left,
        saving=saving,
        least=min(least, left),
    )


def unearned_interest(dues: Sequence[Due], *, starts_on: date, on: date) -> int:
    """Return the unpaid interest of a plan that is not earned yet on a day: what paying all on it saves."""
    return sum(saved for _, saved in rebates(dues, starts_on=starts_on, on=on))


def rebates(dues: Sequence[Due], *, starts_on: date, on: date) -> tuple[tuple[int, int], ...]:
    """Return (number, interest that is not charged) of each row when a plan is paid off on a day."""
    found: list[tuple[int, int]] = []
    begins = starts_on
    for due in sorted(dues, key=lambda one: one.due_on):
        days = max((due.due_on - begins).days, 1)
        begins = max(begins, due.due_on)
        if due.due_on > on and due.unpaid_interest:
            left = min(days, (due.due_on - on).days)
            found.append((due.number, min(-(-due.interest * left // days), due.unpaid_interest)))
    return tuple(found)


def least_payment(settings: Mapping[str, Any], currency: str) -> int:
    """Return the smallest own amount that a lender takes, in minor units: its setting, else one major unit."""
    own = settings.get("payment_least")
    wished = own.get(currency) if isinstance(own, Mapping) else None
    if isinstance(wished, int) and not isinstance(wished, bool) and wished > 0:
        return wished
    return int(10 ** exponent(currency))
