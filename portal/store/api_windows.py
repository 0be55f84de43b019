"""How often a key called the API in the current minute: shared by all processes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.lenders import api_windows
from portal.store.work import Transaction


def count_call(tx: Transaction, *, api_key_id: UUID, window_started_at: datetime) -> int:
    """Count one call in a window and give how many there were; older windows of the key are forgotten.

    The count may be lost in a crash: it is not worth a wait for the disk.
    """
    tx.connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    step = (
        update(api_windows)
        .where(
            api_windows.c.lender_id == tx.lender_id,
            api_windows.c.api_key_id == api_key_id,
            api_windows.c.window_started_at == window_started_at,
        )
        .values(calls=api_windows.c.calls + 1)
        .returning(api_windows.c.calls)
    )
    calls = tx.execute(step).scalar_one_or_none()
    if calls is not None:
        return int(calls)
    tx.execute(
        delete(api_windows).where(
            api_windows.c.lender_id == tx.lender_id,
            api_windows.c.api_key_id == api_key_id,
            api_windows.c.window_started_at < window_started_at,
        )
    )
    row = {
        "lender_id": tx.lender_id,
        "api_key_id": api_key_id,
        "window_started_at": window_started_at,
        "calls": 0,
    }
    tx.execute(insert(api_windows).values(**row).on_conflict_do_nothing())
    return int(tx.execute(step).scalar_one())
