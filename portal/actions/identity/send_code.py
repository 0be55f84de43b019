from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from portal.actions.contact.send_message import message_payload, send_message
from portal.core.actors import DEBTOR
from portal.core.identity import CODE_GAP, CODE_LIFE, CODES_PER_HOUR, CODES_PER_SESSION
from portal.core.messages import compose_code
from portal.gateways.sms import SmsGateway
from portal.store import codes, debtors, events, letterheads, messages
from portal.store.messages import Letter
from portal.store.work import Transaction, Work

TEMPLATE = "code"


@dataclass(frozen=True, kw_only=True)
class CodeSent:
    """What became of a code: sent, too_soon (with the seconds to wait), too_many, no_number, failed, unknown."""

    kind: str
    wait_seconds: int = 0

    @property
    def is_on_its_way(self) -> bool:
        """Tell whether a code can be typed soon."""
        return self.kind in {"sent", "unknown"}


def send_code(
    work: Work,
    *,
    session_id: UUID,
    debtor_id: UUID,
    purpose: str,
    bound_to: bytes | None,
    now: datetime,
    sms: SmsGateway | None,
    base_url: str = "",
) -> CodeSent:
    """Send a six-digit code to the number on file, bound to this session, `purpose` and the hash `bound_to`.

    At most one in 30 seconds, 5 in ten minutes a session, 10 in an hour a person. `base_url` lets the phone fill the
    code in. The code is never in the outcome.
    """
    with work.begin() as tx:
        queued = _queue(tx, session_id, debtor_id, purpose, bound_to=bound_to, base_url=base_url, now=now)
    if isinstance(queued, CodeSent):
        return queued
    if sms is None:
        return CodeSent(kind="failed")
    sent = send_message(work, message_id=queued, now=now, sms=sms)
    return CodeSent(kind=sent.kind if sent.kind in {"sent", "unknown"} else "failed")


def _queue(
    tx: Transaction,
    session_id: UUID,
    debtor_id: UUID,
    purpose: str,
    *,
    bound_to: bytes | None,
    base_url: str,
    now: datetime,
) -> CodeSent | UUID:
    debtor = debtors.lock_debtor(tx, debtor_id=debtor_id)
    phone = debtors.load_person(tx, debtor_id=debtor_id).phone if debtor else None
    if debtor is None or phone is None or debtor.wrong_party_at is not None:
        return CodeSent(kind="no_number")
    if refused := _limit(tx, session_id, debtor_id, now):
        return refused
    code = codes.save_code(tx, session_id=session_id, purpose=purpose, bound_to=bound_to, now=now)
    text = compose_code(
        language=debtor.language,
        sender=letterheads.find_sender(tx, debtor_id=debtor_id).name,
        code=code,
        host=urlsplit(base_url).hostname or "",
    )
    message = messages.save_message(
        tx,
        debtor_id=debtor_id,
        template=TEMPLATE,
        language=text.language,
        letter=Letter(recipient=phone, body=text.body),
        segments=text.segments,
        due_at=now,
        now=now,
    )
    payload = message_payload(message) | {"purpose": purpose}
    events.append(
        tx, type="message.queued", actor=DEBTOR, at=now, payload=payload, debtor_ref=debtor.debtor_ref
    )
    return message.message_id


def _limit(tx: Transaction, session_id: UUID, debtor_id: UUID, now: datetime) -> CodeSent | None:
    sent = codes.list_sent(tx, session_id=session_id, since=now - CODE_LIFE)
    if sent and now - sent[-1] < CODE_GAP:
        return CodeSent(kind="too_soon", wait_seconds=int((CODE_GAP - (now - sent[-1])).total_seconds()) + 1)
    hour = messages.list_times(tx, debtor_id=debtor_id, templates=[TEMPLATE], since=now - timedelta(hours=1))
    if len(sent) >= CODES_PER_SESSION or len(hour) >= CODES_PER_HOUR:
        return CodeSent(kind="too_many")
    return None
