"""What follows from a receiver's answer: delivered, again later, or given up; and whether the endpoint rests.

Source of the schedule and of the statuses: Standard Webhooks 1.0.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RETRY_DELAYS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long after each failed attempt the next one comes: ten attempts over 75 hours and 35 minutes."""

ATTEMPTS_MAX = len(RETRY_DELAYS) + 1
JITTER_MAX = 0.1
WARN_AT_ATTEMPT = 4
DISABLE_AFTER = timedelta(hours=120)
SLOW_STATUSES = frozenset({429, 502, 503, 504})
GONE_STATUS = 410
BREAKER_FAILURES = 3
BREAKER_PAUSE_MAX = timedelta(minutes=5)
SLOW_PAUSE = timedelta(seconds=5)
RETRY_AFTER_MAX = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back from one attempt: a status, or None and the code of a fault on the way."""

    status: int | None
    error: str | None = None
    retry_after: str | None = None

    @property
    def is_success(self) -> bool:
        """True for any 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_down(self) -> bool:
        """True when the receiver itself seems to be out of order, rather than to dislike this one event."""
        return self.status is None or self.status >= 500 or self.status in SLOW_STATUSES


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What becomes of the delivery (`state`, `due_at`, whether the try counts) and of its endpoint.

    `slow_until` is when the endpoint may be tried again; `disable` is the reason to stop it for good.
    """

    state: str
    due_at: datetime | None = None
    is_counted: bool = True
    slow_until: datetime | None = None
    disable: str | None = None


def judge(*, reply: Reply, attempt: int, failures: int, jitter: float, now: datetime) -> Verdict:
    """Judge one attempt: the `attempt`th of its delivery, after `failures` of its endpoint in a row.

    `jitter` is a random number from 0 to 1; it lengthens a delay by at most a tenth, so that many deliveries that
    failed together do not come back together.
    """
    if reply.is_success:
        return Verdict(state="delivered")
    if reply.status == GONE_STATUS:
        return Verdict(state="due", due_at=now, is_counted=False, disable="gone")
    slow_until = _slow_until(reply=reply, failures=failures, now=now)
    if attempt >= ATTEMPTS_MAX:
        return Verdict(state="dead", slow_until=slow_until)
    due_at = now + RETRY_DELAYS[attempt - 1] * (1 + JITTER_MAX * jitter)
    return Verdict(state="due", due_at=max(due_at, slow_until or due_at), slow_until=slow_until)


def _slow_until(*, reply: Reply, failures: int, now: datetime) -> datetime | None:
    """Decide whether the whole endpoint rests: it asked for it, or it has been out of order a few times in a row."""
    if not reply.is_down:
        return None
    pause = timedelta(0)
    if failures + 1 >= BREAKER_FAILURES:
        pause = min(SLOW_PAUSE * 2 ** min(failures + 1 - BREAKER_FAILURES, 12), BREAKER_PAUSE_MAX)
    if reply.status in SLOW_STATUSES:
        asked = read_retry_after(reply.retry_after, now=now)
        pause = max(pause, SLOW_PAUSE if asked is None else asked)
    return now + pause if pause else None


def read_retry_after(text: str | None, *, now: datetime) -> timedelta | None:
    """Read a Retry-After header, seconds or an HTTP date; None when there is none or it makes no sense.

    Never below zero and never above `RETRY_AFTER_MAX`: nobody can park a lender's events for a year.
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), RETRY_AFTER_MAX)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), RETRY_AFTER_MAX)


def must_disable(*, failing_since: datetime | None, now: datetime) -> bool:
    """Tell whether an endpoint with nothing but failures since then is stopped; its events keep waiting."""
    return failing_since is not None and now - failing_since >= DISABLE_AFTER
