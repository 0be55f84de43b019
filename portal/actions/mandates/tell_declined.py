"""A debit did not go through: the debtor hears of it at the first time, not the last, and finds the ways on."""

from datetime import datetime
from uuid import UUID

from portal.actions.links.send_link import LinkSent, queue_link
from portal.core.actors import SYSTEM
from portal.store.work import Work

TEMPLATE = "payment_declined"


def tell_declined(work: Work, *, debtor_id: UUID, base_url: str, now: datetime) -> LinkSent:
    """Queue a neutral message whose link leads to what did not go through, as the rules of contact allow it."""
    with work.begin() as tx:
        return queue_link(
            tx, debtor_id=debtor_id, now=now, base_url=base_url, template=TEMPLATE, actor=SYSTEM
        )
