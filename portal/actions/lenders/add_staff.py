from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.store import events, staff
from portal.store.debtors import new_ref
from portal.store.work import Work

ROLES = ("owner", "rules", "approver", "agent", "supervisor", "auditor")


def add_staff(
    work: Work,
    *,
    email: str,
    full_name: str,
    roles: Sequence[str],
    password_hash: str,
    totp_secret: str | None,
    actor: Actor,
    now: datetime,
) -> UUID | None:
    """Add a member of the lender's staff and tell it, without the name; None when the address signs in here already.

    Raises ValueError for no role or an unknown one.
    """
    if not roles or set(roles) - set(ROLES):
        raise ValueError(f"roles are {', '.join(ROLES)}")
    with work.begin() as tx:
        staff_id = staff.save_staff(
            tx,
            email=email,
            full_name=full_name,
            roles=roles,
            password_hash=password_hash,
            totp_secret=totp_secret,
            now=now,
        )
        if staff_id is None:
            return None
        payload = {
            "id": new_ref("stf", staff_id),
            "changed": ["created"],
            "roles": list(roles),
            "is_active": True,
        }
        events.append(tx, type="staff.changed", actor=actor, at=now, payload=payload)
    return staff_id
