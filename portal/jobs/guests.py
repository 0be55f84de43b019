"""Jobs of guests: grants and codes whose time is over, course steps that nobody confirmed in time."""

from procrastinate import JobContext

from portal.actions.grants.end_grants import end_grants
from portal.actions.training.miss_milestone import miss_milestone
from portal.jobs.app import app
from portal.jobs.house import house_of
from portal.jobs.sweepers import lender_ids


@app.periodic(cron="11 * * * *")
@app.task(name="sweep_grants", queue="upkeep", queueing_lock="sweep_grants", pass_context=True)
def sweep_grants(context: JobContext, timestamp: int) -> None:
    """Write down the end of every lender's grants and codes whose date has passed."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        while end_grants(house.work(lender_id), now=house.clock.now()):
            pass


@app.periodic(cron="23 * * * *")
@app.task(name="sweep_milestones", queue="upkeep", queueing_lock="sweep_milestones", pass_context=True)
def sweep_milestones(context: JobContext, timestamp: int) -> None:
    """Note every lender's course steps that were not confirmed in time; nothing owed changes."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        while miss_milestone(house.work(lender_id), now=house.clock.now()):
            pass
