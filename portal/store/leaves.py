"""The order in which a lender's events stand for good: one leaf each, numbered after their commit.

Ids are made before the commit and may become visible out of order, so no id and no time is a safe cursor; a leaf's
position is (design rule: HOUSE.md 5). Within an account positions follow the account's sequence.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.store.tables.events import events
from portal.store.tables.evidence import leaf_heads, leaves
from portal.store.work import Transaction

TRANSACTION_MAX = timedelta(hours=1)
"""No transaction that appends events stays open longer: an id older than that is not waited for."""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """An event at its place in the lender's log."""

    position: int
    event_id: UUID
    type: str
    account_ref: str | None
    account_sequence: int | None
    creditor_ref: str | None
    debtor_ref: str | None
    actor: dict[str, Any]
    occurred_at: datetime
    payload: dict[str, Any]


def number_events(tx: Transaction) -> int:
    """Give every committed event of the lender that has none its leaf; one writer at a time; gives how many."""
    size = lock_log(tx)
    fresh = _unnumbered(tx, size)
    if not fresh:
        return 0
    tx.execute(
        insert(leaves),
        [
            {"lender_id": tx.lender_id, "position": position, "event_id": event_id}
            for position, event_id in enumerate(_in_order(fresh), size + 1)
        ],
    )
    tx.execute(
        update(leaf_heads).where(leaf_heads.c.lender_id == tx.lender_id).values(size=size + len(fresh))
    )
    return len(fresh)


def lock_log(tx: Transaction) -> int:
    """Become the one writer of the lender's log until the commit; gives how many events have their leaf."""
    tx.execute(upsert(leaf_heads).values(lender_id=tx.lender_id, size=0).on_conflict_do_nothing())
    locked = select(leaf_heads.c.size).where(leaf_heads.c.lender_id == tx.lender_id).with_for_update()
    return int(tx.execute(locked).scalar_one())


def _unnumbered(tx: Transaction, size: int) -> list[tuple[UUID, str | None, int | None]]:
    """List the events without a leaf. Both sides begin at the same time, so neither can be read from its beginning."""
    has_leaf = exists().where(leaves.c.lender_id == events.c.lender_id, leaves.c.event_id == events.c.id)
    wanted = select(events.c.id, events.c.account_ref, events.c.account_sequence)
    if size:
        newest = tx.execute(
            select(leaves.c.event_id).where(leaves.c.lender_id == tx.lender_id, leaves.c.position == size)
        ).scalar_one()
        has_leaf = has_leaf.where(leaves.c.event_id > _before(newest))
        wanted = wanted.where(events.c.id > _before(newest))
    rows = tx.execute(wanted.where(events.c.lender_id == tx.lender_id, ~has_leaf).order_by(events.c.id))
    return [(row.id, row.account_ref, row.account_sequence) for row in rows]


def _before(event_id: UUID) -> UUID:
    """Give the smallest UUIDv7 of the time `TRANSACTION_MAX` before this one."""
    milliseconds = (event_id.int >> 80) - int(TRANSACTION_MAX.total_seconds() * 1000)
    return UUID(int=max(milliseconds, 0) << 80)


def _in_order(fresh: list[tuple[UUID, str | None, int | None]]) -> list[UUID]:
    """Keep the order of the ids, but let the events of one account take its places by their sequence."""
    queues: dict[str, list[tuple[int, UUID]]] = defaultdict(list)
    for event_id, account_ref, sequence in fresh:
        if account_ref is not None and sequence is not None:
            queues[account_ref].append((sequence, event_id))
    for queue in queues.values():
        queue.sort(reverse=True)
    return [event_id if ref is None else queues[ref].pop()[1] for event_id, ref, _ in fresh]


def list_leaves(tx: Transaction, *, after: int, limit: int) -> list[Leaf]:
    """List the events after a position, in order."""
    rows = tx.execute(
        select(
            leaves.c.position,
            leaves.c.event_id,
            events.c.type,
            events.c.account_ref,
            events.c.account_sequence,
            events.c.creditor_ref,
            events.c.debtor_ref,
            events.c.actor,
            events.c.occurred_at,
            events.c.payload,
        )
        .select_from(
            leaves.join(
                events, (events.c.lender_id == leaves.c.lender_id) & (events.c.id == leaves.c.event_id)
            )
        )
        .where(leaves.c.lender_id == tx.lender_id, leaves.c.position > after)
        .order_by(leaves.c.position)
        .limit(limit)
    )
    return [Leaf(**row._mapping) for row in rows]


def log_size(tx: Transaction) -> int:
    """Give how many events of the lender have their leaf."""
    wanted = select(func.max(leaf_heads.c.size)).where(leaf_heads.c.lender_id == tx.lender_id)
    return int(tx.execute(wanted).scalar_one() or 0)
