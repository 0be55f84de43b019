"""The clocks of a running plan: when a local day begins, and how frozen days are given back.

A day is a calendar day where the debtor lives. Days on which a hold freezes the dates are not counted, so a deadline
moves by exactly as many; each deadline can tell how it was counted.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.core.calendar import Pause

FOREVER = date.max
_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


class Frozen(NamedTuple):
    """A hold that freezes dates: from `start` on, up to and without `end` (None: until somebody ends it)."""

    kind: str
    start: datetime
    end: datetime | None


class Clock(NamedTuple):
    """A deadline with its derivation: `days` counted after `start`, the `given_back` days left out.

    `ends_on` is the last day that counts; None while a hold without an end stands in the way.
    """

    start: date
    days: int
    given_back: tuple[Pause, ...]
    ends_on: date | None

    @property
    def days_given_back(self) -> int:
        """How many days were not counted."""
        return sum((pause.end - pause.start).days for pause in self.given_back if pause.end != FOREVER)


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    """Return a time zone; one that is unknown counts as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=8_192)
def moment(day: date, zone: ZoneInfo, hour: int = 0) -> datetime:
    """Return the UTC moment at which an hour of a local day begins.

    A clock that jumps over the hour begins it with the jump; one that shows it twice begins it the first time.
    """
    at = _MIDNIGHT if not hour else time(hour)
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the local calendar day of a moment."""
    return at.astimezone(zone).date()


def frozen_days(frozen: Iterable[Frozen], zone: ZoneInfo) -> tuple[Pause, ...]:
    """Return the local days that do not count, joined and in order.

    The day on which a hold begins does not count any more, the day on which it ends counts again.
    """
    spans = sorted(
        Pause(day_of(one.start, zone), FOREVER if one.end is None else day_of(one.end, zone))
        for one in frozen
    )
    joined: list[Pause] = []
    for span in spans:
        if span.end <= span.start:
            continue
        if joined and span.start <= joined[-1].end:
            joined[-1] = Pause(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def count_days(*, start: date, days: int, pauses: Sequence[Pause]) -> Clock:
    """Return the clock that ends when `days` days after `start` were counted, `pauses` left out.

    `pauses` are those of `frozen_days`. With 0 days the clock ends on `start` itself.
    """
    ends_on, given_back = start + timedelta(days=days), []
    for pause in pauses:
        first = max(pause.start, start + _DAY)
        if pause.end <= first:
            continue
        if first > ends_on:
            break
        given_back.append(Pause(first, pause.end))
        if pause.end == FOREVER:
            return Clock(start, days, tuple(given_back), None)
        ends_on += pause.end - first
    return Clock(start, days, tuple(given_back), ends_on)


def thaw(at: datetime, frozen: Sequence[Frozen]) -> datetime | None:
    """Return the moment itself, or the first one after it that no hold covers; None when one has no end."""
    moved = True
    while moved:
        moved = False
        for one in frozen:
            if one.start <= at and (one.end is None or at < one.end):
                if one.end is None:
                    return None
                at, moved = one.end, True
    return at
