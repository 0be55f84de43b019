"""Checks Standard Webhooks headers with the public library; a clock that travels has its own tolerance check."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

TOLERANCE_S = 300


def is_signed(
    *, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], clock: Callable[[], float]
) -> bool:
    """Say whether a post carries a valid signature of any of the secrets, dated within five minutes."""
    given = {name: headers.get(name, "") for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    if not all(given.values()):
        return False
    shift = clock() - datetime.now(UTC).timestamp()
    check = _verified if abs(shift) < 1 else _verified_elsewhen
    return any(check(secret, body, given, clock()) for secret in secrets)


def _verified(secret: str, body: bytes, headers: Mapping[str, str], _now: float) -> bool:
    try:
        Webhook(secret).verify(body, dict(headers))
    except (WebhookVerificationError, ValueError):
        return False
    return True


def _verified_elsewhen(secret: str, body: bytes, headers: Mapping[str, str], now: float) -> bool:
    """Verify while the demo travels in time: the library only knows the machine's own clock."""
    try:
        at = int(headers["webhook-timestamp"])
        expected = Webhook(secret).sign(headers["webhook-id"], datetime.fromtimestamp(at, UTC), body.decode())
    except (ValueError, OverflowError, OSError):
        return False
    signatures = headers["webhook-signature"].split(" ")
    is_known = any(hmac.compare_digest(expected.encode(), one.encode()) for one in signatures)
    return is_known and abs(now - at) <= TOLERANCE_S
