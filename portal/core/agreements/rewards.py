"""What a vested reward takes off a running plan: the last payments shrink or fall away, to the unit.

The rule is that of `core.plans.skills.after`, applied to installments of which some may be paid: what is paid stays
paid, no payment grows or moves, and with no reward the schedule is the baseline B0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.errors import PlanError


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """One installment as it stands, in minor units; `amount` is principal and interest together."""

    number: int
    amount: int
    principal: int
    interest: int
    paid: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Vested:
    """The installments that change, as they stand then, and what was taken off them altogether.

    A changed installment of amount 0 falls away. `principal` is the part that was owed already and is forgiven,
    `interest` the plan's own interest that will never be charged.
    """

    changed: tuple[Open, ...]
    principal: int
    interest: int

    @property
    def amount(self) -> int:
        """Return all that was taken off."""
        return self.principal + self.interest


def vest(rows: Sequence[Open], *, worth: int) -> Vested:
    """Return what a reward of `worth` minor units takes off the installments, the last one first.

    At most what is still unpaid is taken. Raises PlanError for a negative worth or an installment that is paid
    beyond its amount or does not add up.
    """
    if worth < 0 or any(r.paid > r.amount or r.principal + r.interest != r.amount for r in rows):
        raise PlanError("a reward and the payments of a plan are never negative, and parts add up")
    changed, principal, interest, left = [], 0, 0, worth
    for row in sorted(rows, key=lambda one: one.number, reverse=True):
        taken = min(left, row.amount - row.paid)
        if taken <= 0:
            continue
        amount = row.amount - taken
        kept = min(row.interest, amount)
        changed.append(
            Open(number=row.number, amount=amount, principal=amount - kept, interest=kept, paid=row.paid)
        )
        interest += row.interest - kept
        principal += taken - (row.interest - kept)
        left -= taken
    return Vested(changed=tuple(changed), principal=principal, interest=interest)
