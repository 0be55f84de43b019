"""Complaints: how somebody was treated, in their own sealed words, and by when they get an answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, tuple_, update

from portal.core.states import check_move
from portal.store.debtors import new_ref
from portal.store.tables.debtors import complaints
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Complaint:
    complaint_id: UUID
    complaint_ref: str
    debtor_id: UUID
    state: str
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None


_COMPLAINT = (
    complaints.c.complaint_id,
    complaints.c.complaint_ref,
    complaints.c.debtor_id,
    complaints.c.state,
    complaints.c.opened_at,
    complaints.c.answer_due_at,
    complaints.c.answered_at,
)


def save_complaint(
    tx: Transaction, *, debtor_id: UUID, words: str, answer_due_at: datetime, now: datetime
) -> Complaint:
    """Save an open complaint."""
    complaint_id = tx.new_id()
    complaint = Complaint(
        complaint_id=complaint_id,
        complaint_ref=new_ref("cmp", complaint_id),
        debtor_id=debtor_id,
        state="open",
        opened_at=now,
        answer_due_at=answer_due_at,
        answered_at=None,
    )
    sealed = tx.seal(column="complaints.words", row=complaint_id, text=words)
    tx.execute(insert(complaints).values(lender_id=tx.lender_id, words=sealed, **vars(complaint)))
    return complaint


def find_complaint(tx: Transaction, *, complaint_ref: str) -> Complaint | None:
    row = tx.execute(
        select(*_COMPLAINT).where(
            complaints.c.lender_id == tx.lender_id, complaints.c.complaint_ref == complaint_ref
        )
    ).one_or_none()
    return None if row is None else Complaint(**row._mapping)


def list_complaints_of(tx: Transaction, *, debtor_id: UUID) -> list[Complaint]:
    """List a person's complaints, newest first."""
    rows = tx.execute(
        select(*_COMPLAINT)
        .where(complaints.c.lender_id == tx.lender_id, complaints.c.debtor_id == debtor_id)
        .order_by(complaints.c.opened_at.desc())
    )
    return [Complaint(**row._mapping) for row in rows]


def load_words(tx: Transaction, *, complaint_id: UUID) -> str:
    """Unseal what the person wrote."""
    sealed = tx.execute(
        select(complaints.c.words).where(
            complaints.c.lender_id == tx.lender_id, complaints.c.complaint_id == complaint_id
        )
    ).scalar_one()
    return tx.unseal(column="complaints.words", row=complaint_id, sealed=sealed)


def lock_complaint(tx: Transaction, *, complaint_ref: str) -> Complaint | None:
    """Lock a complaint's row until the commit, then load it: two answers take turns."""
    row = tx.execute(
        select(*_COMPLAINT)
        .where(complaints.c.lender_id == tx.lender_id, complaints.c.complaint_ref == complaint_ref)
        .with_for_update()
    ).one_or_none()
    return None if row is None else Complaint(**row._mapping)


def list_complaints(
    tx: Transaction, *, state: str, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Complaint]:
    """List complaints of one state, the earliest promise first; `after` is the last row's (due, id)."""
    wanted = select(*_COMPLAINT).where(complaints.c.lender_id == tx.lender_id, complaints.c.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(complaints.c.answer_due_at, complaints.c.complaint_id) > tuple_(*after))
    rows = tx.execute(wanted.order_by(complaints.c.answer_due_at, complaints.c.complaint_id).limit(limit))
    return [Complaint(**row._mapping) for row in rows]


def move_complaint(
    tx: Transaction, *, complaint_id: UUID, before: str, after: str, now: datetime, answer: str | None = None
) -> bool:
    """Move a complaint's state by compare-and-set, with the answer's text; False when it was not in `before`."""
    check_move(noun="complaint", before=before, after=after)
    values: dict[str, object] = {"state": after}
    if after == "answered":
        sealed = tx.seal_optional(column="complaints.answer", row=complaint_id, text=answer)
        values |= {"answered_at": now, "answer": sealed}
    step = (
        update(complaints)
        .where(
            complaints.c.lender_id == tx.lender_id,
            complaints.c.complaint_id == complaint_id,
            complaints.c.state == before,
        )
        .values(**values)
    )
    return tx.execute(step).rowcount == 1


def reopen_complaint(tx: Transaction, *, complaint_id: UUID, answer_due_at: datetime) -> bool:
    """Open a closed complaint again, with the date by which the next answer is promised."""
    check_move(noun="complaint", before="closed", after="open")
    step = (
        update(complaints)
        .where(
            complaints.c.lender_id == tx.lender_id,
            complaints.c.complaint_id == complaint_id,
            complaints.c.state == "closed",
        )
        .values(state="open", answer_due_at=answer_due_at)
    )
    return tx.execute(step).rowcount == 1


def load_answer(tx: Transaction, *, complaint_id: UUID) -> str:
    """Unseal what the lender answered; empty when there is no answer yet."""
    sealed = tx.execute(
        select(complaints.c.answer).where(
            complaints.c.lender_id == tx.lender_id, complaints.c.complaint_id == complaint_id
        )
    ).scalar_one()
    return tx.unseal_optional(column="complaints.answer", row=complaint_id, sealed=sealed) or ""
