from datetime import datetime

from portal.actions.care.answer_dispute import InboxAnswered
from portal.actions.links.send_link import queue_link
from portal.core.actors import Actor
from portal.store import complaints, debtors, events
from portal.store.work import Work

OUTCOMES = ("upheld", "partly_upheld", "not_upheld")
WAITING = ("open", "reviewed")


def review_complaint(work: Work, *, complaint_ref: str, actor: Actor, now: datetime) -> str:
    """Take a complaint up: reviewed, unknown, or same (somebody did already). Tells `complaint.reviewed`."""
    with work.begin() as tx:
        complaint = complaints.lock_complaint(tx, complaint_ref=complaint_ref)
        debtor = debtors.find_debtor(tx, debtor_id=complaint.debtor_id) if complaint else None
        if complaint is None or debtor is None:
            return "unknown"
        if complaint.state != "open":
            return "same"
        complaints.move_complaint(
            tx, complaint_id=complaint.complaint_id, before="open", after="reviewed", now=now
        )
        payload = {"id": complaint_ref} | ({"reviewer": actor.ref} if actor.ref else {})
        events.append(
            tx, type="complaint.reviewed", actor=actor, at=now, payload=payload, debtor_ref=debtor.debtor_ref
        )
    return "reviewed"


def answer_complaint(
    work: Work, *, complaint_ref: str, outcome: str, words: str, actor: Actor, base_url: str, now: datetime
) -> InboxAnswered:
    """Answer a complaint once, in words that the person reads. Tells `complaint.answered`, late or not.

    The person gets a neutral message when the contact rules allow one. Raises ValueError for an unknown outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"an outcome is one of {', '.join(OUTCOMES)}")
    if not words:
        return InboxAnswered(kind="words_needed")
    with work.begin() as tx:
        complaint = complaints.lock_complaint(tx, complaint_ref=complaint_ref)
        debtor = debtors.find_debtor(tx, debtor_id=complaint.debtor_id) if complaint else None
        if complaint is None or debtor is None:
            return InboxAnswered(kind="unknown")
        if complaint.state not in WAITING:
            return InboxAnswered(kind="answered_already")
        is_late = now > complaint.answer_due_at
        complaints.move_complaint(
            tx,
            complaint_id=complaint.complaint_id,
            before=complaint.state,
            after="answered",
            answer=words,
            now=now,
        )
        events.append(
            tx,
            type="complaint.answered",
            actor=actor,
            at=now,
            payload={"id": complaint_ref, "outcome": outcome, "is_late": is_late},
            debtor_ref=debtor.debtor_ref,
        )
        queue_link(
            tx, debtor_id=debtor.debtor_id, now=now, base_url=base_url, template="link_first", actor=actor
        )
    return InboxAnswered(kind="answered", is_late=is_late)
