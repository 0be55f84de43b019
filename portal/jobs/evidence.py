"""Jobs of evidence: committed events get their places in the log, and the log is sealed."""

import structlog
from procrastinate import JobContext

from portal.actions.evidence.seal_log import seal_log
from portal.gateways.log_keys import make_key_pairs
from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids

log = structlog.get_logger(__name__)

BATCHES_MAX = 40
"""So many batches of one lender in a row; then the others have their turn."""


@app.periodic(cron="* * * * * */10")
@app.task(name="seal_logs", queue="evidence", queueing_lock="seal_logs", pass_context=True)
def seal_logs(context: JobContext, timestamp: int) -> None:
    """Seal each lender's log where it is due: a minute after the last time, or when a thousand events wait."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        seal_log_of(house, lender_id)


def seal_log_of(house: House, lender_id: int) -> int:
    """Seal one lender's log as far as it is due; gives how many events were sealed."""
    added = 0
    for _ in range(BATCHES_MAX):
        sealed = seal_log(house.work(lender_id), make_keys=make_key_pairs, now=house.clock.now())
        if sealed is None:
            break
        added += sealed.added
    if added:
        log.info("log_sealed", lender_id=lender_id, events=added)
    return added
