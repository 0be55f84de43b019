"""Jobs of messages: what waits in the queue goes to the carrier when the law allows it."""

import structlog
from procrastinate import JobContext
from sqlalchemy.exc import DBAPIError

from portal.actions.contact.send_message import send_message, settle_message
from portal.jobs.app import RETRY, app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids
from portal.store import messages

log = structlog.get_logger(__name__)

BATCH = 200


@app.task(name="send_messages", queue="messages", pass_context=True, retry=RETRY)
def send_messages(context: JobContext, *, lender_id: int) -> None:
    """Send what is due of one lender."""
    send_due_of(house_of(context), lender_id)


@app.periodic(cron="*/1 * * * *")
@app.task(name="sweep_messages", queue="messages", queueing_lock="sweep_messages", pass_context=True)
def sweep_messages(context: JobContext, timestamp: int) -> None:
    """Send what is due of every lender: what waited for its hour, and what a lost job left behind."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        send_due_of(house, lender_id)


def send_due_of(house: House, lender_id: int) -> int:
    """Send one lender's due messages and ask again about unanswered ones; gives how many were looked at.

    Without a gateway everything waits. One message that fails does not keep the others.
    """
    if house.sms is None:
        return 0
    work = house.work(lender_id)
    seen = 0
    for state, act in (("queued", send_message), ("unknown", settle_message)):
        with work.read() as tx:
            due = messages.list_due(tx, state=state, now=house.clock.now(), limit=BATCH)
        for message_id in due:
            try:
                act(work, message_id=message_id, now=house.clock.now(), sms=house.sms)
            except (DBAPIError, LookupError, ValueError) as fault:
                log.warning("message_not_sent", lender_id=lender_id, reason=type(fault).__name__)
        seen += len(due)
    return seen
