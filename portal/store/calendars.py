"""The secret of a plan's calendar address: sealed here, so that its owner can see it again."""

from uuid import UUID

from sqlalchemy import select, update

from portal.store.tables.lives import plan_lives
from portal.store.work import Transaction

COLUMN = "plan_lives.calendar_token"


def load_token(tx: Transaction, *, agreement_id: UUID) -> str | None:
    """Unseal the secret of a plan's calendar; None when it has none."""
    sealed = tx.execute(
        select(plan_lives.c.calendar_token).where(
            plan_lives.c.lender_id == tx.lender_id, plan_lives.c.agreement_id == agreement_id
        )
    ).scalar_one_or_none()
    return tx.unseal_optional(column=COLUMN, row=agreement_id, sealed=sealed)


def save_token(tx: Transaction, *, agreement_id: UUID, token: str | None) -> None:
    """Save the secret of a plan's calendar, or that it has none."""
    tx.execute(
        update(plan_lives)
        .where(plan_lives.c.lender_id == tx.lender_id, plan_lives.c.agreement_id == agreement_id)
        .values(calendar_token=tx.seal_optional(column=COLUMN, row=agreement_id, text=token))
    )
