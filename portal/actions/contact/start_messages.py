from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.store import debtors, events
from portal.store.work import Work


def start_messages(work: Work, *, debtor_id: UUID, now: datetime) -> bool:
    """Let a verified person have the lender's text messages again; False when they were not stopped."""
    with work.begin() as tx:
        debtor = debtors.lock_debtor(tx, debtor_id=debtor_id)
        if debtor is None or debtor.messages_stopped_at is None:
            return False
        debtors.clear_marks(tx, debtor_id=debtor_id, wrong_party=False, stopped=True, now=now)
        events.append(
            tx,
            type="contact.preferences_changed",
            actor=DEBTOR,
            at=now,
            payload={"changed": ["messages"], "channels": ["sms"], "source": "portal"},
            debtor_ref=debtor.debtor_ref,
        )
        return True
