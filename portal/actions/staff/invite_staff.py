from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.actions.lenders.add_staff import add_staff
from portal.core.actors import Actor
from portal.gateways.passwords import hash_password, new_password
from portal.gateways.second_factors import new_totp_secret
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class StaffInvited:
    """What became of it: invited with the secrets to hand over, shown once, or taken (the address signs in here)."""

    kind: str
    staff_id: UUID | None = None
    password: str = field(default="", repr=False)
    totp_secret: str = field(default="", repr=False)


def invite_staff(
    work: Work, *, email: str, full_name: str, roles: Sequence[str], actor: Actor, now: datetime
) -> StaffInvited:
    """Add a member of the staff with a password and a second factor made here, and tell it without the name.

    Raises ValueError for no role or an unknown one.
    """
    password, totp_secret = new_password(), new_totp_secret()
    staff_id = add_staff(
        work,
        email=email,
        full_name=full_name,
        roles=roles,
        password_hash=hash_password(password),
        totp_secret=totp_secret,
        actor=actor,
        now=now,
    )
    if staff_id is None:
        return StaffInvited(kind="taken")
    return StaffInvited(kind="invited", staff_id=staff_id, password=password, totp_secret=totp_secret)
