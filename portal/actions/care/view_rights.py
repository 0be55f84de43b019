from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.packs.model import Pack
from portal.core.packs.rules import pack_for
from portal.store import debtors, events, lenders, sessions
from portal.store.work import Work

SEEN = "rights_seen"


@dataclass(frozen=True, kw_only=True)
class RightsView:
    """What the pages about rights and free help show: the pack, the lender's confirmed facts, its settings."""

    pack: Pack
    confirmed: frozenset[str]
    lender_name: str
    messages_stopped: bool


def view_rights(
    work: Work,
    *,
    debtor_id: UUID,
    session_id: UUID,
    state: Mapping[str, Any],
    language: str,
    now: datetime,
) -> RightsView:
    """Show a person their rights and free help; told to the lender once a session (a named view event).

    Raises LookupError when the person is unknown.
    """
    with work.read() as tx:
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    if debtor is None or lender is None:
        raise LookupError(debtor_id)
    pack = pack_for(debtor.country)
    if not state.get(SEEN):
        with work.begin() as tx:
            sessions.merge_state(tx, session_id=session_id, values={SEEN: True})
            preferences = {**debtor.preferences, "rights_seen": pack.ref}
            debtors.save_preferences(tx, debtor_id=debtor_id, preferences=preferences, now=now)
            events.append(
                tx,
                type="rights.viewed",
                actor=DEBTOR,
                at=now,
                payload={"pack": pack.ref, "language": language},
                debtor_ref=debtor.debtor_ref,
            )
    return RightsView(
        pack=pack,
        confirmed=frozenset(lender.settings.get("confirmed_facts", ())),
        lender_name=lender.name,
        messages_stopped=debtor.messages_stopped_at is not None,
    )
