"""Jobs of receivers: telling the lender that one does not take events."""

from uuid import UUID

import structlog
from procrastinate import JobContext

from portal.actions.endpoints.warn_endpoint import warn_endpoint as act
from portal.jobs.app import RETRY, app
from portal.jobs.house import house_of

log = structlog.get_logger(__name__)


@app.task(name="warn_endpoint", queue="mail", pass_context=True, retry=RETRY)
def warn_endpoint(context: JobContext, *, lender_id: int, endpoint: str) -> None:
    """Write to the lender's owners; without a mail server the log says so."""
    house = house_of(context)
    log.warning("endpoint_failing", lender_id=lender_id, endpoint_id=endpoint)
    if house.mail is not None:
        act(
            house.work(lender_id),
            endpoint_id=UUID(endpoint),
            mail=house.mail,
            base_url=house.settings.base_url,
            now=house.clock.now(),
        )
