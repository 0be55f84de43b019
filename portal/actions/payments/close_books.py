from datetime import datetime, timedelta

from portal.store import closings
from portal.store.work import Work

DAYS_AT_ONCE_MAX = 400
"""Days that one run closes at most; the next one goes on."""


def close_books(work: Work, *, now: datetime) -> int:
    """Keep the sums of every day that is over and not closed yet; gives how many days. Safe to run twice."""
    yesterday = now.date() - timedelta(days=1)
    with work.begin() as tx:
        last = closings.last_closed(tx, until=yesterday)
        first = closings.first_booked(tx) if last is None else last + timedelta(days=1)
        if first is None:
            return 0
        count = min((yesterday - first).days + 1, DAYS_AT_ONCE_MAX)
        for number in range(count):
            closings.close_day(tx, on=first + timedelta(days=number))
        return max(count, 0)
