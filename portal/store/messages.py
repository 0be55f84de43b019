"""Messages to debtors: sealed text and number, the state on its way, and the sweep that finds what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.core.states import check_move
from portal.store.tables.identity import messages
from portal.store.work import Transaction

ANSWER_WITHIN = timedelta(minutes=1)
"""A message without a carrier's answer for so long is sent again with the same key, which never sends twice."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message without its text and number (`load_letter` unseals these)."""

    message_id: UUID
    debtor_id: UUID
    link_id: UUID | None
    channel: str
    template: str
    language: str
    segments: int
    state: str
    reason: str | None
    gateway_ref: str | None
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What goes to the carrier; keep it out of logs and events."""

    recipient: str
    body: str


_MESSAGE = (
    messages.c.message_id,
    messages.c.debtor_id,
    messages.c.link_id,
    messages.c.channel,
    messages.c.template,
    messages.c.language,
    messages.c.segments,
    messages.c.state,
    messages.c.reason,
    messages.c.gateway_ref,
    messages.c.queued_at,
    messages.c.due_at,
    messages.c.sent_at,
)


def save_message(
    tx: Transaction,
    *,
    debtor_id: UUID,
    template: str,
    language: str,
    letter: Letter,
    segments: int,
    due_at: datetime,
    now: datetime,
    link_id: UUID | None = None,
    channel: str = "sms",
) -> Message:
    """Save a queued message; it may go out from `due_at` on."""
    message_id = tx.new_id()
    message = Message(
        message_id=message_id,
        debtor_id=debtor_id,
        link_id=link_id,
        channel=channel,
        template=template,
        language=language,
        segments=segments,
        state="queued",
        reason=None,
        gateway_ref=None,
        queued_at=now,
        due_at=due_at,
        sent_at=None,
    )
    tx.execute(
        insert(messages).values(
            lender_id=tx.lender_id,
            recipient=tx.seal(column="messages.recipient", row=message_id, text=letter.recipient),
            body=tx.seal(column="messages.body", row=message_id, text=letter.body),
            **vars(message),
        )
    )
    return message


def find_message(tx: Transaction, *, message_id: UUID) -> Message | None:
    row = tx.execute(
        select(*_MESSAGE).where(messages.c.lender_id == tx.lender_id, messages.c.message_id == message_id)
    ).one_or_none()
    return None if row is None else Message(**row._mapping)


def load_letter(tx: Transaction, *, message_id: UUID) -> Letter:
    """Unseal what goes to the carrier; raises sqlalchemy.exc.NoResultFound when there is no such message."""
    row = tx.execute(
        select(messages.c.recipient, messages.c.body).where(
            messages.c.lender_id == tx.lender_id, messages.c.message_id == message_id
        )
    ).one()
    return Letter(
        recipient=tx.unseal(column="messages.recipient", row=message_id, sealed=row.recipient),
        body=tx.unseal(column="messages.body", row=message_id, sealed=row.body),
    )


def move_message(
    tx: Transaction,
    *,
    message_id: UUID,
    before: str,
    after: str,
    now: datetime,
    reason: str | None = None,
    gateway_ref: str | None = None,
) -> bool:
    """Move a message's state by compare-and-set; False when it was not in `before`: somebody else has it."""
    check_move(noun="message", before=before, after=after)
    values: dict[str, object] = {"state": after, "reason": reason}
    if after == "unknown":
        values["due_at"] = now + ANSWER_WITHIN
    if after == "sent":
        values |= {"sent_at": now, "gateway_ref": gateway_ref}
    step = (
        update(messages)
        .where(
            messages.c.lender_id == tx.lender_id,
            messages.c.message_id == message_id,
            messages.c.state == before,
        )
        .values(**values)
    )
    return tx.execute(step).rowcount == 1


def put_off(tx: Transaction, *, message_id: UUID, due_at: datetime, reason: str) -> bool:
    """Let a queued message wait until `due_at`."""
    step = (
        update(messages)
        .where(
            messages.c.lender_id == tx.lender_id,
            messages.c.message_id == message_id,
            messages.c.state == "queued",
        )
        .values(due_at=due_at, reason=reason)
    )
    return tx.execute(step).rowcount == 1


def list_due(tx: Transaction, *, state: str, now: datetime, limit: int) -> list[UUID]:
    """List queued messages whose time has come, or unknown ones whose answer is overdue, oldest first."""
    rows = tx.execute(
        select(messages.c.message_id)
        .where(messages.c.lender_id == tx.lender_id, messages.c.state == state, messages.c.due_at <= now)
        .order_by(messages.c.due_at)
        .limit(limit)
    )
    return list(rows.scalars())


def wait_again(tx: Transaction, *, message_id: UUID, now: datetime) -> bool:
    """Claim a message whose answer is overdue for another call; False when somebody else has it."""
    step = (
        update(messages)
        .where(
            messages.c.lender_id == tx.lender_id,
            messages.c.message_id == message_id,
            messages.c.state == "unknown",
            messages.c.due_at <= now,
        )
        .values(due_at=now + ANSWER_WITHIN)
    )
    return tx.execute(step).rowcount == 1


def list_queued_of(tx: Transaction, *, debtor_id: UUID) -> list[Message]:
    rows = tx.execute(
        select(*_MESSAGE).where(
            messages.c.lender_id == tx.lender_id,
            messages.c.debtor_id == debtor_id,
            messages.c.state == "queued",
        )
    )
    return [Message(**row._mapping) for row in rows]


def list_times(
    tx: Transaction,
    *,
    debtor_id: UUID,
    templates: Collection[str],
    since: datetime,
    but: UUID | None = None,
) -> list[datetime]:
    """List when messages of some templates went or will go to a person since a moment, one of them left out.

    Failed and suppressed ones do not count; a message that waits counts from when it was queued.
    """
    rows = tx.execute(
        select(messages.c.sent_at, messages.c.queued_at).where(
            messages.c.lender_id == tx.lender_id,
            messages.c.debtor_id == debtor_id,
            messages.c.template.in_(list(templates)),
            messages.c.queued_at > since,
            messages.c.state.in_(["queued", "unknown", "sent", "delivered"]),
            messages.c.message_id.is_distinct_from(but),
        )
    )
    return [row.sent_at or row.queued_at for row in rows]


def list_messages_of(tx: Transaction, *, debtor_id: UUID, limit: int) -> list[Message]:
    """List a debtor's messages, newest first."""
    rows = tx.execute(
        select(*_MESSAGE)
        .where(messages.c.lender_id == tx.lender_id, messages.c.debtor_id == debtor_id)
        .order_by(messages.c.queued_at.desc(), messages.c.message_id.desc())
        .limit(limit)
    )
    return [Message(**row._mapping) for row in rows]
