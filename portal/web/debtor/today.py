"""The debtor's own calendar day: due dates and expiries are counted where the person lives."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.store import debtors
from portal.web.context import visitor, work


def local_day(now: datetime, time_zone: str) -> date:
    """Give the calendar day in a time zone; an unknown zone counts as UTC."""
    try:
        return now.astimezone(ZoneInfo(time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return now.date()


def today_of_visitor(now: datetime) -> date:
    """Give the visiting debtor's calendar day."""
    with work().read() as tx:
        debtor = debtors.find_debtor(tx, debtor_id=visitor().subject_id)
    return local_day(now, debtor.time_zone if debtor else "UTC")
