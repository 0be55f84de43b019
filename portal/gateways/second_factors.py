"""The second factor of a sign-in: codes of an authenticator app (TOTP, RFC 6238: six digits, 30 seconds)."""

import re
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DRIFT_STEPS = 1


def new_totp_secret() -> str:
    """Make a secret for an authenticator app: 160 random bits in base32."""
    return pyotp.random_base32()


def matching_step(*, secret: str, code: str, at: datetime) -> int | None:
    """Give the time step that a code belongs to, at most one before or after `at`; None when it fits none of them.

    The caller keeps the step, so that a code is taken once.
    """
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    codes = pyotp.TOTP(secret, interval=STEP_SECONDS)
    steps = range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
    # Every step is compared, whichever fits: the time taken says nothing.
    fitting = [step for step in steps if pyotp.utils.strings_equal(codes.at(step * STEP_SECONDS), code)]
    return fitting[-1] if fitting else None


def app_address(*, secret: str, login: str, issuer: str) -> str:
    """Write the address that an authenticator app takes in, by hand or as a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)
