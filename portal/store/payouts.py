"""What was paid out to creditors of the money that came in for them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from portal.store.tables.books import payouts
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Payout:
    """Money that went to a creditor; `reference` is the words of the bank's order, `made_by` who wrote it down."""

    payout_id: UUID
    payout_ref: str
    creditor_id: UUID
    currency: str
    amount_minor: int
    on_date: date
    reference: str
    made_by: str
    made_at: datetime


_PAYOUT = tuple(payouts.c[name] for name in Payout.__dataclass_fields__)


def save_payout(tx: Transaction, payout: Payout) -> None:
    tx.execute(insert(payouts).values(lender_id=tx.lender_id, **vars(payout)))


def list_payouts(tx: Transaction, *, creditor_id: UUID, limit: int = 50) -> list[Payout]:
    """List what was paid out to a creditor, the newest first."""
    rows = tx.execute(
        select(*_PAYOUT)
        .where(payouts.c.lender_id == tx.lender_id, payouts.c.creditor_id == creditor_id)
        .order_by(payouts.c.on_date.desc(), payouts.c.payout_id.desc())
        .limit(limit)
    )
    return [Payout(**row._mapping) for row in rows]


def sum_paid_out(tx: Transaction, *, on: date) -> dict[tuple[UUID, str], int]:
    """Add up what was paid out to each creditor in each currency up to the end of a day, in minor units."""
    rows = tx.execute(
        select(payouts.c.creditor_id, payouts.c.currency, func.sum(payouts.c.amount_minor).label("minor"))
        .where(payouts.c.lender_id == tx.lender_id, payouts.c.on_date <= on)
        .group_by(payouts.c.creditor_id, payouts.c.currency)
    )
    return {(row.creditor_id, row.currency): int(row.minor) for row in rows}
