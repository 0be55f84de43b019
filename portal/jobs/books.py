"""Jobs of the books: every posting of the last days sums to zero, or the operator hears of it; days are closed."""

from datetime import timedelta

import structlog
from procrastinate import JobContext
from sqlalchemy.exc import DBAPIError

from portal.actions.payments.close_books import close_books as act
from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids
from portal.store import books

log = structlog.get_logger(__name__)

DAYS = 2


@app.periodic(cron="41 * * * *")
@app.task(name="check_books", queue="upkeep", queueing_lock="check_books", pass_context=True)
def check_books(context: JobContext, timestamp: int) -> None:
    """Look at every lender's postings of the last two days."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        check_books_of(house, lender_id)


@app.periodic(cron="23 * * * *")
@app.task(name="close_books", queue="upkeep", queueing_lock="close_books", pass_context=True)
def close_books(context: JobContext, timestamp: int) -> None:
    """Keep every lender's sums of the days that are over; one that fails waits an hour."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        try:
            close_books_of(house, lender_id)
        except (DBAPIError, LookupError, ValueError) as fault:
            log.warning("books_not_closed", lender_id=lender_id, reason=type(fault).__name__)


def close_books_of(house: House, lender_id: int) -> int:
    """Close one lender's days; gives how many. Safe to run twice."""
    return act(house.work(lender_id), now=house.clock.now())


def check_books_of(house: House, lender_id: int) -> int:
    """Look at one lender's postings and log each that is not balanced; gives how many there are."""
    since = house.clock.now().date() - timedelta(days=DAYS)
    with house.work(lender_id).read() as tx:
        unbalanced = books.list_unbalanced(tx, since=since)
    for posting_id in unbalanced:
        log.error("posting_not_balanced", lender_id=lender_id, posting_id=str(posting_id))
    return len(unbalanced)
