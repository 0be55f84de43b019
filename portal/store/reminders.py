"""Reminders in batches: what is known of many readers at once, and their links and messages written together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.core.contact import Standing
from portal.core.messages import LENDER_TEMPLATES, is_neutral
from portal.store.cipher import secret_digest
from portal.store.lenders import find_lender
from portal.store.letterheads import Sender
from portal.store.tables.debtors import accounts, debtors, holds
from portal.store.tables.identity import messages, sessions
from portal.store.tables.lenders import creditors
from portal.store.work import Transaction

LIVE = ("open", "settled")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who is to be written to; keep `phone` out of logs and events."""

    debtor_id: UUID
    debtor_ref: str
    language: str
    country: str
    security_word: str
    phone: str | None
    sender: Sender
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message with its link, ready to be kept until it may go out."""

    message_id: UUID
    link_id: UUID
    debtor_id: UUID
    token: str
    template: str
    language: str
    recipient: str
    body: str
    segments: int
    due_at: datetime
    expires_at: datetime


def load_readers(tx: Transaction, *, debtor_ids: Sequence[UUID], now: datetime) -> list[Reader]:
    """Load what is known of many people: language, number, sender, and the standing that the contact rules ask for."""
    live = _accounts(tx, debtor_ids, now)
    sent, seen = _sent(tx, debtor_ids, now), _visits(tx, debtor_ids)
    lender = find_lender(tx, lender_id=tx.lender_id)
    settings = lender.settings if lender else {}
    house = str(settings.get("brand_name") or (lender.name if lender else ""))
    rows = tx.execute(
        select(
            debtors.c.debtor_id,
            debtors.c.debtor_ref,
            debtors.c.language,
            debtors.c.country,
            debtors.c.time_zone,
            debtors.c.security_word,
            debtors.c.phone,
            debtors.c.wrong_party_at,
            debtors.c.messages_stopped_at,
        ).where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id.in_(debtor_ids))
    )
    return [
        Reader(
            debtor_id=row.debtor_id,
            debtor_ref=row.debtor_ref,
            language=row.language,
            country=row.country,
            security_word=row.security_word,
            phone=tx.unseal_optional(column="debtors.phone", row=row.debtor_id, sealed=row.phone),
            sender=_sender(live[row.debtor_id], settings, house),
            standing=Standing(
                time_zone=row.time_zone,
                is_wrong_party=row.wrong_party_at is not None,
                has_stopped=row.messages_stopped_at is not None,
                is_held=bool(live[row.debtor_id]) and all(one.is_held for one in live[row.debtor_id]),
                sent=sent[row.debtor_id],
                acted_at=seen.get(row.debtor_id),
            ),
        )
        for row in rows
    ]


class _Live(NamedTuple):
    """One live account of a reader: its brand, and whether everything about it rests."""

    creditor_id: UUID
    brand_name: str
    phone: str | None
    is_held: bool


def _sender(live: Sequence[_Live], settings: Any, house: str) -> Sender:
    """Give the brand that the person knows where there is only one, or the lender's own: see `letterheads`."""
    only = live[0] if len({one.creditor_id for one in live}) == 1 else None
    name = only.brand_name if only else house
    if not is_neutral(name):
        name = str(settings.get("neutral_name") or "")
    return Sender(
        creditor_id=only.creditor_id if only else None,
        name=name if is_neutral(name) else "",
        phone=(only.phone if only else None) or settings.get("phone"),
    )


def _accounts(tx: Transaction, debtor_ids: Sequence[UUID], now: datetime) -> dict[UUID, list[_Live]]:
    in_force = and_(
        holds.c.lender_id == accounts.c.lender_id,
        holds.c.account_id == accounts.c.account_id,
        holds.c.released_at.is_(None),
        holds.c.until.is_(None) | (holds.c.until > now),
    )
    joined = accounts.join(
        creditors,
        and_(
            creditors.c.lender_id == accounts.c.lender_id, creditors.c.creditor_id == accounts.c.creditor_id
        ),
    ).outerjoin(holds, in_force)
    about = (
        accounts.c.account_id,
        accounts.c.debtor_id,
        accounts.c.creditor_id,
        creditors.c.brand_name,
        creditors.c.phone,
    )
    rows = tx.execute(
        select(*about, func.count(holds.c.hold_id).label("held"))
        .select_from(joined)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.debtor_id.in_(debtor_ids),
            accounts.c.state.in_(LIVE),
        )
        .group_by(*about)
    )
    found: dict[UUID, list[_Live]] = defaultdict(list)
    for row in rows:
        found[row.debtor_id].append(_Live(row.creditor_id, row.brand_name, row.phone, bool(row.held)))
    return found


