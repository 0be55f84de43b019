"""Jobs of plans: whatever a signed plan does by itself happens on its day, for every lender."""

import structlog
from procrastinate import JobContext
from sqlalchemy.exc import DBAPIError

from portal.actions.life.act_on_plans import act_on_plans
from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids

log = structlog.get_logger(__name__)


@app.periodic(cron="*/1 * * * *")
@app.task(name="sweep_plans", queue="plans", queueing_lock="sweep_plans", pass_context=True)
def sweep_plans(context: JobContext, timestamp: int) -> None:
    """Let every lender's plans act, lender by lender, in the order of their moments."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        act_on_plans_of(house, lender_id)


def act_on_plans_of(house: House, lender_id: int) -> int:
    """Let one lender's plans act until none is due; gives how many acts happened. Safe to run twice.

    One lender whose pass fails does not keep the others; the next minute tries again.
    """
    acts = 0
    try:
        while True:
            done = act_on_plans(
                house.work(lender_id), now=house.clock.now(), base_url=house.settings.base_url
            )
            acts += done.acts
            if not done.plans:
                return acts
    except (DBAPIError, LookupError, ValueError) as fault:
        log.warning("plans_not_acted", lender_id=lender_id, reason=type(fault).__name__)
        return acts
