"""Finds lenders whose hint was lost: the event is the truth, the hint only saves asking."""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError

from portal.store import deliveries, delivery_hints
from portal.store.work import Database

log = structlog.get_logger(__name__)


def sweep(database: Database, *, now: datetime) -> int:
    """Make sure that every lender with something to deliver has a hint; gives how many lenders wait for something.

    One short read for each lender, each in its own setting.
    """
    with database.shared().read() as shared:
        lender_ids = delivery_hints.list_lender_ids(shared)
    found = 0
    for lender_id in lender_ids:
        with database.work(lender_id).read() as tx:
            next_due = deliveries.find_next_due(tx, now=now)
        if next_due is not None:
            found += 1
            with database.shared().begin() as shared:
                delivery_hints.ensure(shared, lender_id=lender_id, due_at=next_due)
    return found


def sweep_until(
    database: Database, *, now: Callable[[], datetime], stopping: threading.Event, every_seconds: float = 60.0
) -> None:
    """Sweep at once and then every so often until `stopping` is set."""
    while True:
        try:
            sweep(database, now=now())
        except DBAPIError as fault:
            log.warning("sweep_failed", reason=type(fault).__name__)
        if stopping.wait(every_seconds):
            return
