"""Outside events, kept by their unique id before anything else happens to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.payments import inbox
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    source: str
    outside_id: str
    body: bytes
    state: str
    received_at: datetime


def keep(tx: Transaction, *, source: str, outside_id: str, body: bytes, now: datetime) -> bool:
    """Keep an outside event; False when its id was kept before."""
    fresh = (
        insert(inbox)
        .values(
            lender_id=tx.lender_id,
            source=source,
            outside_id=outside_id,
            body=body,
            state="kept",
            received_at=now,
        )
        .on_conflict_do_nothing()
    )
    return tx.execute(fresh).rowcount == 1


def lock_kept(tx: Transaction, *, source: str, outside_id: str) -> InboxRow | None:
    """Lock an event that waits; None when it is done or another worker has it."""
    row = tx.execute(
        select(inbox.c.source, inbox.c.outside_id, inbox.c.body, inbox.c.state, inbox.c.received_at)
        .where(
            inbox.c.lender_id == tx.lender_id,
            inbox.c.source == source,
            inbox.c.outside_id == outside_id,
            inbox.c.state == "kept",
        )
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return None if row is None else InboxRow(**row._mapping)


def list_kept(tx: Transaction, *, limit: int = 100) -> list[tuple[str, str]]:
    """List (source, id) of the events that wait, oldest first: the sweeper's net under lost jobs."""
    rows = tx.execute(
        select(inbox.c.source, inbox.c.outside_id)
        .where(inbox.c.lender_id == tx.lender_id, inbox.c.state == "kept")
        .order_by(inbox.c.received_at)
        .limit(limit)
    )
    return [(row.source, row.outside_id) for row in rows]


def finish(tx: Transaction, *, source: str, outside_id: str, state: str, now: datetime) -> None:
    """Mark an event as done (`done`) or as nothing for us (`ignored`)."""
    tx.execute(
        update(inbox)
        .where(inbox.c.lender_id == tx.lender_id, inbox.c.source == source, inbox.c.outside_id == outside_id)
        .values(state=state, done_at=now)
    )
