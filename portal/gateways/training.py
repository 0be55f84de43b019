"""What training providers tell us: Standard Webhooks 1.0.0, signed with the secret that we share with each."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from standardwebhooks import Webhook

BODY_MAX = 16 * 1024
TOLERANCE = timedelta(minutes=5)
ID_MAX = 128
TYPE = "milestone.verified"
DECOY = "whsec_bm9ib2R5LWhhcy10aGlzLXNlY3JldC1hdC1hbGwtMDA="
"""What a call of an unknown provider is checked against, so that it takes as long."""


@dataclass(frozen=True, kw_only=True)
class MilestoneNotice:
    """A verified call: the learner code, the step that was reached, and the day."""

    webhook_id: str
    code: str
    milestone: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The call is not taken. `reason`: signature (or too old, or from the future), or shape."""

    reason: str


def read_notice(
    *, raw_body: bytes, headers: Mapping[str, str], secret: str | None, now: datetime
) -> MilestoneNotice | Refused:
    """Verify a call over its raw body and translate it; without a secret it is refused after as much work."""
    webhook_id = headers.get("webhook-id", "")
    at = _moment(headers.get("webhook-timestamp", ""))
    is_signed = _is_signed(
        raw_body, webhook_id, at or now, headers.get("webhook-signature", ""), secret or DECOY
    )
    is_near = at is not None and abs(now - at) <= TOLERANCE
    if not (is_signed and is_near and secret and 0 < len(webhook_id) <= ID_MAX):
        return Refused(reason="signature")
    return _read(webhook_id, raw_body)


def _moment(seconds: str) -> datetime | None:
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _is_signed(raw_body: bytes, webhook_id: str, at: datetime, given: str, secret: str) -> bool:
    """Compare each `v1` signature of the header; a rotating secret sends several."""
    try:
        text = raw_body.decode()
    except UnicodeDecodeError:
        return False
    right = Webhook(secret).sign(webhook_id, at, text).encode()
    return any(hmac.compare_digest(right, one.encode()) for one in given.split()[:10])


def _read(webhook_id: str, raw_body: bytes) -> MilestoneNotice | Refused:
    try:
        body = json.loads(raw_body)
        data = body["data"]
        if body["type"] != TYPE:
            return Refused(reason="shape")
        code, milestone, on = (data[name] for name in ("enrollment", "milestone", "on"))
        if not (isinstance(code, str) and isinstance(milestone, str) and isinstance(on, str)):
            return Refused(reason="shape")
        return MilestoneNotice(
            webhook_id=webhook_id, code=code, milestone=milestone, on=date.fromisoformat(on)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return Refused(reason="shape")
