"""Jobs of payments: what a provider told becomes a fact."""

from procrastinate import JobContext

from portal.actions.payments.record_payment import record_payment as act
from portal.jobs.app import RETRY, app
from portal.jobs.house import house_of


@app.task(name="record_payment", queue="payments", pass_context=True, retry=RETRY)
def record_payment(context: JobContext, *, lender_id: int, source: str, outside_id: str) -> None:
    """Apply one kept notice of a payment provider."""
    house = house_of(context)
    act(house.work(lender_id), source=source, outside_id=outside_id, now=house.clock.now())
