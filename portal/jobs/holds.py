"""Jobs of holds: a pause ends on its date, and the lender hears of it."""

from procrastinate import JobContext

from portal.actions.care.end_holds import end_holds
from portal.jobs.app import app
from portal.jobs.house import house_of
from portal.jobs.sweepers import lender_ids


@app.periodic(cron="7 * * * *")
@app.task(name="sweep_holds", queue="upkeep", queueing_lock="sweep_holds", pass_context=True)
def sweep_holds(context: JobContext, timestamp: int) -> None:
    """End every lender's pauses and holds whose date has passed."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        while end_holds(house.work(lender_id), now=house.clock.now()):
            pass
