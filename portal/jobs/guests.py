"""Jobs of guests: grants and codes whose time is over, steps nobody confirmed in time, keys to tell lenders of."""

from procrastinate import JobContext

from portal.actions.grants.end_grants import end_grants
from portal.actions.guests.tell_guest_keys import tell_guest_keys
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


@app.periodic(cron="*/5 * * * *")
@app.task(name="sweep_guest_keys", queue="upkeep", queueing_lock="sweep_guest_keys", pass_context=True)
def sweep_guest_keys(context: JobContext, timestamp: int) -> None:
    """Tell every lender which keys of its guests are new or have ended and that it has not heard of."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        while tell_guest_keys(house.work(lender_id), now=house.clock.now()):
            pass
