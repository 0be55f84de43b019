from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.contact.send_message import suppress_queued
from portal.core.actors import DEBTOR
from portal.store import debtors, events, links, sessions
from portal.store.debtors import new_ref
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class WrongParty:
    """How many people's records lost this number; 0 when nothing was left to do."""

    people: int


def report_wrong_party(
    work: Work, *, now: datetime, token: str | None = None, link_id: UUID | None = None
) -> WrongParty:
    """Take somebody's word that they are not the person a link was for: the number is not used any more, at once.

    Everybody on file with this number is marked, their live links are revoked, their sessions end and what waits in
    the queue is held back. Only staff can undo it. Nothing about the person is told to whoever said it.
    """
    with work.begin() as tx:
        link = links.find_link(tx, token=token, link_id=link_id)
        if link is None:
            return WrongParty(people=0)
        phone = debtors.load_person(tx, debtor_id=link.debtor_id).phone
        sharing = set(debtors.find_id_by_phone(tx, phone=phone)) if phone else set()
        people = sorted(sharing | {link.debtor_id})
        return WrongParty(people=sum(_mark(tx, debtor_id, link.link_id, now) for debtor_id in people))


def _mark(tx: Transaction, debtor_id: UUID, link_id: UUID, now: datetime) -> int:
    debtor = debtors.lock_debtor(tx, debtor_id=debtor_id)
    if debtor is None or not debtors.mark_wrong_party(tx, debtor_id=debtor_id, now=now):
        return 0
    links.revoke_links_of(tx, debtor_id=debtor_id)
    sessions.end_sessions_of(tx, subject_id=debtor_id, now=now)
    suppress_queued(tx, debtor=debtor, reason="wrong_party", now=now)
    events.append(
        tx,
        type="contact.wrong_party",
        actor=DEBTOR,
        at=now,
        payload={"link": new_ref("lnk", link_id), "channel": "sms", "reason": "not_me"},
        debtor_ref=debtor.debtor_ref,
    )
    return 1
