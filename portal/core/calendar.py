"""Due dates: always stepped from the anchor, so a month-end anchor never drifts.

Dates only, no times; the holidays of a lender come in as a set of dates.
"""

import calendar as _months
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.core.errors import CalendarError

Frequency = Literal["weekly", "fortnightly", "four_weekly", "semi_monthly", "monthly"]
BusinessDayRule = Literal["none", "following", "modified", "preceding"]

FREQUENCIES: tuple[Frequency, ...] = ("weekly", "fortnightly", "four_weekly", "semi_monthly", "monthly")
PERIODS_PER_YEAR: dict[Frequency, int] = {
    "weekly": 52,
    "fortnightly": 26,
    "four_weekly": 13,
    "semi_monthly": 24,
    "monthly": 12,
}
STEP_DAYS: dict[Frequency, int] = {"weekly": 7, "fortnightly": 14, "four_weekly": 28}
DATES_MAX = 1_200  # a weekly plan over 23 years; a limit on everything
WEEKEND = frozenset({5, 6})  # Monday is 0


class DateWindow(NamedTuple):
    """Days from `earliest` to `latest`, both included."""

    earliest: date
    latest: date

    def holds(self, day: date) -> bool:
        """Tell whether the day lies in the window."""
        return self.earliest <= day <= self.latest


class Pause(NamedTuple):
    """Days on which nothing may fall due: from `start` up to, not including, `end`."""

    start: date
    end: date


class DueDates(tuple[date, ...]):
    """Dates that are known to increase strictly: only the functions of this module make them."""

    __slots__ = ()


def from_monthly(minor: int, frequency: Frequency) -> int:
    """Return what a monthly amount is worth per period, rounded down: weekly minor * 12 // 52.

    Fortnightly 12/26, four-weekly 12/13, semi-monthly 1/2. Never more over a year than the monthly amount.
    """
    return minor * 12 // PERIODS_PER_YEAR[frequency]


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return _months.monthrange(year, month)[1]


