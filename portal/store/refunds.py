"""Money on its way back: who asked, who said yes, what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.core.states import check_move
from portal.store.tables.refunds import refunds
from portal.store.work import Transaction

OPEN = ("asked", "approved", "sent")
"""States in which a refund has a claim on its payment."""


@dataclass(frozen=True, kw_only=True)
class Refund:
    """One refund; `asked_by` and `decided_by` are references of the staff, or `debtor`."""

    refund_id: UUID
    refund_ref: str
    payment_id: UUID
    account_id: UUID
    amount_minor: int
    currency: str
    reason: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    gateway_ref: str | None = None


_REFUND = tuple(refunds.c[name] for name in Refund.__dataclass_fields__)


def save_refund(tx: Transaction, refund: Refund) -> None:
    tx.execute(insert(refunds).values(lender_id=tx.lender_id, **vars(refund)))


def lock_refund(
    tx: Transaction, *, refund_id: UUID | None = None, refund_ref: str | None = None
) -> Refund | None:
    """Lock a refund's row until the commit and load it, by its id or its reference."""
    wanted = refunds.c.refund_id == refund_id if refund_id is not None else refunds.c.refund_ref == refund_ref
    row = tx.execute(
        select(*_REFUND).where(refunds.c.lender_id == tx.lender_id, wanted).with_for_update()
    ).one_or_none()
    return None if row is None else Refund(**row._mapping)


def list_refunds_of(tx: Transaction, *, payment_id: UUID) -> list[Refund]:
    """List a payment's refunds, oldest first."""
    rows = tx.execute(
        select(*_REFUND)
        .where(refunds.c.lender_id == tx.lender_id, refunds.c.payment_id == payment_id)
        .order_by(refunds.c.refund_id)
    )
    return [Refund(**row._mapping) for row in rows]


def list_refunds(tx: Transaction, *, state: str, limit: int = 100) -> list[Refund]:
    """List the refunds in one state, oldest first."""
    rows = tx.execute(
        select(*_REFUND)
        .where(refunds.c.lender_id == tx.lender_id, refunds.c.state == state)
        .order_by(refunds.c.refund_id)
        .limit(limit)
    )
    return [Refund(**row._mapping) for row in rows]


def move_refund(tx: Transaction, *, refund_id: UUID, before: str, after: str, **values: Any) -> bool:
    """Move a refund's state by compare-and-set, with other columns; False when it was not in `before`."""
    check_move(noun="refund", before=before, after=after)
    step = (
        update(refunds)
        .where(
            refunds.c.lender_id == tx.lender_id, refunds.c.refund_id == refund_id, refunds.c.state == before
        )
        .values(state=after, **values)
    )
    return tx.execute(step).rowcount == 1
