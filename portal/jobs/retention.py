"""Jobs of retention: once a night, whoever's time of keeping is over is forgotten."""

import structlog
from procrastinate import JobContext

from portal.actions.privacy.keep_until import keep_until
from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids

log = structlog.get_logger(__name__)


@app.periodic(cron="20 2 * * *")
@app.task(name="keep_records", queue="upkeep", queueing_lock="keep_records", pass_context=True)
def keep_records(context: JobContext, timestamp: int) -> None:
    """Walk each lender's old records and erase what is due by law and pack."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        keep_records_of(house, lender_id)


def keep_records_of(house: House, lender_id: int) -> int:
    """Walk one lender's old records to their end; gives how many people were forgotten."""
    erased, after = keep_until(house.work(lender_id), now=house.clock.now())
    while after is not None:
        more, after = keep_until(house.work(lender_id), now=house.clock.now(), after=after)
        erased += more
    if erased:
        log.info("records_erased", lender_id=lender_id, people=erased)
    return erased
