from datetime import datetime
from uuid import UUID

from portal.actions.contact.send_message import suppress_queued
from portal.core.actors import DEBTOR
from portal.store import debtors, events, links
from portal.store.work import Work


def stop_messages(
    work: Work,
    *,
    source: str,
    now: datetime,
    debtor_id: UUID | None = None,
    token: str | None = None,
) -> bool:
    """Stop the lender's text messages to a person, named by their id or by a link's token; effective at once.

    What the person asks for themselves (a code, a new link) still comes. `source` is a code: link, portal, reply.
    False when the person is unknown; stopping twice tells the lender once.
    """
    with work.begin() as tx:
        if debtor_id is None:
            link = links.find_link(tx, token=token)
            debtor_id = link.debtor_id if link else None
        debtor = debtors.lock_debtor(tx, debtor_id=debtor_id) if debtor_id else None
        if debtor is None:
            return False
        if debtors.mark_messages_stopped(tx, debtor_id=debtor.debtor_id, now=now):
            suppress_queued(tx, debtor=debtor, reason="stopped", now=now)
            events.append(
                tx,
                type="contact.preferences_changed",
                actor=DEBTOR,
                at=now,
                payload={"changed": ["messages"], "stopped_channels": ["sms"], "source": source},
                debtor_ref=debtor.debtor_ref,
            )
        return True
