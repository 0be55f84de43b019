from datetime import datetime
from uuid import UUID

from portal.actions.bounds.count_plans import PlanCount
from portal.core.actors import Actor
from portal.core.bounds.model import Bounds
from portal.core.bounds.schema import parse_bounds
from portal.core.events.envelope import write_time
from portal.core.negotiation.lint import full_lint
from portal.core.packs.limits import limits_of
from portal.core.packs.rules import pack_for
from portal.store import bounds, events
from portal.store.debtors import new_ref
from portal.store.work import Work


def request_approval(
    work: Work, *, bounds_id: UUID, counted: PlanCount, staff_id: UUID, actor: Actor, now: datetime
) -> str:
    """Send a draft for approval with what was counted on it: requested, unknown, not_a_draft, or unsound.

    From here on the version does not change. It is unsound when the check finds an error: a segment that no account
    can reach, or one in which usual accounts find no plan. Tells `approval.requested`.
    """
    with work.begin() as tx:
        version = bounds.lock_bounds(tx, bounds_id=bounds_id)
        if version is None:
            return "unknown"
        if version.state != "draft":
            return "not_a_draft"
        if _is_unsound(parse_bounds(version.body)):
            return "unsound"
        approval = new_ref("apr", tx.new_id())
        review = {
            **(version.review or {}),
            "approval": approval,
            "requested_by": str(staff_id),
            "requested_at": write_time(now),
            "counted": counted.to_dict(),
        }
        bounds.save_review(tx, bounds_id=bounds_id, review=review)
        bounds.move_bounds(tx, bounds_id=bounds_id, before="draft", after="simulated", now=now)
        payload = {
            "id": approval,
            "subject": "bounds",
            "subject_id": new_ref("bnd", bounds_id),
            "level": "approver",
        }
        events.append(tx, type="approval.requested", actor=actor, at=now, payload=payload)
    return "requested"


def _is_unsound(draft: Bounds) -> bool:
    pack = limits_of(pack_for(draft.jurisdiction_pack.partition("@")[0]))
    return any(finding.severity == "error" for finding in full_lint(draft, pack=pack))
