"""Offers that wait for a second person: who asked, by when an answer is promised, and the answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select, tuple_, update

from portal.core.states import check_move
from portal.store.debtors import new_ref
from portal.store.tables.approvals import approvals
from portal.store.tables.cases import offers
from portal.store.work import Transaction

COLUMN = "approvals.note"


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One request. `level` is the role that decides; `asked_by` and `decided_by` are references of the staff or of a
    key, or `debtor` and `counselor` for what they chose."""

    approval_id: UUID
    approval_ref: str
    offer_id: UUID
    account_id: UUID
    debtor_id: UUID
    level: str
    state: str
    asked_by: str
    asked_at: datetime
    answer_due_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None


_APPROVAL = tuple(approvals.c[name] for name in Approval.__dataclass_fields__)


def save_approval(
    tx: Transaction,
    *,
    offer_id: UUID,
    account_id: UUID,
    debtor_id: UUID,
    level: str,
    asked_by: str,
    answer_due_at: datetime,
    now: datetime,
) -> Approval:
    """Save that an offer waits for a role's yes, and mark the offer: from here on it cannot be signed without one."""
    approval_id = tx.new_id()
    approval = Approval(
        approval_id=approval_id,
        approval_ref=new_ref("apr", approval_id),
        offer_id=offer_id,
        account_id=account_id,
        debtor_id=debtor_id,
        level=level,
        state="waiting",
        asked_by=asked_by,
        asked_at=now,
        answer_due_at=answer_due_at,
    )
    tx.execute(insert(approvals).values(lender_id=tx.lender_id, **vars(approval)))
    _mark(tx, offer_id, approval="waiting")
    return approval


def find_of_offer(tx: Transaction, *, offer_id: UUID) -> Approval | None:
    """Find the request about an offer; None where nobody was asked."""
    row = tx.execute(
        select(*_APPROVAL).where(approvals.c.lender_id == tx.lender_id, approvals.c.offer_id == offer_id)
    ).one_or_none()
    return None if row is None else Approval(**row._mapping)


def list_waiting(
    tx: Transaction, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Approval]:
    """List what waits, the earliest promise first; `after` is the place of the last one of the page before."""
    place = tuple_(approvals.c.answer_due_at, approvals.c.approval_id)
    wanted = [] if after is None else [place > tuple_(*after)]
    rows = tx.execute(
        select(*_APPROVAL)
        .where(approvals.c.lender_id == tx.lender_id, approvals.c.state == "waiting", *wanted)
        .order_by(approvals.c.answer_due_at, approvals.c.approval_id)
        .limit(limit)
    )
    return [Approval(**row._mapping) for row in rows]


def decide(
    tx: Transaction, *, approval: Approval, decision: str, by: str, note: str, expires_on: date, now: datetime
) -> bool:
    """Write a decision down by compare-and-set, on the offer too; False when somebody was faster.

    `expires_on` is the last day of an approved offer: waiting takes nothing of the time to think.
    """
    check_move(noun="approval", before="waiting", after=decision)
    step = (
        update(approvals)
        .where(
            approvals.c.lender_id == tx.lender_id,
            approvals.c.approval_id == approval.approval_id,
            approvals.c.state == "waiting",
        )
        .values(
            state=decision,
            decided_by=by,
            decided_at=now,
            note=tx.seal_optional(column=COLUMN, row=approval.approval_id, text=note or None),
        )
    )
    if tx.execute(step).rowcount != 1:
        return False
    _mark(tx, approval.offer_id, approval=decision, expires_on=expires_on)
    return True


def load_note(tx: Transaction, *, approval_id: UUID) -> str:
    """Unseal what was written beside a decision; '' where nothing was."""
    sealed = tx.execute(
        select(approvals.c.note).where(
            approvals.c.lender_id == tx.lender_id, approvals.c.approval_id == approval_id
        )
    ).scalar_one_or_none()
    return tx.unseal_optional(column=COLUMN, row=approval_id, sealed=sealed) or ""


def _mark(tx: Transaction, offer_id: UUID, **values: object) -> None:
    tx.execute(
        update(offers)
        .where(offers.c.lender_id == tx.lender_id, offers.c.offer_id == offer_id)
        .values(**values)
    )
