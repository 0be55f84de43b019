"""Holds that run out: found by their date, released once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from portal.store.life_changes import wake_account
from portal.store.tables.debtors import accounts, debtors, holds
from portal.store.tables.lenders import creditors
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class EndedHold:
    """A hold whose date has passed, with what its event says of the account."""

    hold_id: UUID
    account_id: UUID
    kind: str
    account_ref: str
    creditor_ref: str
    debtor_ref: str


def list_ended(tx: Transaction, *, now: datetime, limit: int) -> list[EndedHold]:
    """List holds whose date has passed and that nobody released yet, the oldest date first."""
    joined = (
        holds.join(
            accounts,
            (accounts.c.lender_id == holds.c.lender_id) & (accounts.c.account_id == holds.c.account_id),
        )
        .join(
            creditors,
            (creditors.c.lender_id == accounts.c.lender_id)
            & (creditors.c.creditor_id == accounts.c.creditor_id),
        )
        .join(
            debtors,
            (debtors.c.lender_id == accounts.c.lender_id) & (debtors.c.debtor_id == accounts.c.debtor_id),
        )
    )
    rows = tx.execute(
        select(
            holds.c.hold_id,
            holds.c.account_id,
            holds.c.kind,
            accounts.c.account_ref,
            creditors.c.creditor_ref,
            debtors.c.debtor_ref,
        )
        .select_from(joined)
        .where(holds.c.lender_id == tx.lender_id, holds.c.released_at.is_(None), holds.c.until <= now)
        .order_by(holds.c.until)
        .limit(limit)
    )
    return [EndedHold(**row._mapping) for row in rows]


def release(tx: Transaction, *, hold: EndedHold, now: datetime) -> bool:
    """Release one hold and let the account's plan look again; False when it was released before."""
    wake_account(tx, account_id=hold.account_id, now=now)
    step = (
        update(holds)
        .where(
            holds.c.lender_id == tx.lender_id, holds.c.hold_id == hold.hold_id, holds.c.released_at.is_(None)
        )
        .values(released_at=now)
    )
    return tx.execute(step).rowcount == 1
