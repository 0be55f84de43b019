"""Events as staff read them: the file of an account, newest first, and one event as a receiver gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from portal.store.tables.events import events
from portal.store.work import Transaction

LATEST_LOOKED_AT = 20_000


@dataclass(frozen=True, kw_only=True)
class ToldEvent:
    """One event as it was told."""

    id: UUID
    type: str
    account_ref: str | None
    account_sequence: int | None
    creditor_ref: str | None
    debtor_ref: str | None
    actor: Mapping[str, Any]
    occurred_at: datetime
    payload: Mapping[str, Any]


_EVENT = tuple(events.c[name] for name in ToldEvent.__dataclass_fields__)


def list_events_of_account(
    tx: Transaction, *, account_ref: str, debtor_ref: str, limit: int, before: UUID | None = None
) -> list[ToldEvent]:
    """List what happened on an account and to its debtor as a whole, newest first, before the event `before`.

    Every event of an account names its debtor too, so one index serves both.
    """
    page = (
        select(*_EVENT)
        .where(
            events.c.lender_id == tx.lender_id,
            events.c.debtor_ref == debtor_ref,
            or_(events.c.account_ref == account_ref, events.c.account_ref.is_(None)),
        )
        .order_by(events.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        page = page.where(events.c.id < before)
    return [ToldEvent(**row._mapping) for row in tx.execute(page)]


def find_latest(tx: Transaction, *, type_: str) -> ToldEvent | None:
    """Find the lender's latest event of a type among its newest `LATEST_LOOKED_AT`; None when there is none.

    No index by type: each event that is written would pay for a page that is seldom opened.
    """
    newest = (
        select(*_EVENT)
        .where(events.c.lender_id == tx.lender_id)
        .order_by(events.c.id.desc())
        .limit(LATEST_LOOKED_AT)
        .subquery()
    )
    row = tx.execute(select(newest).where(newest.c.type == type_).limit(1)).one_or_none()
    return None if row is None else ToldEvent(**row._mapping)


def find_event(tx: Transaction, *, event_id: UUID) -> ToldEvent | None:
    row = tx.execute(
        select(*_EVENT).where(events.c.lender_id == tx.lender_id, events.c.id == event_id)
    ).one_or_none()
    return None if row is None else ToldEvent(**row._mapping)


def list_told_since(tx: Transaction, *, after: UUID, limit: int) -> list[ToldEvent]:
    """List what was told after an id was made, in the order of the ids."""
    rows = tx.execute(
        select(*_EVENT)
        .where(events.c.lender_id == tx.lender_id, events.c.id > after)
        .order_by(events.c.id)
        .limit(limit)
    )
    return [ToldEvent(**row._mapping) for row in rows]
