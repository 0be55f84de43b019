from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.care import care_rules
from portal.core.events.envelope import write_time
from portal.store import complaints, debtors, events, form_tokens, lenders
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class ComplaintOpened:
    """What became of it: opened, or there_already when the same form came twice."""

    kind: str
    ref: str = ""
    answer_due_at: datetime | None = None


def open_complaint(
    work: Work, *, debtor_id: UUID, topic: str, words: str, language: str, token: str, now: datetime
) -> ComplaintOpened:
    """Take a complaint about how somebody was treated; it gets a reference and a date at once.

    `topic` is one of `core.care.COMPLAINT_TOPICS`; `token` is the form's one-use token. Raises LookupError when the
    person is unknown.
    """
    with work.begin() as tx:
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        if debtor is None or lender is None:
            raise LookupError(debtor_id)
        if not form_tokens.use_token(tx, token=token, answer=topic, now=now):
            known = complaints.list_complaints_of(tx, debtor_id=debtor_id)[:1]
            return ComplaintOpened(
                kind="there_already",
                ref=known[0].complaint_ref if known else "",
                answer_due_at=known[0].answer_due_at if known else None,
            )
        rules = care_rules(lender.settings)
        complaint = complaints.save_complaint(
            tx, debtor_id=debtor_id, words=words, answer_due_at=now + rules.complaint_answer, now=now
        )
        events.append(
            tx,
            type="complaint.opened",
            actor=DEBTOR,
            at=now,
            payload={
                "id": complaint.complaint_ref,
                "topic": topic,
                "answer_by": write_time(complaint.answer_due_at),
                "language": language,
            },
            debtor_ref=debtor.debtor_ref,
        )
        return ComplaintOpened(
            kind="opened", ref=complaint.complaint_ref, answer_due_at=complaint.answer_due_at
        )