def add_months(start: date, months: int, *, day: int | None = None) -> date:
    """Return the date some months after `start`, on `day` (default: its own), cut to the month's length.

    31 January plus 1 is 28 or 29 February, plus 2 is 31 March. Raises `CalendarError` outside years 1-9999.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise CalendarError(f"{months} months from {start} leave the calendar")
    anchor = start.day if day is None else day
    return date(year, month + 1, anchor if anchor <= 28 else min(anchor, month_length(year, month + 1)))


def months_between(start: date, end: date) -> int:
    """Return the whole calendar months from `start` to `end`, a begun month counted as one.

    1 Jan to 1 Feb is 1, to 2 Feb is 2; 31 Jan to 28 Feb is 1. Zero when `end` is not after `start`.
    """
    if end <= start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + 1 if end > add_months(start, months) else months


def is_business_day(day: date, holidays: Collection[date] = frozenset()) -> bool:
    """Tell whether the day is neither Saturday, Sunday nor one of the holidays."""
    return day.weekday() not in WEEKEND and day not in holidays


def roll(day: date, *, rule: BusinessDayRule, holidays: Collection[date] = frozenset()) -> date:
    """Return the day moved to a business day by the rule.

    `none` leaves it, `following` moves on, `preceding` moves back, `modified` moves on unless that leaves
    the month, then back. Raises `CalendarError` when 60 days hold no business day.
    """
    if rule == "none" or is_business_day(day, holidays):
        return day
    moved = _walk(day, -1 if rule == "preceding" else 1, holidays)
    if rule == "modified" and moved.month != day.month:
        return _walk(day, -1, holidays)
    return moved


def _walk(day: date, step: int, holidays: Collection[date]) -> date:
    for distance in range(1, 61):
        moved = day + timedelta(days=step * distance)
        if is_business_day(moved, holidays):
            return moved
    raise CalendarError(f"no business day within 60 days of {day}")


def second_anchor(day: int) -> int:
    """Return the partner of a semi-monthly due day, half a month apart: 1 -> 16, 15 -> 30, 20 -> 5."""
    return day + 15 if day <= 15 else day - 15


def anchored(
    *, first_on: date, frequency: Frequency, due_day: int | None = None, second_day: int | None = None
) -> Iterator[date]:
    """Yield the unrolled dates of a rhythm, the first being `first_on`, each stepped from the anchor.

    `due_day` (1-31, default the day of `first_on`) is the anchor of monthly and semi-monthly rhythms; give
    31 to stay on month ends when `first_on` is 28 February. `second_day` is the other semi-monthly anchor
    (default half a month away). Raises `CalendarError` when `first_on` is on no anchor.
    """
    if frequency in STEP_DAYS:
        step = timedelta(days=STEP_DAYS[frequency])
        yield from (first_on + k * step for k in range(DATES_MAX))
        return
    day = first_on.day if due_day is None else due_day
    if not 1 <= day <= 31:
        raise CalendarError("a due day lies between 1 and 31")
    days = [day]
    if frequency == "semi_monthly":
        other = second_anchor(day) if second_day is None else second_day
        days = sorted((day, other))
        if not (1 <= days[0] <= 27 and days[0] < days[1] <= 31):
            raise CalendarError("two semi-monthly anchors need one on day 1-27 and a later one")
    yield from _monthly(first_on, days)


def _monthly(first_on: date, days: Sequence[int]) -> Iterator[date]:
    start = first_on.replace(day=1)
    dates = (add_months(start, k, day=day) for k in range(DATES_MAX) for day in days)
    first = next((day for day in dates if day >= first_on), None)
    if first != first_on:
        raise CalendarError(f"{first_on} is not on the due day")
    yield first_on
    yield from dates


def due_dates(
    *,
    first_on: date,
    frequency: Frequency,
    count: int,
    due_day: int | None = None,
    second_day: int | None = None,
    rule: BusinessDayRule = "none",
    holidays: Collection[date] = frozenset(),
    pauses: Sequence[Pause] = (),
) -> DueDates:
    """Return `count` strictly increasing due dates, stepped from the anchor and rolled to business days.

    A date that falls in a pause is left out and the plan grows at its end: a pause shifts the rest and
    never bunches it. A date rolled onto the one before moves to the next business day. Raises
    `CalendarError` for a count outside 0..1200 or an anchor that contradicts `first_on` (see `anchored`).
    """
    if not 0 <= count <= DATES_MAX // 2:
        raise CalendarError(f"a plan has 0 to {DATES_MAX // 2} dates, not {count}")
    rhythm = anchored(first_on=first_on, frequency=frequency, due_day=due_day, second_day=second_day)
    if rule == "none" and not pauses:
        return DueDates(islice(rhythm, count))
    return _kept(rhythm, count, rule, holidays, pauses)


def _kept(
    rhythm: Iterator[date],
    count: int,
    rule: BusinessDayRule,
    holidays: Collection[date],
    pauses: Sequence[Pause],
) -> DueDates:
    kept: list[date] = []
    for anchor in rhythm:
        if len(kept) == count:
            break
        day = roll(anchor, rule=rule, holidays=holidays)
        if kept and day <= kept[-1]:
            day = roll(kept[-1] + timedelta(days=1), rule="following", holidays=holidays)
        if not any(pause.start <= day < pause.end for pause in pauses):
            kept.append(day)
    if len(kept) < count:
        raise CalendarError("the pauses leave too few dates")
    return DueDates(kept)


def spaced(*, first_on: date, count: int, days: int = 0, months: int = 0) -> DueDates:
    """Return `count` dates a fixed number of days or months apart, stepped from `first_on`.

    Exactly one of `days` and `months` is above zero, else `CalendarError`.
    """
    if (days > 0) == (months > 0) or days < 0 or months < 0:
        raise CalendarError("give a step in days or in months")
    if months:
        return DueDates([add_months(first_on, k * months) for k in range(count)])
    return DueDates([first_on + timedelta(days=k * days) for k in range(count)])


def after_payday(
    *,
    income_on: date,
    frequency: Frequency,
    count: int,
    days_after: int,
    rule: BusinessDayRule = "none",
    holidays: Collection[date] = frozenset(),
) -> DueDates:
    """Return due dates 0 to 3 days after each payday, the first payday being `income_on`.

    The payday is the anchor, so a payday on the 31st gives dates after the last day of shorter months.
    Raises `CalendarError` for more than 3 days.
    """
    if not 0 <= days_after <= 3:
        raise CalendarError("a due day follows the income by 0 to 3 days")
    paydays = due_dates(first_on=income_on, frequency=frequency, count=count)
    shifted = iter([day + timedelta(days=days_after) for day in paydays])
    return _kept(shifted, count, rule, holidays, ())


def first_date_window(*, today: date, lead_days: int, max_gap_days: int) -> DateWindow:
    """Return the days on which a first payment may fall: today + lead up to today + gap, both included.

    Raises `CalendarError` when the gap is shorter than the lead or one is negative.
    """
    if not 0 <= lead_days <= max_gap_days:
        raise CalendarError("the gap to the first date must not be shorter than the lead")
    return DateWindow(today + timedelta(days=lead_days), today + timedelta(days=max_gap_days))


def first_due_on(
    *,
    window: DateWindow,
    due_day: int | None = None,
    weekday: int | None = None,
    rule: BusinessDayRule = "none",
    holidays: Collection[date] = frozenset(),
) -> date | None:
    """Return the earliest day of the window that is the due day (1-31) or weekday (0-6) asked for.

    In a short month the last day stands for 29, 30 or 31. The rolled day must lie in the window too.
    Returns None when the window holds no such day; with neither wish, its earliest fitting day.
    """
    for distance in range((window.latest - window.earliest).days + 1):
        day = window.earliest + timedelta(days=distance)
        if weekday is not None and day.weekday() != weekday:
            continue
        if due_day is not None and day.day != min(due_day, month_length(day.year, day.month)):
            continue
        if window.holds(roll(day, rule=rule, holidays=holidays)):
            return day
    return None


def local_day(*, now: datetime, time_zone: str) -> date:
    """Return the calendar day of a moment in a time zone; an unknown zone counts as UTC."""
    try:
        return now.astimezone(ZoneInfo(time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return now.date()


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap - correction + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
