from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.store import debtors, events, sessions
from portal.store.debtors import Debtor
from portal.store.work import Transaction, Work


def choose_language(work: Work, *, debtor_id: UUID, session_id: UUID, language: str, now: datetime) -> bool:
    """Keep the language in which a verified person reads, for pages, messages and papers from now on.

    False when they are unknown or it was theirs already. The caller checks that the language is offered.
    """
    with work.begin() as tx:
        sessions.merge_state(tx, session_id=session_id, values={"language": language})
        debtor = debtors.lock_debtor(tx, debtor_id=debtor_id)
        if debtor is None or debtor.language == language:
            return False
        save_language(tx, debtor=debtor, language=language, now=now)
        return True


def save_language(tx: Transaction, *, debtor: Debtor, language: str, now: datetime) -> None:
    """Save a person's language and tell it, in an open transaction."""
    debtors.save_language(tx, debtor_id=debtor.debtor_id, language=language, now=now)
    events.append(
        tx,
        type="contact.preferences_changed",
        actor=DEBTOR,
        at=now,
        payload={"changed": ["language"], "language": language, "source": "portal"},
        debtor_ref=debtor.debtor_ref,
    )
