from dataclasses import dataclass, field
from datetime import datetime

from portal.core.logins import directory_word
from portal.gateways.passwords import is_password
from portal.gateways.second_factors import matching_step
from portal.store import guest_sessions, guests, sign_in_tries
from portal.store.guests import Guest
from portal.store.work import Database


@dataclass(frozen=True, kw_only=True)
class GuestSignedIn:
    """What became of it: signed_in with the session's token, no_match (never which part), or too_many tries."""

    kind: str
    token: str = field(default="", repr=False)


NO_MATCH = GuestSignedIn(kind="no_match")


def sign_in_guest(
    database: Database, *, audience: str, login: str, password: str, code: str, now: datetime
) -> GuestSignedIn:
    """Let a counselor or a trainer in by password and second factor; a fresh session, and a code counts once.

    An unknown login, a wrong password and a wrong code answer alike and take as long. At most 10 tries of one login
    in 5 minutes, whether it exists or not. Raises ValueError for an audience that is neither.
    """
    word = directory_word(audience=audience, login=login)
    with database.shared().begin() as shared:
        if not sign_in_tries.count_try(shared, word=word, now=now):
            return GuestSignedIn(kind="too_many")
        guest_id = guests.find_login(shared, audience=audience, login=login)
        guest = guests.find_guest(shared, audience=audience, guest_id=guest_id) if guest_id else None
    is_right = is_password(password, hashed=guest.password_hash if guest else None)
    step = matching_step(secret=(guest.totp_secret if guest else None) or "A" * 32, code=code, at=now)
    if guest is None or guest.totp_secret is None or not is_right or step is None:
        return NO_MATCH
    return _enter(database, audience=audience, guest=guest, step=step, word=word, now=now)


def _enter(
    database: Database, *, audience: str, guest: Guest, step: int, word: str, now: datetime
) -> GuestSignedIn:
    with database.shared().begin() as shared:
        if not guests.use_step(shared, audience=audience, guest_id=guest.guest_id, step=step):
            return NO_MATCH
        sign_in_tries.forget_tries(shared, word=word)
        token = guest_sessions.start_guest_session(
            shared, kind=audience, subject_id=guest.guest_id, state={}, now=now
        )
    return GuestSignedIn(kind="signed_in", token=token)
