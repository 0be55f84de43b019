"""Jobs of cases: offers end on their date, disputes that nobody answered in time go to a supervisor."""

import structlog
from procrastinate import JobContext
from sqlalchemy.exc import DBAPIError

from portal.actions.care.escalate_disputes import escalate_disputes
from portal.actions.cases.expire_offers import expire_offers
from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids

log = structlog.get_logger(__name__)


@app.periodic(cron="27 * * * *")
@app.task(name="sweep_cases", queue="upkeep", queueing_lock="sweep_cases", pass_context=True)
def sweep_cases(context: JobContext, timestamp: int) -> None:
    """End every lender's offers whose date is over and escalate its late disputes; one that fails waits an hour."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        try:
            sweep_cases_of(house, lender_id)
        except (DBAPIError, LookupError, ValueError) as fault:
            log.warning("cases_not_swept", lender_id=lender_id, reason=type(fault).__name__)


def sweep_cases_of(house: House, lender_id: int) -> tuple[int, int]:
    """Sweep one lender; gives how many offers ended and how many disputes were escalated. Safe to run twice."""
    work, now = house.work(lender_id), house.clock.now()
    offers = disputes = 0
    while ended := expire_offers(work, now=now):
        offers += ended
    while late := escalate_disputes(work, now=now):
        disputes += late
    return offers, disputes
