"""Passwords, hashed so that guessing is slow: argon2id with 19 MiB and two passes (OWASP's second choice).

One hash takes 19 MiB and some 30 ms of a core, so only a few run at once in a process; the others wait their turn.
"""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE_MAX = 2
PASSWORD_MIN = 12
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = BoundedSemaphore(AT_ONCE_MAX)


def hash_password(password: str) -> str:
    """Hash a password with a fresh salt."""
    with _turns:
        return _HASHER.hash(password)


def is_password(password: str, *, hashed: str | None) -> bool:
    """Tell whether a password is the one that was hashed; without a hash it works as long and says no."""
    with _turns:
        try:
            return _HASHER.verify(hashed or _decoy(), password) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False


def new_password() -> str:
    """Make a password to start with: four groups of letters and digits that are not mistaken for each other."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


@cache
def _decoy() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))
