"""Passwords, hashed so that guessing is slow (argon2id, RFC 9106 low-memory profile of the library)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a password with a fresh salt."""
    return _HASHER.hash(password)


def is_password(password: str, *, hashed: str) -> bool:
    """Tell whether a password is the one that was hashed; takes the same time for a wrong one."""
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
