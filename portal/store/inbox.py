"""Outside events, kept by their unique id before anything else happens to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
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
    row = tx.find(_LOCK_KEPT, {"lender_id": tx.lender_id, "source": source, "outside_id": outside_id})
    return None if row is None else InboxRow(**row)


_LOCK_KEPT = """
SELECT source, outside_id, body, state, received_at FROM inbox
WHERE inbox.lender_id = %(lender_id)s AND source = %(source)s AND outside_id = %(outside_id)s AND state = 'kept'
FOR UPDATE SKIP LOCKED
"""


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
    tx.later(
        _FINISH,
        {
            "lender_id": tx.lender_id,
            "source": source,
            "outside_id": outside_id,
            "state": state,
            "now": now,
        },
    )


_FINISH = """
UPDATE inbox SET state = %(state)s, done_at = %(now)s
WHERE inbox.lender_id = %(lender_id)s AND inbox.source = %(source)s AND inbox.outside_id = %(outside_id)s
"""
