"""The second pair of eyes says yes or no to a refund; who asked for it may not."""

from datetime import datetime

from portal.actions.staff.second_eyes import check_decision, tell_decision, why_not_decided
from portal.core.actors import Actor
from portal.store import jobs, refunds
from portal.store.work import Work


def decide_refund(work: Work, *, refund_ref: str, decision: str, by: str, actor: Actor, now: datetime) -> str:
    """Approve or decline a refund that waits: decided, unknown, not_waiting, or own_work (refused).

    Raises ValueError for another decision than approved and declined.
    """
    check_decision(decision)
    with work.begin() as tx:
        refund = refunds.lock_refund(tx, refund_ref=refund_ref)
        if refund is None:
            return "unknown"
        refusal = why_not_decided(is_waiting=refund.state == "asked", asked_by=refund.asked_by, by=by)
        if refusal:
            return refusal
        ends = {"ended_at": now} if decision == "declined" else {}
        refunds.move_refund(
            tx,
            refund_id=refund.refund_id,
            before="asked",
            after=decision,
            decided_by=by,
            decided_at=now,
            **ends,
        )
        tell_decision(
            tx,
            approval_ref=f"apr_{refund.refund_id.hex}",
            decision=decision,
            subject="refund",
            subject_ref=refund.refund_ref,
            actor=actor,
            now=now,
        )
        if decision == "approved":
            jobs.defer(tx, "send_refund", queue="payments", refund_id=str(refund.refund_id))
    return "decided"
