from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.gateways.passwords import is_password
from portal.gateways.second_factors import matching_step
from portal.store import sessions, sign_in_tries, staff
from portal.store.staff import StaffMember
from portal.store.work import Database


@dataclass(frozen=True, kw_only=True)
class StaffSignedIn:
    """What became of it: signed_in with the session's token, no_match (never which part), or too_many tries."""

    kind: str
    token: str = field(default="", repr=False)


NO_MATCH = StaffSignedIn(kind="no_match")


def sign_in_staff(
    database: Database, *, slug: str, email: str, password: str, code: str, now: datetime
) -> StaffSignedIn:
    """Let a member of a lender's staff in by password and second factor; a fresh session, and a code counts once.

    An unknown lender or address, a wrong password and a wrong code answer alike and take as long. At most 10 tries of
    one login in 5 minutes, whether it exists or not. The session keeps the roles; a change of these ends it.
    """
    word = staff.staff_word(slug=slug, email=email)
    with database.shared().begin() as shared:
        if not sign_in_tries.count_try(shared, word=word, now=now):
            return StaffSignedIn(kind="too_many")
        place = staff.find_sign_in(shared, slug=slug, email=email)
    member = _find(database, place)
    is_right = is_password(password, hashed=member.password_hash if member else None)
    step = matching_step(secret=(member.totp_secret if member else None) or "A" * 32, code=code, at=now)
    if member is None or member.totp_secret is None or place is None or not is_right or step is None:
        return NO_MATCH
    with database.work(place[0]).begin() as tx:
        if not staff.use_step(tx, staff_id=member.staff_id, step=step):
            return NO_MATCH
        token = sessions.start_session(
            tx, kind="staff", subject_id=member.staff_id, state={"roles": sorted(member.roles)}, now=now
        )
    with database.shared().begin() as shared:
        sign_in_tries.forget_tries(shared, word=word)
    return StaffSignedIn(kind="signed_in", token=token)


def _find(database: Database, place: tuple[int, UUID] | None) -> StaffMember | None:
    if place is None:
        return None
    lender_id, staff_id = place
    with database.work(lender_id).read() as tx:
        return staff.find_staff(tx, staff_id=staff_id)