def _sent(tx: Transaction, debtor_ids: Sequence[UUID], now: datetime) -> dict[UUID, list[datetime]]:
    rows = tx.execute(
        select(messages.c.debtor_id, messages.c.sent_at, messages.c.queued_at).where(
            messages.c.lender_id == tx.lender_id,
            messages.c.debtor_id.in_(debtor_ids),
            messages.c.template.in_(sorted(LENDER_TEMPLATES)),
            messages.c.queued_at > now - timedelta(days=7),
            messages.c.state.in_(["queued", "unknown", "sent", "delivered"]),
        )
    )
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for row in rows:
        found[row.debtor_id].append(row.sent_at or row.queued_at)
    return found


def _visits(tx: Transaction, debtor_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    rows = tx.execute(
        select(sessions.c.subject_id, func.max(sessions.c.seen_at).label("seen_at"))
        .where(
            sessions.c.lender_id == tx.lender_id,
            sessions.c.subject_id.in_(debtor_ids),
            sessions.c.kind == "debtor",
        )
        .group_by(sessions.c.subject_id)
    )
    return {row.subject_id: row.seen_at for row in rows}


def save_letters(tx: Transaction, letters: Sequence[Letter], *, now: datetime) -> None:
    """Save links and queued messages together; the tokens exist in clear nowhere but in the sealed bodies."""
    if not letters:
        return
    digests = [secret_digest(one.token) for one in letters]
    sealed = [
        (
            tx.seal(column="messages.recipient", row=one.message_id, text=one.recipient),
            tx.seal(column="messages.body", row=one.message_id, text=one.body),
        )
        for one in letters
    ]
    given = {name: [getattr(one, name) for one in letters] for name in _OF_LETTER}
    given |= {
        "digest": digests,
        "sealed_recipient": [recipient for recipient, _ in sealed],
        "sealed_body": [body for _, body in sealed],
    }
    for statement in (_LINKS, _DIGESTS, _MESSAGES):
        tx.later(statement, {"lender_id": tx.lender_id, "now": now, **given})


_OF_LETTER = (
    "message_id", "link_id", "debtor_id", "template", "language", "segments", "due_at", "expires_at",
)  # fmt: skip
_LINKS = """
INSERT INTO links (lender_id, link_id, token_digest, debtor_id, state, tries, made_at, expires_at)
SELECT %(lender_id)s, one.link_id, one.token_digest, one.debtor_id, 'made', 0, %(now)s, one.expires_at
FROM unnest(%(link_id)s::uuid[], %(digest)s::bytea[], %(debtor_id)s::uuid[], %(expires_at)s::timestamptz[])
  AS one(link_id, token_digest, debtor_id, expires_at)
"""
_DIGESTS = """
INSERT INTO secret_digests (kind, digest, lender_id, subject_id, created_at)
SELECT 'link', one.digest, %(lender_id)s, one.link_id, %(now)s
FROM unnest(%(link_id)s::uuid[], %(digest)s::bytea[]) AS one(link_id, digest)
"""
_MESSAGES = """
INSERT INTO messages (lender_id, message_id, debtor_id, link_id, channel, template, language, recipient, body, segments,
  state, queued_at, due_at)
SELECT %(lender_id)s, one.message_id, one.debtor_id, one.link_id, 'sms', one.template, one.language, one.recipient,
  one.body, one.segments, 'queued', %(now)s, one.due_at
FROM unnest(%(message_id)s::uuid[], %(debtor_id)s::uuid[], %(link_id)s::uuid[], %(template)s::text[],
  %(language)s::text[], %(sealed_recipient)s::bytea[], %(sealed_body)s::bytea[], %(segments)s::int[],
  %(due_at)s::timestamptz[])
  AS one(message_id, debtor_id, link_id, template, language, recipient, body, segments, due_at)
"""
