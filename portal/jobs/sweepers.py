"""What must happen although its hint was lost: jobs that a dead worker held, notices that no job came for.

The rows are the truth, jobs are hints (SCALE.md 2). Every sweeper is safe to run twice and in several workers.
"""

import structlog
from procrastinate import JobContext
from sqlalchemy.exc import DBAPIError

from portal.actions.payments.record_payment import record_payment
from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.store import delivery_hints, inbox

log = structlog.get_logger(__name__)

STALLED_SECONDS = 30
KEEP_HOURS = 24 * 14


@app.periodic(cron="*/1 * * * *")
@app.task(name="sweep_inbox", queue="upkeep", queueing_lock="sweep_inbox", pass_context=True)
def sweep_inbox(context: JobContext, timestamp: int) -> None:
    """Apply what was kept and never done: its job was lost with a crash, or it waited for another notice."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        sweep_inbox_of(house, lender_id)


def sweep_inbox_of(house: House, lender_id: int) -> int:
    """Apply one lender's kept notices; gives how many were looked at. One that fails does not keep the others."""
    work = house.work(lender_id)
    with work.read() as tx:
        waiting = inbox.list_kept(tx)
    for source, outside_id in waiting:
        try:
            record_payment(work, source=source, outside_id=outside_id, now=house.clock.now())
        except (DBAPIError, LookupError, ValueError) as fault:
            log.warning("notice_not_applied", lender_id=lender_id, reason=type(fault).__name__)
    return len(waiting)


@app.periodic(cron="*/1 * * * *")
@app.task(name="sweep_stalled_jobs", queue="upkeep", queueing_lock="sweep_stalled_jobs", pass_context=True)
async def sweep_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put back what a worker that died was doing."""
    del context, timestamp
    await retry_stalled()


async def retry_stalled(*, seconds: float = STALLED_SECONDS) -> int:
    """Put back the jobs whose worker has not been heard of for so long; gives how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
    for job in stalled:
        await app.job_manager.retry_job(job)
    if stalled:
        log.warning("jobs_put_back", count=len(stalled))
    return len(stalled)


@app.periodic(cron="17 * * * *")
@app.task(name="forget_old_jobs", queue="upkeep", queueing_lock="forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that ended two weeks ago; those that failed are kept that long to be looked at."""
    del context, timestamp
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS, include_failed=True, include_cancelled=True)


def lender_ids(house: House) -> list[int]:
    """List every lender's number; each is then served in its own setting."""
    with house.database.shared().read() as tx:
        return delivery_hints.list_lender_ids(tx)
