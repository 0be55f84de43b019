"""Time stamps (RFC 3161) on signed heads of a lender's log; one for a head, kept as it came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.evidence import checkpoints, time_stamps
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class TimeStamp:
    """A token of a time-stamp authority over the whole note (text and signatures) of the head of this size."""

    size: int
    authority: str
    token: bytes
    stamped_at: datetime


_STAMP = (time_stamps.c.size, time_stamps.c.authority, time_stamps.c.token, time_stamps.c.stamped_at)


def save_time_stamp(tx: Transaction, stamp: TimeStamp) -> bool:
    """Keep a stamp; False when the head has one already."""
    fresh = insert(time_stamps).values(lender_id=tx.lender_id, **vars(stamp)).on_conflict_do_nothing()
    return tx.execute(fresh).rowcount == 1


def list_time_stamps(tx: Transaction, *, sizes: list[int]) -> dict[int, TimeStamp]:
    """List the stamps of the heads of these sizes, by size."""
    rows = tx.execute(
        select(*_STAMP).where(time_stamps.c.lender_id == tx.lender_id, time_stamps.c.size.in_(sizes))
    )
    return {row.size: TimeStamp(**row._mapping) for row in rows}


def find_newest(tx: Transaction, *, up_to: int) -> TimeStamp | None:
    """Find the stamp of the largest head that has one, up to a size."""
    row = tx.execute(
        select(*_STAMP)
        .where(time_stamps.c.lender_id == tx.lender_id, time_stamps.c.size <= up_to)
        .order_by(time_stamps.c.size.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else TimeStamp(**row._mapping)


def find_unstamped_note(tx: Transaction) -> tuple[int, str] | None:
    """Find the newest head as (size, note), unless it has its stamp: a stamp on it covers every earlier one."""
    row = tx.execute(
        select(checkpoints.c.size, checkpoints.c.note, time_stamps.c.size.label("stamped"))
        .select_from(
            checkpoints.outerjoin(
                time_stamps,
                (time_stamps.c.lender_id == checkpoints.c.lender_id)
                & (time_stamps.c.size == checkpoints.c.size),
            )
        )
        .where(checkpoints.c.lender_id == tx.lender_id)
        .order_by(checkpoints.c.size.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None or row.stamped is not None else (row.size, row.note)
