"""May this message go out now? The stricter of pack and house decides, in the debtor's own time.

What a person asks for at that moment (a code, a new link, a receipt) is neither counted nor held back by hours; a
number that belongs to somebody else gets nothing at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.core.packs.holidays import is_holiday
from portal.core.packs.model import DayKind, Pack
from portal.core.packs.rules import (
    PAUSE_DAYS_AFTER_DEBTOR_ACTION,
    contact_window,
    messages_per_7_days,
    messages_per_day,
)

SEARCH_DAYS_MAX = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What is known of a person when a message waits for them.

    `is_planned` when a signed plan runs on every account that is open. `sent` are the lender's own messages of 7 days,
    `acted_at` is when the person was last here.
    """

    time_zone: str
    is_wrong_party: bool = False
    has_stopped: bool = False
    is_held: bool = False
    is_planned: bool = False
    sent: Sequence[datetime] = ()
    acted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactDecision:
    """The answer: go, or not, with the rule's name and the next moment that is allowed (None: never by itself)."""

    is_allowed: bool
    reason: str = ""
    next_at: datetime | None = None


ALLOWED = ContactDecision(is_allowed=True)


def may_contact(
    *, pack: Pack, standing: Standing, now: datetime, is_requested: bool, is_collection: bool = False
) -> ContactDecision:
    """Decide whether a message may go out at `now`; `is_requested` when the person asked for it just now.

    `is_collection` when it is about the debt and not about a plan: a signature ends those at once (China's card
    measures art. 70 make that a duty; here it holds everywhere). Reasons: wrong_party, stopped, held, planned,
    too_many, acted_lately, quiet_hours. Raises ZoneInfoNotFoundError for an unknown zone.
    """
    if standing.is_wrong_party:
        return ContactDecision(is_allowed=False, reason="wrong_party")
    if is_requested:
        return ALLOWED
    if closed := _closed_because(standing, is_collection=is_collection):
        return ContactDecision(is_allowed=False, reason=closed)
    counted, rested = _after_count(pack, standing, now), _after_rest(standing, now)
    earliest = max(counted, rested)
    reason = "too_many" if counted > now else "acted_lately" if rested > now else "quiet_hours"
    allowed_at = next_open(pack=pack, time_zone=standing.time_zone, after=earliest)
    if allowed_at == now:
        return ALLOWED
    return ContactDecision(is_allowed=False, reason=reason, next_at=allowed_at)


def _closed_because(standing: Standing, *, is_collection: bool) -> str:
    """Name what keeps a message back for good; empty when only time does."""
    return next(
        (
            reason
            for reason, holds in (
                ("stopped", standing.has_stopped),
                ("held", standing.is_held),
                ("planned", is_collection and standing.is_planned),
            )
            if holds
        ),
        "",
    )


def next_open(*, pack: Pack, time_zone: str, after: datetime) -> datetime | None:
    """Return the first moment from `after` on inside the contact window; None when none comes in 40 days."""
    zone = ZoneInfo(time_zone)
    local = after.astimezone(zone)
    for step in range(SEARCH_DAYS_MAX):
        day = local.date() + timedelta(days=step)
        window = contact_window(pack, day_kind(pack, day))
        if window is None:
            continue
        opens, closes = _moment(day, window[0], zone), _moment(day, window[1], zone)
        if after < closes:
            return max(after, opens.astimezone(after.tzinfo))
    return None


def day_kind(pack: Pack, on: date) -> DayKind:
    """Return which row of the contact hours holds on a day."""
    if is_holiday(pack.code, on):
        return "holiday"
    weekend: dict[int, DayKind] = {5: "sat", 6: "sun"}
    return weekend.get(on.weekday(), "mon_fri")


def _after_count(pack: Pack, standing: Standing, now: datetime) -> datetime:
    """Give the first moment at which one more message keeps the counts of a day and of seven days."""
    earliest = now
    for days, most in ((1, messages_per_day(pack)), (7, messages_per_7_days(pack))):
        recent = sorted(at for at in standing.sent if at > now - timedelta(days=days))
        if len(recent) >= most:
            earliest = max(earliest, recent[len(recent) - most] + timedelta(days=days))
    return earliest


def _after_rest(standing: Standing, now: datetime) -> datetime:
    """Give the first moment at which somebody who did something lately may be written to again."""
    if standing.acted_at is None:
        return now
    return max(now, standing.acted_at + timedelta(days=PAUSE_DAYS_AFTER_DEBTOR_ACTION))


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone)
