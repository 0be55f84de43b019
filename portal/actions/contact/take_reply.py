from datetime import datetime

from portal.actions.contact.stop_messages import stop_messages
from portal.core.replies import is_stop
from portal.store import debtors, lenders
from portal.store.work import Database


def take_reply(database: Database, *, phone: str, text: str, now: datetime) -> int:
    """Take what somebody answered from a phone; a wish to stop stops every lender's messages to that number.

    Gives how many people's messages were stopped. Any other answer changes nothing: the number alone proves nobody.
    """
    if not is_stop(text):
        return 0
    with database.shared().read() as shared:
        known = [lender.lender_id for lender in lenders.list_lenders(shared)]
    stopped = 0
    for lender_id in known:
        work = database.work(lender_id)
        with work.read() as tx:
            people = debtors.find_id_by_phone(tx, phone=phone)
        for debtor_id in people:
            stopped += stop_messages(work, debtor_id=debtor_id, source="reply", now=now)
    return stopped
