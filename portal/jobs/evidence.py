"""Jobs of evidence: committed events get their places in the log, and the log is sealed."""

from collections.abc import Iterable

import structlog
from procrastinate import JobContext

from portal.actions.evidence.seal_log import seal_log
from portal.actions.evidence.stamp_head import stamp_head
from portal.gateways.log_keys import make_key_pairs
from portal.gateways.time_stamps import TimeStampError
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


@app.periodic(cron="* * * * * 15")
@app.task(name="stamp_heads", queue="evidence", queueing_lock="stamp_heads", pass_context=True)
def stamp_heads(context: JobContext, timestamp: int) -> None:
    """Have the newest head of each lender's log stamped, where a time-stamp authority is configured."""
    del timestamp
    house = house_of(context)
    stamp_heads_of(house, lender_ids(house))


def stamp_heads_of(house: House, lenders: Iterable[int]) -> int:
    """Stamp what is due of these lenders; gives how many heads got a stamp.

    An authority that does not answer is asked no more in this pass: what it missed is stamped in a later one.
    """
    if house.time_stamps is None:
        return 0
    stamped = 0
    for lender_id in lenders:
        try:
            size = stamp_head(house.work(lender_id), authority=house.time_stamps, now=house.clock.now())
        except TimeStampError as problem:
            log.warning("head_not_stamped", lender_id=lender_id, problem=str(problem))
            break
        stamped += size is not None
    return stamped
