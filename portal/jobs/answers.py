"""What the API answered is kept for a week, so that a call can be repeated; then it is forgotten."""

from datetime import timedelta

from procrastinate import JobContext

from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids
from portal.store import idempotency
from portal.store.work import SharedWork, Work

KEPT_FOR = timedelta(days=7)
BATCH = 1_000


@app.periodic(cron="53 2 * * *")
@app.task(name="forget_answers", queue="upkeep", queueing_lock="forget_answers", pass_context=True)
def forget_answers(context: JobContext, timestamp: int) -> None:
    """Forget what lenders' and guests' machines were answered a week ago."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        forget_answers_of(house, house.work(lender_id))
    forget_answers_of(house, house.database.shared())


def forget_answers_of(house: House, room: Work | SharedWork) -> int:
    """Forget the old answers of one room, some at a time; gives how many there were. Safe to run twice."""
    forgotten, before = 0, house.clock.now() - KEPT_FOR
    while True:
        with room.begin() as tx:
            some = idempotency.forget_old(tx, before=before, limit=BATCH)
        forgotten += some
        if some < BATCH:
            return forgotten
