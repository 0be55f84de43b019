"""How often a key called the API in the current minute: shared by all processes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.lenders import api_windows
from portal.store.tables.shared import guest_windows
from portal.store.work import SharedTransaction, Transaction


def count_call(tx: Transaction | SharedTransaction, *, api_key_id: UUID, window_started_at: datetime) -> int:
    """Count one call in a window and give how many there were; older windows of the key are forgotten.

    A lender's key is counted in its own transaction, a guest's in a shared one. The count may be lost in a crash: it
    is not worth a wait for the disk.
    """
    tx.connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    if isinstance(tx, Transaction):
        windows, place = api_windows, {"lender_id": tx.lender_id, "api_key_id": api_key_id}
    else:
        windows, place = guest_windows, {"api_key_id": api_key_id}
    of_key = [windows.c[name] == value for name, value in place.items()]
    step = (
        update(windows)
        .where(*of_key, windows.c.window_started_at == window_started_at)
        .values(calls=windows.c.calls + 1)
        .returning(windows.c.calls)
    )
    calls = tx.execute(step).scalar_one_or_none()
    if calls is not None:
        return int(calls)
    tx.execute(delete(windows).where(*of_key, windows.c.window_started_at < window_started_at))
    fresh = insert(windows).values(**place, window_started_at=window_started_at, calls=0)
    tx.execute(fresh.on_conflict_do_nothing())
    return int(tx.execute(step).scalar_one())
