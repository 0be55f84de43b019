"""What an evidence pack is made of besides the agreement: what happened to an account, as plain rows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.store import complaints, disputes, messages
from portal.store.tables.events import events
from portal.store.tables.evidence import leaves
from portal.store.tables.payments import ledger_entries
from portal.store.work import Transaction

MESSAGES_MAX = 2_000


def list_places(tx: Transaction, *, account_refs: Sequence[str], up_to: int) -> list[int]:
    """List the places in the log, up to a size, of all events of some accounts; fewer would prove too little."""
    rows = tx.execute(
        select(leaves.c.position)
        .select_from(
            leaves.join(
                events, (events.c.lender_id == leaves.c.lender_id) & (events.c.id == leaves.c.event_id)
            )
        )
        .where(
            events.c.lender_id == tx.lender_id,
            events.c.account_ref.in_(account_refs),
            leaves.c.position <= up_to,
        )
        .order_by(leaves.c.position)
    )
    return list(rows.scalars())


def list_postings(tx: Transaction, *, account_id: UUID) -> list[dict[str, Any]]:
    """List an account's ledger in the order of its booking; minor units, summing to zero."""
    named = ("posting_id", "line", "book", "currency", "amount_minor", "on_date", "cause", "booked_at")
    rows = tx.execute(
        select(*(ledger_entries.c[name] for name in named))
        .where(ledger_entries.c.lender_id == tx.lender_id, ledger_entries.c.account_id == account_id)
        .order_by(ledger_entries.c.booked_at, ledger_entries.c.posting_id, ledger_entries.c.line)
    )
    return [dict(row._mapping) for row in rows]


def list_messages(tx: Transaction, *, debtor_id: UUID) -> list[dict[str, Any]]:
    """List what was sent to a debtor, oldest first, with its words and without the number it went to."""
    found = messages.list_messages_of(tx, debtor_id=debtor_id, limit=MESSAGES_MAX)
    return [
        {
            "channel": one.channel,
            "template": one.template,
            "language": one.language,
            "state": one.state,
            "reason": one.reason,
            "queued_at": one.queued_at,
            "sent_at": one.sent_at,
            "body": messages.load_letter(tx, message_id=one.message_id).body,
        }
        for one in reversed(found)
    ]


def list_objections(tx: Transaction, *, account_ids: Sequence[UUID], debtor_id: UUID) -> list[dict[str, Any]]:
    """List the disputes over some accounts and the debtor's complaints, with their words and answers."""
    found = [
        {
            "kind": "dispute",
            "ref": one.dispute_ref,
            "reason": one.reason,
            "state": one.state,
            "opened_at": one.opened_at,
            "answered_at": one.answered_at,
            "words": disputes.load_words(tx, dispute_id=one.dispute_id),
            "answer": disputes.load_answer(tx, dispute_id=one.dispute_id) if one.answered_at else None,
        }
        for account_id in account_ids
        for one in disputes.list_disputes_of(tx, account_id=account_id)
    ]
    found += [
        {
            "kind": "complaint",
            "ref": one.complaint_ref,
            "reason": None,
            "state": one.state,
            "opened_at": one.opened_at,
            "answered_at": one.answered_at,
            "words": complaints.load_words(tx, complaint_id=one.complaint_id),
            "answer": complaints.load_answer(tx, complaint_id=one.complaint_id) if one.answered_at else None,
        }
        for one in complaints.list_complaints_of(tx, debtor_id=debtor_id)
    ]
    return sorted(found, key=lambda one: (str(one["opened_at"]), one["ref"]))
