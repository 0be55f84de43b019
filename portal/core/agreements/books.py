"""What a payment settles on an account with or without a plan: first the installments, then the parts of the debt.

The order is `fees_interest_principal` by default; amounts are minor units and always add up to the payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.errors import AllocationError


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """What is left of each part of the debt."""

    fees: int
    interest: int
    principal: int

    @property
    def total(self) -> int:
        """All parts together."""
        return self.fees + self.interest + self.principal


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """Where a payment went; `credit` is what was paid beyond the debt and is offered back."""

    fees: int
    interest: int
    principal: int
    credit: int

    @property
    def total(self) -> int:
        """The whole payment."""
        return self.fees + self.interest + self.principal + self.credit


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One installment as far as it is still open."""

    number: int
    left_minor: int


def settle(*, amount_minor: int, owed: Owed) -> Settled:
    """Return how a payment settles the parts of a debt: fees, then interest, then principal, the rest is credit.

    Raises AllocationError when the amount is not positive or a part is negative.
    """
    if amount_minor <= 0 or min(owed.fees, owed.interest, owed.principal) < 0:
        raise AllocationError("a payment is positive and no part of a debt is negative")
    fees = min(amount_minor, owed.fees)
    interest = min(amount_minor - fees, owed.interest)
    principal = min(amount_minor - fees - interest, owed.principal)
    return Settled(
        fees=fees,
        interest=interest,
        principal=principal,
        credit=amount_minor - fees - interest - principal,
    )


def pay_installments(*, amount_minor: int, dues: Sequence[Due]) -> tuple[tuple[int, int], ...]:
    """Return (number, amount) for each installment that a payment reaches, earliest first.

    What exceeds all installments is not placed; it is the credit of `settle`.
    """
    parts: list[tuple[int, int]] = []
    left = amount_minor
    for due in dues:
        part = min(left, due.left_minor)
        if part > 0:
            parts.append((due.number, part))
            left -= part
    return tuple(parts)


def interest_part(*, paid_before: int, part: int, interest: int) -> int:
    """Return how much of a part paid on an installment is the plan's own interest; it is settled first.

    `paid_before` is what was paid on the installment already, `interest` the interest in it.
    """
    return min(part, max(interest - paid_before, 0))
