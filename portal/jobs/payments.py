"""Jobs of payments: what a provider told becomes a fact."""

import structlog
from procrastinate import JobContext
from sqlalchemy.exc import DBAPIError

from portal.actions.payments.record_payment import record_payment as act
from portal.actions.payments.settle_unknown import settle_unknown
from portal.jobs.app import RETRY, app
from portal.jobs.house import house_of
from portal.jobs.sweepers import lender_ids

log = structlog.get_logger(__name__)


@app.task(name="record_payment", queue="payments", pass_context=True, retry=RETRY)
def record_payment(context: JobContext, *, lender_id: int, source: str, outside_id: str) -> None:
    """Apply one kept notice of a payment provider."""
    house = house_of(context)
    act(house.work(lender_id), source=source, outside_id=outside_id, now=house.clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="sweep_payments", queue="payments", queueing_lock="sweep_payments", pass_context=True)
def sweep_payments(context: JobContext, timestamp: int) -> None:
    """Ask the provider about attempts that nobody told the end of."""
    del timestamp
    house = house_of(context)
    if house.stripe is None:
        return
    for lender_id in lender_ids(house):
        try:
            settle_unknown(house.work(lender_id), gateway=house.stripe, now=house.clock.now())
        except (DBAPIError, LookupError, ValueError) as fault:
            log.warning("payments_not_swept", lender_id=lender_id, reason=type(fault).__name__)
