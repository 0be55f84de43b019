"""Which lenders have deliveries to make: a small shared table of hints, so that nobody asks every lender all the time.

A hint is taken by moving it a little into the future: an event that commits meanwhile moves it back, and a loop that
dies lets it come up again by itself. A hint that was never written (a crash right after the commit) is made up by
the sweeper.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.lenders import lenders
from portal.store.tables.shared import delivery_hints
from portal.store.work import SharedTransaction


def take(tx: SharedTransaction, *, now: datetime, until: datetime, limit: int) -> list[int]:
    """Take up to `limit` lenders with due work, those that wait longest first; their hints come up again `until`."""
    due = (
        select(delivery_hints.c.lender_id)
        .where(delivery_hints.c.due_at <= now)
        .order_by(delivery_hints.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    change = (
        update(delivery_hints)
        .where(delivery_hints.c.lender_id.in_(due))
        .values(due_at=until)
        .returning(delivery_hints.c.lender_id)
    )
    return list(tx.execute(change).scalars())


def settle(
    tx: SharedTransaction, *, lender_id: int, taken_until: datetime, next_due: datetime | None
) -> bool:
    """Set when a lender's next work is due, or that there is none; False when a fresh hint came meanwhile."""
    held = (delivery_hints.c.lender_id == lender_id, delivery_hints.c.due_at == taken_until)
    if next_due is None:
        return tx.execute(delete(delivery_hints).where(*held)).rowcount == 1
    return tx.execute(update(delivery_hints).where(*held).values(due_at=next_due)).rowcount == 1


def ensure(tx: SharedTransaction, *, lender_id: int, due_at: datetime) -> None:
    """Make sure that a lender's hint comes up at `due_at` at the latest."""
    fresh = insert(delivery_hints).values(lender_id=lender_id, due_at=due_at)
    tx.execute(
        fresh.on_conflict_do_update(
            index_elements=["lender_id"],
            set_={"due_at": fresh.excluded.due_at},
            where=delivery_hints.c.due_at > fresh.excluded.due_at,
        )
    )


def list_lender_ids(tx: SharedTransaction) -> list[int]:
    """List every lender's number."""
    return list(tx.execute(select(lenders.c.lender_id).order_by(lenders.c.lender_id)).scalars())


def has_due(tx: SharedTransaction, *, now: datetime) -> bool:
    """Tell whether any lender's hint is due."""
    first = select(delivery_hints.c.lender_id).where(delivery_hints.c.due_at <= now).limit(1)
    return tx.execute(first).scalar_one_or_none() is not None
