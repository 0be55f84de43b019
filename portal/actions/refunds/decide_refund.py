"""The second pair of eyes says yes or no to a refund; who asked for it may not."""

from datetime import datetime

from portal.core.actors import Actor
from portal.store import events, jobs, refunds
from portal.store.work import Work

DECISIONS = frozenset({"approved", "declined"})


def decide_refund(work: Work, *, refund_ref: str, decision: str, by: str, actor: Actor, now: datetime) -> str:
    """Approve or decline a refund that waits: decided, unknown, not_waiting, or own_work (refused).

    Raises ValueError for another decision than approved and declined.
    """
    if decision not in DECISIONS:
        raise ValueError(f"a decision is one of {', '.join(sorted(DECISIONS))}")
    with work.begin() as tx:
        refund = refunds.lock_refund(tx, refund_ref=refund_ref)
        if refund is None:
            return "unknown"
        if refund.state != "asked":
            return "not_waiting"
        if refund.asked_by == by:
            return "own_work"
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
        payload = {
            "id": f"apr_{refund.refund_id.hex}",
            "decision": decision,
            "subject": "refund",
            "subject_id": refund.refund_ref,
        }
        events.append(tx, type="approval.decided", actor=actor, at=now, payload=payload)
        if decision == "approved":
            jobs.defer(tx, "send_refund", queue="payments", refund_id=str(refund.refund_id))
    return "decided"
