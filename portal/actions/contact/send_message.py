"""A queued message goes to the carrier: claim, call, settle.

The carrier is outside, so its answer may be lost. The message is therefore `unknown` from the claim until the answer
is written down (HOUSE.md D12), and only one worker can claim it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.core.actors import SYSTEM
from portal.core.contact import may_contact
from portal.core.events.envelope import write_time
from portal.core.identity import CODE_LIFE
from portal.core.messages import COLLECTION_TEMPLATES, LENDER_TEMPLATES
from portal.core.packs.rules import pack_for
from portal.gateways.sms import SmsGateway, SmsReceipt
from portal.store import contacts, debtors, events, links, messages
from portal.store.debtors import Debtor, new_ref
from portal.store.messages import Letter, Message
from portal.store.work import Transaction, Work

GIVE_UP_AFTER = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class MessageSent:
    """What became of a message: sent, failed, unknown (no answer yet), queued (later), suppressed, gone."""

    kind: str
    reason: str = ""


def send_message(work: Work, *, message_id: UUID, now: datetime, sms: SmsGateway) -> MessageSent:
    """Send a queued message if the contact rules still allow it; safe to call twice."""
    with work.begin() as tx:
        claimed = _claim(tx, message_id, now)
    if isinstance(claimed, MessageSent):
        return claimed
    return _call(work, *claimed, now=now, sms=sms)


def settle_message(work: Work, *, message_id: UUID, now: datetime, sms: SmsGateway) -> MessageSent:
    """Ask the carrier again about a message that it never answered; after a day it counts as failed."""
    with work.begin() as tx:
        message = messages.find_message(tx, message_id=message_id)
        if message is None or not messages.wait_again(tx, message_id=message_id, now=now):
            return MessageSent(kind="gone")
        if now - message.queued_at > GIVE_UP_AFTER or _is_too_late(tx, message, now):
            return _settle(tx, message, SmsReceipt(state="failed", reason="no_answer"), now)
        letter = messages.load_letter(tx, message_id=message_id)
    return _call(work, message, letter, now=now, sms=sms)


def _call(work: Work, message: Message, letter: Letter, *, now: datetime, sms: SmsGateway) -> MessageSent:
    key = f"{work.lender_id}.{new_ref('msg', message.message_id)}"
    receipt = sms.send(to=letter.recipient, text=letter.body, key=key)
    if receipt.state not in {"sent", "failed"}:
        return MessageSent(kind="unknown", reason=receipt.reason)
    with work.begin() as tx:
        return _settle(tx, message, receipt, now)


def _claim(tx: Transaction, message_id: UUID, now: datetime) -> MessageSent | tuple[Message, Letter]:
    message = messages.find_message(tx, message_id=message_id)
    if message is None or message.state != "queued":
        return MessageSent(kind="gone")
    debtor = debtors.find_debtor(tx, debtor_id=message.debtor_id)
    if debtor is None or _is_too_late(tx, message, now):
        return _suppress(tx, message, debtor, "too_late", now)
    decision = may_contact(
        pack=pack_for(debtor.country),
        standing=contacts.load_standing(tx, debtor=debtor, now=now, but=message_id),
        now=now,
        is_requested=message.template not in LENDER_TEMPLATES,
        is_collection=message.template in COLLECTION_TEMPLATES,
    )
    if decision.is_allowed:
        if messages.move_message(tx, message_id=message_id, before="queued", after="unknown", now=now):
            return message, messages.load_letter(tx, message_id=message_id)
        return MessageSent(kind="gone")
    if decision.next_at is None:
        return _suppress(tx, message, debtor, decision.reason, now)
    messages.put_off(tx, message_id=message_id, due_at=decision.next_at, reason=decision.reason)
    return MessageSent(kind="queued", reason=decision.reason)


def _is_too_late(tx: Transaction, message: Message, now: datetime) -> bool:
    """Tell whether the code or link in a message has run out while it waited."""
    if message.template == "code":
        return now >= message.queued_at + CODE_LIFE
    link = links.find_link(tx, link_id=message.link_id) if message.link_id else None
    return link is not None and not link.is_live(now)


def _suppress(
    tx: Transaction, message: Message, debtor: Debtor | None, reason: str, now: datetime
) -> MessageSent:
    suppress_message(tx, message=message, debtor=debtor, reason=reason, now=now)
    return MessageSent(kind="suppressed", reason=reason)


def suppress_message(
    tx: Transaction, *, message: Message, debtor: Debtor | None, reason: str, now: datetime
) -> None:
    """Hold a queued message back for good and tell why, in an open transaction."""
    moved = messages.move_message(
        tx, message_id=message.message_id, before="queued", after="suppressed", now=now, reason=reason
    )
    if moved and debtor is not None:
        payload = message_payload(message) | {"reason": reason, "rule": pack_for(debtor.country).ref}
        events.append(
            tx, type="message.suppressed", actor=SYSTEM, at=now, payload=payload, debtor_ref=debtor.debtor_ref
        )


def suppress_queued(tx: Transaction, *, debtor: Debtor, reason: str, now: datetime) -> None:
    """Hold back every message that waits for a person, in an open transaction."""
    for message in messages.list_queued_of(tx, debtor_id=debtor.debtor_id):
        suppress_message(tx, message=message, debtor=debtor, reason=reason, now=now)


def quiet_queue(tx: Transaction, *, debtor: Debtor, now: datetime) -> None:
    """Hold queued messages back when every live account of the person is on hold now, in an open transaction."""
    if contacts.load_standing(tx, debtor=debtor, now=now).is_held:
        suppress_queued(tx, debtor=debtor, reason="held", now=now)


def stop_collection(tx: Transaction, *, debtor: Debtor, now: datetime) -> None:
    """Hold back what waits about a debt once a signed plan runs on every open account, in an open transaction."""
    if contacts.load_standing(tx, debtor=debtor, now=now).is_planned:
        for message in messages.list_queued_of(tx, debtor_id=debtor.debtor_id):
            if message.template in COLLECTION_TEMPLATES:
                suppress_message(tx, message=message, debtor=debtor, reason="planned", now=now)


def _settle(tx: Transaction, message: Message, receipt: SmsReceipt, now: datetime) -> MessageSent:
    """Write the carrier's answer down; a link is told as sent when its message is."""
    moved = messages.move_message(
        tx,
        message_id=message.message_id,
        before="unknown",
        after=receipt.state,
        now=now,
        reason=receipt.reason or None,
        gateway_ref=receipt.carrier_id,
    )
    debtor = debtors.find_debtor(tx, debtor_id=message.debtor_id)
    if not moved or debtor is None:
        return MessageSent(kind="gone")
    for type_, payload in _told(tx, message, receipt):
        events.append(tx, type=type_, actor=SYSTEM, at=now, payload=payload, debtor_ref=debtor.debtor_ref)
    return MessageSent(kind=receipt.state, reason=receipt.reason)


def _told(tx: Transaction, message: Message, receipt: SmsReceipt) -> list[tuple[str, dict[str, Any]]]:
    carrier = {"carrier_id": receipt.carrier_id} if receipt.carrier_id else {}
    payload = message_payload(message) | carrier
    if receipt.state == "failed":
        return [("message.failed", payload | {"reason": receipt.reason or "refused", "tries": 1})]
    told = [("message.sent", payload)]
    link = links.find_link(tx, link_id=message.link_id) if message.link_id else None
    if link is not None:
        sent = {
            "id": new_ref("lnk", link.link_id),
            "channel": message.channel,
            "purpose": message.template,
            "language": message.language,
            "message": new_ref("msg", message.message_id),
            "expires_at": write_time(link.expires_at),
        }
        told.insert(0, ("link.sent", sent))
    return told


def message_payload(message: Message) -> dict[str, Any]:
    """Give what every event about a message says of it; never its text or number."""
    payload: dict[str, Any] = {
        "id": new_ref("msg", message.message_id),
        "channel": message.channel,
        "template": message.template,
        "language": message.language,
        "segments": message.segments,
    }
    return payload | ({"link": new_ref("lnk", message.link_id)} if message.link_id else {})
