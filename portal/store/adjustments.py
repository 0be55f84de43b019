"""Adjustments by the lender's own reference: told twice, one is booked once."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.payments import adjustments
from portal.store.work import Transaction


@dataclass(frozen=True)
class KeptAdjustment:
    """What the lender told under one reference; the amount is signed minor units of the account's currency."""

    account_id: UUID
    component: str
    amount_minor: int
    reason: str
    on_date: date


def find_adjustment(tx: Transaction, *, reference: str) -> KeptAdjustment | None:
    """Find what was told under a reference."""
    row = tx.execute(
        select(
            adjustments.c.account_id,
            adjustments.c.component,
            adjustments.c.amount_minor,
            adjustments.c.reason,
            adjustments.c.on_date,
        ).where(adjustments.c.lender_id == tx.lender_id, adjustments.c.reference == reference)
    ).one_or_none()
    return None if row is None else KeptAdjustment(**row._mapping)


def save_adjustment(tx: Transaction, *, reference: str, told: KeptAdjustment, now: datetime) -> bool:
    """Keep what is told under a reference; False when somebody tells the same reference at this moment."""
    fresh = insert(adjustments).values(lender_id=tx.lender_id, reference=reference, told_at=now, **vars(told))
    return tx.execute(fresh.on_conflict_do_nothing()).rowcount == 1
