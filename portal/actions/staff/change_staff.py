from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from portal.actions.lenders.add_staff import ROLES
from portal.core.actors import Actor
from portal.store import events, sessions, staff
from portal.store.debtors import new_ref
from portal.store.work import Transaction, Work


def change_staff(
    work: Work, *, staff_id: UUID, roles: Sequence[str], is_active: bool, actor: Actor, now: datetime
) -> str:
    """Change what a member may do, or whether they may come: changed, same, unknown, or last_owner (refused).

    Every session of the member ends, so the change holds from the next request on. Raises ValueError for no role or
    an unknown one.
    """
    if not roles or set(roles) - set(ROLES):
        raise ValueError(f"roles are {', '.join(ROLES)}")
    with work.begin() as tx:
        members = {member: (set(kept), active) for member, kept, active in staff.lock_staff(tx)}
        if staff_id not in members:
            return "unknown"
        before = members.pop(staff_id)
        if before == (set(roles), is_active):
            return "same"
        keeps_owner = is_active and "owner" in roles
        if not keeps_owner and not any(active and "owner" in kept for kept, active in members.values()):
            return "last_owner"
        staff.change_staff(tx, staff_id=staff_id, roles=sorted(set(roles)), is_active=is_active)
        sessions.end_sessions_of(tx, subject_id=staff_id, now=now)
        changed = [
            name
            for name, differs in (("roles", before[0] != set(roles)), ("active", before[1] != is_active))
            if differs
        ]
        tell_staff(
            tx, staff_id=staff_id, changed=changed, roles=roles, is_active=is_active, actor=actor, now=now
        )
    return "changed"


def tell_staff(
    tx: Transaction,
    *,
    staff_id: UUID,
    changed: list[str],
    roles: Sequence[str],
    is_active: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Append `staff.changed` with the words for what was changed; never a name."""
    payload = {
        "id": new_ref("stf", staff_id),
        "changed": changed,
        "roles": sorted(set(roles)),
        "is_active": is_active,
    }
    events.append(tx, type="staff.changed", actor=actor, at=now, payload=payload)
