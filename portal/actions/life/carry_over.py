"""Money that was placed under an earlier version went back: it comes at the end of the plan that runs now."""

from datetime import datetime
from uuid import UUID

from portal.store import agreements, life_changes, versions
from portal.store.work import Transaction


def carry_over(
    tx: Transaction, *, agreement_id: UUID | None, principal_minor: int, interest_minor: int, now: datetime
) -> UUID | None:
    """Add what went back to the last payment of the version that took an agreement's place; gives the one that has it.

    Where nothing took its place the agreement itself has it: its own payments are open again already.
    """
    later = versions.find_newest(tx, agreement_id=agreement_id) if agreement_id else None
    if later is None or not principal_minor + interest_minor:
        return agreement_id
    last = agreements.list_installments(tx, agreement_id=later.agreement_id)[-1]
    life_changes.save_amount(
        tx,
        agreement_id=later.agreement_id,
        number=last.number,
        principal_minor=last.principal_minor + principal_minor,
        interest_minor=last.interest_minor + interest_minor,
    )
    if last.state == "paid":
        state = "due" if last.due_on <= now.date() else "upcoming"
        agreements.save_paid(tx, installment=last, paid_minor=last.paid_minor, state=state)
    return later.agreement_id
