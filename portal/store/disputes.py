"""Disputes: what a person says is wrong about an account, in sealed words, and by when it is answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, tuple_, update

from portal.core.states import check_move
from portal.store.debtors import new_ref
from portal.store.tables.debtors import disputes
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Dispute:
    dispute_id: UUID
    dispute_ref: str
    account_id: UUID
    reason: str
    state: str
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None


_DISPUTE = (
    disputes.c.dispute_id,
    disputes.c.dispute_ref,
    disputes.c.account_id,
    disputes.c.reason,
    disputes.c.state,
    disputes.c.opened_at,
    disputes.c.answer_due_at,
    disputes.c.answered_at,
)
OPEN = ("open", "escalated")


def save_dispute(
    tx: Transaction, *, account_id: UUID, reason: str, words: str, answer_due_at: datetime, now: datetime
) -> Dispute:
    """Save an open dispute."""
    dispute_id = tx.new_id()
    dispute = Dispute(
        dispute_id=dispute_id,
        dispute_ref=new_ref("dsp", dispute_id),
        account_id=account_id,
        reason=reason,
        state="open",
        opened_at=now,
        answer_due_at=answer_due_at,
        answered_at=None,
    )
    sealed = tx.seal_optional(column="disputes.words", row=dispute_id, text=words)
    tx.execute(insert(disputes).values(lender_id=tx.lender_id, words=sealed, **vars(dispute)))
    return dispute


def find_dispute(tx: Transaction, *, dispute_ref: str) -> Dispute | None:
    row = tx.execute(
        select(*_DISPUTE).where(disputes.c.lender_id == tx.lender_id, disputes.c.dispute_ref == dispute_ref)
    ).one_or_none()
    return None if row is None else Dispute(**row._mapping)


def find_open_dispute(tx: Transaction, *, account_id: UUID) -> Dispute | None:
    """Find the dispute of an account that waits for an answer, the newest if there are several."""
    row = tx.execute(
        select(*_DISPUTE)
        .where(
            disputes.c.lender_id == tx.lender_id,
            disputes.c.account_id == account_id,
            disputes.c.state.in_(OPEN),
        )
        .order_by(disputes.c.opened_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Dispute(**row._mapping)


def lock_dispute(tx: Transaction, *, dispute_ref: str) -> Dispute | None:
    """Lock a dispute's row until the commit, then load it: two answers take turns."""
    row = tx.execute(
        select(*_DISPUTE)
        .where(disputes.c.lender_id == tx.lender_id, disputes.c.dispute_ref == dispute_ref)
        .with_for_update()
    ).one_or_none()
    return None if row is None else Dispute(**row._mapping)


def list_disputes(
    tx: Transaction, *, state: str, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Dispute]:
    """List disputes of one state, the earliest promise first; `after` is the last row's (due, id)."""
    wanted = select(*_DISPUTE).where(disputes.c.lender_id == tx.lender_id, disputes.c.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(disputes.c.answer_due_at, disputes.c.dispute_id) > tuple_(*after))
    rows = tx.execute(wanted.order_by(disputes.c.answer_due_at, disputes.c.dispute_id).limit(limit))
    return [Dispute(**row._mapping) for row in rows]


def load_answer(tx: Transaction, *, dispute_id: UUID) -> str:
    """Unseal what the lender answered; empty when there is no answer yet."""
    sealed = tx.execute(
        select(disputes.c.answer).where(
            disputes.c.lender_id == tx.lender_id, disputes.c.dispute_id == dispute_id
        )
    ).scalar_one()
    return tx.unseal_optional(column="disputes.answer", row=dispute_id, sealed=sealed) or ""


def load_words(tx: Transaction, *, dispute_id: UUID) -> str | None:
    """Unseal what the debtor wrote."""
    sealed = tx.execute(
        select(disputes.c.words).where(
            disputes.c.lender_id == tx.lender_id, disputes.c.dispute_id == dispute_id
        )
    ).scalar_one()
    return tx.unseal_optional(column="disputes.words", row=dispute_id, sealed=sealed)


def move_dispute(
    tx: Transaction, *, dispute_id: UUID, before: str, after: str, now: datetime, answer: str | None = None
) -> bool:
    """Move a dispute's state by compare-and-set, with the answer's text; False when it was not in `before`."""
    check_move(noun="dispute", before=before, after=after)
    values: dict[str, object] = {"state": after}
    if after == "answered":
        sealed = tx.seal_optional(column="disputes.answer", row=dispute_id, text=answer)
        values |= {"answered_at": now, "answer": sealed}
    step = (
        update(disputes)
        .where(
            disputes.c.lender_id == tx.lender_id,
            disputes.c.dispute_id == dispute_id,
            disputes.c.state == before,
        )
        .values(**values)
    )
    return tx.execute(step).rowcount == 1


def list_disputes_of(tx: Transaction, *, account_id: UUID, limit: int = 20) -> list[Dispute]:
    """List an account's disputes, newest first."""
    rows = tx.execute(
        select(*_DISPUTE)
        .where(disputes.c.lender_id == tx.lender_id, disputes.c.account_id == account_id)
        .order_by(disputes.c.dispute_id.desc())
        .limit(limit)
    )
    return [Dispute(**row._mapping) for row in rows]
