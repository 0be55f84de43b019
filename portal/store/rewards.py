"""Installments that a vested reward shrinks or lets fall away."""

from sqlalchemy import delete, update

from portal.core.agreements.rewards import Open
from portal.core.states import check_move
from portal.store.agreements import Installment
from portal.store.tables.agreements import installments
from portal.store.work import Transaction


def save_cut(tx: Transaction, *, installment: Installment, cut: Open) -> bool:
    """Save an installment as a reward leaves it; one of amount 0 is deleted. False when it changed meanwhile."""
    same = (
        installments.c.lender_id == tx.lender_id,
        installments.c.agreement_id == installment.agreement_id,
        installments.c.number == installment.number,
        installments.c.amount_minor == installment.amount_minor,
        installments.c.paid_minor == installment.paid_minor,
        installments.c.state == installment.state,
    )
    if cut.amount == 0:
        return tx.execute(delete(installments).where(*same)).rowcount == 1
    state = "paid" if cut.amount == cut.paid else installment.state
    if state != installment.state:
        check_move(noun="installment", before=installment.state, after=state)
    step = (
        update(installments)
        .where(*same)
        .values(
            amount_minor=cut.amount,
            principal_minor=cut.principal,
            interest_minor=cut.interest,
            state=state,
        )
    )
    return tx.execute(step).rowcount == 1
