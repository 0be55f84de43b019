from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.contact.send_message import message_payload, send_message
from portal.core.actors import SYSTEM, Actor
from portal.core.contact import ContactDecision, may_contact
from portal.core.events.envelope import write_time
from portal.core.identity import IdentityRules, rules_of
from portal.core.letters.needs import FIRST_LETTER
from portal.core.messages import COLLECTION_TEMPLATES, LENDER_TEMPLATES, Text, compose_link
from portal.core.packs.rules import pack_for
from portal.gateways.sms import SmsGateway
from portal.store import contacts, debtors, events, jobs, lenders, letterheads, links, messages
from portal.store.debtors import Debtor, new_ref
from portal.store.messages import Letter, Message
from portal.store.work import Transaction, Work

FIRST_TEMPLATE = "link_first"


@dataclass(frozen=True, kw_only=True)
class LinkSent:
    """What became of a link: sent, queued (until `due_at`), suppressed (with the rule's `reason`), no_number, unknown.

    `segments` is what the carrier will count; `is_number_stale` tells that nobody confirmed the number lately.
    """

    kind: str
    link_id: UUID | None = None
    message_id: UUID | None = None
    segments: int = 0
    due_at: datetime | None = None
    reason: str = ""
    is_number_stale: bool = False


def send_link(
    work: Work,
    *,
    debtor_id: UUID,
    now: datetime,
    sms: SmsGateway | None,
    base_url: str,
    requested_by: Actor = SYSTEM,
    at_request: bool = False,
) -> LinkSent:
    """Make a link and send it by text message to the number on file, or queue it until the law allows it.

    A link that the debtor asked for goes out at once: here, or by telling somebody (`at_request`). Without a gateway
    the message waits for the job.
    """
    with work.begin() as tx:
        outcome = queue_link(
            tx,
            debtor_id=debtor_id,
            now=now,
            base_url=base_url,
            template="link_renewed" if at_request or requested_by.kind == "debtor" else FIRST_TEMPLATE,
            actor=requested_by,
        )
    if sms is None or outcome.message_id is None or outcome.due_at is None or outcome.due_at > now:
        return outcome
    sent = send_message(work, message_id=outcome.message_id, now=now, sms=sms)
    return LinkSent(**vars(outcome) | {"kind": sent.kind, "reason": sent.reason})


def queue_link(
    tx: Transaction, *, debtor_id: UUID, now: datetime, base_url: str, template: str, actor: Actor
) -> LinkSent:
    """Make a link and its message in an open transaction; the person's row is locked, so that counts are right."""
    debtor = debtors.lock_debtor(tx, debtor_id=debtor_id)
    if debtor is None:
        return LinkSent(kind="unknown")
    decision = may_contact(
        pack=pack_for(debtor.country),
        standing=contacts.load_standing(tx, debtor=debtor, now=now),
        now=now,
        is_requested=template not in LENDER_TEMPLATES,
        is_collection=template in COLLECTION_TEMPLATES,
    )
    phone = debtors.load_person(tx, debtor_id=debtor_id).phone
    if phone is None:
        return LinkSent(kind="no_number")
    if not decision.is_allowed and decision.next_at is None:
        return _suppress(tx, debtor, template, decision, now=now, actor=actor)
    lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    rules = rules_of(lender.settings if lender else {})
    return _queue(
        tx, debtor, phone, rules, decision, template=template, base_url=base_url, now=now, actor=actor
    )


def _queue(
    tx: Transaction,
    debtor: Debtor,
    phone: str,
    rules: IdentityRules,
    decision: ContactDecision,
    *,
    template: str,
    base_url: str,
    now: datetime,
    actor: Actor,
) -> LinkSent:
    due_at = decision.next_at or now
    expires_at = due_at + rules.link_life
    link_id, token = links.save_link(tx, debtor_id=debtor.debtor_id, expires_at=expires_at, now=now)
    text = _write(tx, debtor, template=template, link=f"{base_url.rstrip('/')}/l/{token}")
    message = messages.save_message(
        tx,
        debtor_id=debtor.debtor_id,
        template=template,
        language=text.language,
        letter=Letter(recipient=phone, body=text.body),
        segments=text.segments,
        due_at=due_at,
        now=now,
        link_id=link_id,
    )
    _tell_queued(tx, debtor, message, now=now, actor=actor)
    if template == FIRST_TEMPLATE and debtor.country in FIRST_LETTER:
        jobs.defer(tx, "issue_first_letters", queue="documents", debtor_id=debtor.debtor_id.hex)
    return LinkSent(
        kind="queued",
        link_id=link_id,
        message_id=message.message_id,
        segments=message.segments,
        due_at=due_at,
        reason=decision.reason,
        is_number_stale=_is_stale(debtor, rules, now),
    )


def _write(tx: Transaction, debtor: Debtor, *, template: str, link: str) -> Text:
    sender = letterheads.find_sender(tx, debtor_id=debtor.debtor_id)
    return compose_link(
        template=template,
        language=debtor.language,
        sender=sender.name,
        word=debtor.security_word,
        link=link,
        phone=sender.phone,
    )


def _tell_queued(tx: Transaction, debtor: Debtor, message: Message, *, now: datetime, actor: Actor) -> None:
    """Tell that a link waits, and wake the job when the lender's may go out now."""
    payload = message_payload(message)
    if message.due_at > now:
        payload["not_before"] = write_time(message.due_at)
    events.append(
        tx, type="message.queued", actor=actor, at=now, payload=payload, debtor_ref=debtor.debtor_ref
    )
    if message.template in LENDER_TEMPLATES and message.due_at <= now:
        jobs.defer(tx, "send_messages", queue="messages", once=f"send_messages:{tx.lender_id}")


def _suppress(
    tx: Transaction, debtor: Debtor, template: str, decision: ContactDecision, *, now: datetime, actor: Actor
) -> LinkSent:
    payload = {
        "id": new_ref("msg", tx.new_id()),
        "channel": "sms",
        "template": template,
        "reason": decision.reason,
        "rule": pack_for(debtor.country).ref,
    }
    events.append(
        tx, type="message.suppressed", actor=actor, at=now, payload=payload, debtor_ref=debtor.debtor_ref
    )
    return LinkSent(kind="suppressed", reason=decision.reason)


def _is_stale(debtor: Debtor, rules: IdentityRules, now: datetime) -> bool:
    confirmed = debtor.phone_confirmed_at
    return confirmed is not None and (now - confirmed).days >= rules.number_confirm_days
