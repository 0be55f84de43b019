"""The demo goes forward day by day, so that one can watch what signed plans do by themselves."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from portal.actions.life.act_on_plans import act_on_plans
from portal.gateways.clock import TravelClock
from portal.gateways.ids import new_id
from portal.store import delivery_hints, event_pages
from portal.store.event_pages import ToldEvent
from portal.store.work import Database

NOON = time(12)
DAY = timedelta(days=1)
NOUNS = ("installment.", "agreement.", "waiver.")
SHOWN_MAX = 400


def travel_to(
    database: Database, clock: TravelClock, *, to: datetime, base_url: str, say: Callable[[str], object]
) -> int:
    """Move the clock to a moment, a day at a time, and let every lender's plans act on each; gives how many acts.

    What happened is said in the order in which it was told. A moment that lies behind the clock moves nothing.
    """
    marker, acts = new_id(), 0
    with database.shared().read() as tx:
        lenders = delivery_hints.list_lender_ids(tx)
    while (now := clock.now()) < to - timedelta(seconds=1):
        clock.travel(min(DAY, to - now))
        for lender_id in lenders:
            while (done := act_on_plans(database.work(lender_id), now=clock.now(), base_url=base_url)).plans:
                acts += done.acts
    for lender_id in lenders:
        with database.work(lender_id).read() as tx:
            told = event_pages.list_told_since(tx, after=marker, limit=SHOWN_MAX)
        for one in told:
            if one.type.startswith(NOUNS):
                say(line_of(one))
    return acts


def noon_of(day: datetime) -> datetime:
    """Return noon UTC of a day: hours in which most of the world is awake."""
    return datetime.combine(day.date(), NOON, tzinfo=UTC)


def line_of(event: ToldEvent) -> str:
    """Write one event as a line: when it happened, on which account, what, and which payment."""
    number = event.payload.get("number")
    about = f", payment {number}" if number is not None else ""
    return f"{event.occurred_at:%Y-%m-%d %H:%M}  {event.account_ref or '-':<16}  {event.type}{about}"
