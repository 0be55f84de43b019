from datetime import datetime
from uuid import UUID

from portal.actions.staff.change_staff import tell_staff
from portal.actions.staff.invite_staff import StaffInvited
from portal.core.actors import Actor
from portal.gateways.passwords import hash_password, new_password
from portal.gateways.second_factors import new_totp_secret
from portal.store import sessions, staff
from portal.store.work import Work


def renew_secrets(work: Work, *, staff_id: UUID, actor: Actor, now: datetime) -> StaffInvited | None:
    """Give a member a new password and second factor, shown once, and end their sessions; None when unknown."""
    password, totp_secret = new_password(), new_totp_secret()
    hashed = hash_password(password)
    with work.begin() as tx:
        member = staff.find_staff(tx, staff_id=staff_id)
        if member is None:
            return None
        staff.save_secrets(tx, staff_id=staff_id, password_hash=hashed, totp_secret=totp_secret)
        sessions.end_sessions_of(tx, subject_id=staff_id, now=now)
        tell_staff(
            tx,
            staff_id=staff_id,
            changed=["password", "second_factor"],
            roles=member.roles,
            is_active=True,
            actor=actor,
            now=now,
        )
    return StaffInvited(kind="invited", staff_id=staff_id, password=password, totp_secret=totp_secret)
