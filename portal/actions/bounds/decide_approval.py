from datetime import datetime
from uuid import UUID

from portal.actions.staff.second_eyes import tell_decision
from portal.core.actors import Actor
from portal.core.events.envelope import write_time
from portal.store import bounds
from portal.store.bounds import BoundsVersion
from portal.store.debtors import new_ref
from portal.store.work import Transaction, Work

STATES = {"approved": ("simulated", "approved"), "declined": ("simulated", "draft")}


def decide_approval(
    work: Work, *, bounds_id: UUID, decision: str, note: str, staff_id: UUID, actor: Actor, now: datetime
) -> str:
    """Approve a version or send it back to be a draft: decided, unknown, not_waiting, or own_work (refused).

    Four eyes: who started, edited or sent it may not decide. Tells `approval.decided`.
    Raises ValueError for another decision than approved and declined.
    """
    if decision not in STATES:
        raise ValueError(f"a decision is one of {', '.join(STATES)}")
    before, after = STATES[decision]
    with work.begin() as tx:
        version = bounds.lock_bounds(tx, bounds_id=bounds_id)
        if version is None:
            return "unknown"
        if version.state != before:
            return "not_waiting"
        if staff_id in makers_of(version):
            return "own_work"
        _decide(tx, version, decision, after, note=note, staff_id=staff_id, actor=actor, now=now)
    return "decided"


def makers_of(version: BoundsVersion) -> set[UUID]:
    """Give who started, edited or sent a version: none of them may approve it."""
    review = version.review or {}
    named = [*review.get("editors", []), *([review["requested_by"]] if "requested_by" in review else [])]
    return {UUID(one) for one in named} | ({version.made_by} if version.made_by else set())


def take_back(work: Work, *, bounds_id: UUID, staff_id: UUID, actor: Actor, now: datetime) -> str:
    """Take a version that waits, or is approved but not in force, back to be a draft: taken_back, unknown, too_late."""
    with work.begin() as tx:
        version = bounds.lock_bounds(tx, bounds_id=bounds_id)
        if version is None:
            return "unknown"
        if version.state not in {"simulated", "approved"}:
            return "too_late"
        _decide(tx, version, "withdrawn", "draft", note="", staff_id=staff_id, actor=actor, now=now)
    return "taken_back"


def _decide(
    tx: Transaction,
    version: BoundsVersion,
    decision: str,
    after: str,
    *,
    note: str,
    staff_id: UUID,
    actor: Actor,
    now: datetime,
) -> None:
    review = dict(version.review or {})
    approval = review.get("approval") or new_ref("apr", tx.new_id())
    entry = {"decision": decision, "by": str(staff_id), "at": write_time(now), "note": note}
    review["decisions"] = [*review.get("decisions", []), entry]
    bounds.save_review(tx, bounds_id=version.bounds_id, review=review)
    bounds.move_bounds(
        tx, bounds_id=version.bounds_id, before=version.state, after=after, now=now, by=staff_id
    )
    tell_decision(
        tx,
        approval_ref=approval,
        decision=decision,
        subject="bounds",
        subject_ref=new_ref("bnd", version.bounds_id),
        actor=actor,
        now=now,
    )
