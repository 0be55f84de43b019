from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.care import care_rules
from portal.store import complaints, debtors, events, lenders
from portal.store.complaints import Complaint
from portal.store.debtors import Debtor
from portal.store.work import Transaction, Work


def settle_complaint(
    work: Work, *, complaint_ref: str, debtor_id: UUID, is_content: bool, now: datetime
) -> str:
    """Take from the person whether the answer to their complaint is good: closed, reopened, same or not_found.

    A complaint that is not settled by its answer is open again, with a fresh date for the next one. What waits for its
    answer, or was settled before, stays as it is (same).
    """
    with work.begin() as tx:
        complaint = complaints.lock_complaint(tx, complaint_ref=complaint_ref)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        if complaint is None or debtor is None or complaint.debtor_id != debtor_id:
            return "not_found"
        if complaint.state != "answered":
            return "same"
        complaints.move_complaint(
            tx, complaint_id=complaint.complaint_id, before="answered", after="closed", now=now
        )
        if is_content:
            _tell(tx, debtor, complaint, "complaint.closed", {"outcome": "content"}, now=now)
            return "closed"
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        rules = care_rules(lender.settings if lender else {})
        complaints.reopen_complaint(
            tx, complaint_id=complaint.complaint_id, answer_due_at=now + rules.complaint_answer
        )
        _tell(tx, debtor, complaint, "complaint.reopened", {"reason": "not_satisfied"}, now=now)
        return "reopened"


def _tell(
    tx: Transaction, debtor: Debtor, complaint: Complaint, type_: str, more: dict[str, str], *, now: datetime
) -> None:
    events.append(
        tx,
        type=type_,
        actor=DEBTOR,
        at=now,
        payload={"id": complaint.complaint_ref, **more},
        debtor_ref=debtor.debtor_ref,
    )
