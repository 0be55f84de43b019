"""The interest of an installment that an early payoff saves: taken off its row, put back when that is undone."""

from uuid import UUID

from sqlalchemy import update

from portal.store.tables.agreements import installments
from portal.store.work import Transaction


def change_interest(tx: Transaction, *, agreement_id: UUID, number: int, by_minor: int) -> None:
    """Change the interest of one installment, and its amount with it, by so many minor units."""
    tx.execute(
        update(installments)
        .where(
            installments.c.lender_id == tx.lender_id,
            installments.c.agreement_id == agreement_id,
            installments.c.number == number,
        )
        .values(
            interest_minor=installments.c.interest_minor + by_minor,
            amount_minor=installments.c.amount_minor + by_minor,
        )
    )
