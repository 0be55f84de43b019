"""People are reminded of their plans: one neutral message each, with a link behind which the remedies are.

The rules of contact decide when each goes out, as for every message; here many are decided and written at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from portal.core.actors import SYSTEM
from portal.core.contact import may_contact
from portal.core.events.envelope import write_time
from portal.core.identity import rules_of
from portal.core.messages import compose_link
from portal.core.packs.rules import pack_for
from portal.store import event_batches, jobs, lenders, reminders
from portal.store.debtors import new_ref
from portal.store.event_batches import NewEvent
from portal.store.links import new_token
from portal.store.reminders import Letter, Reader
from portal.store.work import Transaction


class Wanted(NamedTuple):
    """Somebody is to be reminded, with a message of this template."""

    debtor_id: UUID
    template: str


def remind(tx: Transaction, wanted: Sequence[Wanted], *, now: datetime, base_url: str) -> int:
    """Queue one message for each person, in an open transaction; gives how many wait to go out.

    Nobody gets two at once: what is late comes before what is near. Who may not be written to is told as suppressed.
    """
    templates: dict[UUID, str] = {}
    for one in wanted:
        if templates.get(one.debtor_id) != "plan_late":
            templates[one.debtor_id] = one.template
    if not templates:
        return 0
    told: list[NewEvent] = []
    letters: list[Letter] = []
    life = _link_life(tx)
    for reader in reminders.load_readers(tx, debtor_ids=list(templates), now=now):
        decision = may_contact(
            pack=pack_for(reader.country), standing=reader.standing, now=now, is_requested=False
        )
        due_at = now if decision.is_allowed else decision.next_at
        if due_at is None:
            told.append(_suppressed(tx, reader, templates[reader.debtor_id], decision.reason, now=now))
        elif reader.phone:
            letter = _write(
                tx, reader, templates[reader.debtor_id], due_at=due_at, life=life, base_url=base_url
            )
            letters.append(letter)
            told.append(_queued(reader, letter, now=now))
    reminders.save_letters(tx, letters, now=now)
    event_batches.append_many(tx, told, actor=SYSTEM)
    if any(letter.due_at <= now for letter in letters):
        jobs.defer(tx, "send_messages", queue="messages", once=f"send_messages:{tx.lender_id}")
    return len(letters)


def _link_life(tx: Transaction) -> timedelta:
    lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    return rules_of(lender.settings if lender else {}).link_life


def _write(
    tx: Transaction, reader: Reader, template: str, *, due_at: datetime, life: timedelta, base_url: str
) -> Letter:
    token = new_token()
    text = compose_link(
        template=template,
        language=reader.language,
        sender=reader.sender.name,
        word=reader.security_word,
        link=f"{base_url.rstrip('/')}/l/{token}",
        phone=reader.sender.phone,
    )
    return Letter(
        message_id=tx.new_id(),
        link_id=tx.new_id(),
        debtor_id=reader.debtor_id,
        token=token,
        template=template,
        language=text.language,
        recipient=reader.phone or "",
        body=text.body,
        segments=text.segments,
        due_at=due_at,
        expires_at=due_at + life,
    )


def _queued(reader: Reader, letter: Letter, *, now: datetime) -> NewEvent:
    payload: dict[str, object] = {
        "id": new_ref("msg", letter.message_id),
        "channel": "sms",
        "template": letter.template,
        "language": letter.language,
        "segments": letter.segments,
        "link": new_ref("lnk", letter.link_id),
    }
    if letter.due_at > now:
        payload["not_before"] = write_time(letter.due_at)
    return NewEvent(type="message.queued", at=now, payload=payload, debtor_ref=reader.debtor_ref)


def _suppressed(tx: Transaction, reader: Reader, template: str, reason: str, *, now: datetime) -> NewEvent:
    payload = {
        "id": new_ref("msg", tx.new_id()),
        "channel": "sms",
        "template": template,
        "reason": reason,
        "rule": pack_for(reader.country).ref,
    }
    return NewEvent(type="message.suppressed", at=now, payload=payload, debtor_ref=reader.debtor_ref)
