from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.store import debtors, events
from portal.store.work import Work


def clear_wrong_party(work: Work, *, debtor_id: UUID, actor: Actor, now: datetime) -> bool:
    """Take back, as a member of staff, that a person's number belongs to somebody else, and tell it.

    False when the person is unknown or was not marked. Revoked links stay revoked.
    """
    with work.begin() as tx:
        debtor = debtors.lock_debtor(tx, debtor_id=debtor_id)
        if debtor is None or debtor.wrong_party_at is None:
            return False
        debtors.clear_marks(tx, debtor_id=debtor_id, wrong_party=True, stopped=False, now=now)
        events.append(
            tx,
            type="contact.wrong_party",
            actor=actor,
            at=now,
            payload={"channel": "sms", "reason": "not_me", "is_reversed": True},
            debtor_ref=debtor.debtor_ref,
        )
        return True
