from datetime import datetime
from uuid import UUID

from portal.actions.staff.change_staff import tell_staff
from portal.core.actors import staff_actor
from portal.gateways.passwords import hash_password, is_password
from portal.store import sessions, staff
from portal.store.debtors import new_ref
from portal.store.work import Work


def change_password(work: Work, *, staff_id: UUID, current: str, fresh: str, now: datetime) -> str | None:
    """Change a member's own password; gives the token of a new session, all others end. None when it did not match."""
    with work.read() as tx:
        member = staff.find_staff(tx, staff_id=staff_id)
    if member is None or not is_password(current, hashed=member.password_hash):
        return None
    hashed = hash_password(fresh)
    with work.begin() as tx:
        staff.save_password(tx, staff_id=staff_id, password_hash=hashed)
        sessions.end_sessions_of(tx, subject_id=staff_id, now=now)
        tell_staff(
            tx,
            staff_id=staff_id,
            changed=["password"],
            roles=member.roles,
            is_active=True,
            actor=staff_actor(new_ref("stf", staff_id)),
            now=now,
        )
        return sessions.start_session(
            tx, kind="staff", subject_id=staff_id, state={"roles": sorted(member.roles)}, now=now
        )
