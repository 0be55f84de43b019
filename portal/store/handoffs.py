"""Cases handed over to people: what was asked, by when an answer is promised, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, tuple_, update

from portal.core.states import check_move
from portal.store.debtors import new_ref
from portal.store.tables.cases import handoffs
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Handoff:
    """`cause` is a code; `packet` holds facts and figures without personal data; the debtor's own words are sealed."""

    handoff_id: UUID
    handoff_ref: str
    case_id: UUID | None
    debtor_id: UUID
    account_id: UUID | None
    cause: str
    packet: Mapping[str, Any]
    state: str
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    answered_by: UUID | None
    answer: Mapping[str, Any] | None


_HANDOFF = (
    handoffs.c.handoff_id,
    handoffs.c.handoff_ref,
    handoffs.c.case_id,
    handoffs.c.debtor_id,
    handoffs.c.account_id,
    handoffs.c.cause,
    handoffs.c.packet,
    handoffs.c.state,
    handoffs.c.opened_at,
    handoffs.c.answer_due_at,
    handoffs.c.answered_at,
    handoffs.c.answered_by,
    handoffs.c.answer,
)


def save_handoff(
    tx: Transaction,
    *,
    debtor_id: UUID,
    cause: str,
    packet: Mapping[str, Any],
    answer_due_at: datetime,
    now: datetime,
    case_id: UUID | None = None,
    account_id: UUID | None = None,
    words: str | None = None,
) -> Handoff:
    """Save a hand-off that waits for a person."""
    handoff_id = tx.new_id()
    handoff = Handoff(
        handoff_id=handoff_id,
        handoff_ref=new_ref("hnd", handoff_id),
        case_id=case_id,
        debtor_id=debtor_id,
        account_id=account_id,
        cause=cause,
        packet=dict(packet),
        state="waiting",
        opened_at=now,
        answer_due_at=answer_due_at,
        answered_at=None,
        answered_by=None,
        answer=None,
    )
    sealed = tx.seal_optional(column="handoffs.words", row=handoff_id, text=words)
    tx.execute(insert(handoffs).values(lender_id=tx.lender_id, words=sealed, **vars(handoff)))
    return handoff


def find_handoff(
    tx: Transaction, *, handoff_id: UUID | None = None, handoff_ref: str | None = None
) -> Handoff | None:
    wanted = handoffs.c.handoff_id == handoff_id if handoff_id else handoffs.c.handoff_ref == handoff_ref
    row = tx.execute(select(*_HANDOFF).where(handoffs.c.lender_id == tx.lender_id, wanted)).one_or_none()
    return None if row is None else Handoff(**row._mapping)


def find_newest_of_case(tx: Transaction, *, case_id: UUID) -> Handoff | None:
    """Find the hand-off of a negotiation that waits, else its newest."""
    row = tx.execute(
        select(*_HANDOFF)
        .where(handoffs.c.lender_id == tx.lender_id, handoffs.c.case_id == case_id)
        .order_by((handoffs.c.state == "waiting").desc(), handoffs.c.handoff_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Handoff(**row._mapping)


def lock_handoff(tx: Transaction, *, handoff_id: UUID) -> Handoff | None:
    """Lock a hand-off's row until the commit, then load it: two answers take turns."""
    row = tx.execute(
        select(*_HANDOFF)
        .where(handoffs.c.lender_id == tx.lender_id, handoffs.c.handoff_id == handoff_id)
        .with_for_update()
    ).one_or_none()
    return None if row is None else Handoff(**row._mapping)


def load_words(tx: Transaction, *, handoff_id: UUID) -> str | None:
    """Unseal what the debtor wrote."""
    sealed = tx.execute(
        select(handoffs.c.words).where(
            handoffs.c.lender_id == tx.lender_id, handoffs.c.handoff_id == handoff_id
        )
    ).scalar_one()
    return tx.unseal_optional(column="handoffs.words", row=handoff_id, sealed=sealed)


def load_answer_words(tx: Transaction, *, handoff_id: UUID) -> str:
    """Unseal what a person at the lender answered in words; empty when they used none."""
    sealed = tx.execute(
        select(handoffs.c.answer_words).where(
            handoffs.c.lender_id == tx.lender_id, handoffs.c.handoff_id == handoff_id
        )
    ).scalar_one()
    return tx.unseal_optional(column="handoffs.answer_words", row=handoff_id, sealed=sealed) or ""


def list_handoffs(
    tx: Transaction, *, state: str, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Handoff]:
    """List hand-offs of one state, the earliest promise first; `after` is the last row's (due, id)."""
    wanted = select(*_HANDOFF).where(handoffs.c.lender_id == tx.lender_id, handoffs.c.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(handoffs.c.answer_due_at, handoffs.c.handoff_id) > tuple_(*after))
    rows = tx.execute(wanted.order_by(handoffs.c.answer_due_at, handoffs.c.handoff_id).limit(limit))
    return [Handoff(**row._mapping) for row in rows]


def list_handoffs_of(tx: Transaction, *, debtor_id: UUID, limit: int = 20) -> list[Handoff]:
    """List a debtor's hand-offs, newest first."""
    rows = tx.execute(
        select(*_HANDOFF)
        .where(handoffs.c.lender_id == tx.lender_id, handoffs.c.debtor_id == debtor_id)
        .order_by(handoffs.c.handoff_id.desc())
        .limit(limit)
    )
    return [Handoff(**row._mapping) for row in rows]


def save_answer(
    tx: Transaction,
    *,
    handoff_id: UUID,
    answer: Mapping[str, Any],
    by: UUID | None,
    now: datetime,
    words: str | None = None,
) -> bool:
    """Answer a waiting hand-off, the words sealed; False when somebody else answered it first."""
    check_move(noun="handoff", before="waiting", after="answered")
    sealed = tx.seal_optional(column="handoffs.answer_words", row=handoff_id, text=words)
    step = (
        update(handoffs)
        .where(
            handoffs.c.lender_id == tx.lender_id,
            handoffs.c.handoff_id == handoff_id,
            handoffs.c.state == "waiting",
        )
        .values(state="answered", answer=dict(answer), answer_words=sealed, answered_by=by, answered_at=now)
    )
    return tx.execute(step).rowcount == 1
