"""Recurrence rules of RFC 5545, by the day: "the last Friday of the month", "every second Tuesday".

BYEASTER (days after Easter Sunday) is not in RFC 5545; calendars of Christian holidays use it. The rules serve
paydays that no plain rhythm describes. Times of day are not: BYHOUR and smaller are refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.core.calendar import add_months, easter, month_length
from portal.core.errors import CalendarError

DATES_MAX = 1_000
_PERIODS_MAX = 30_000
_PATIENCE = timedelta(days=366 * 60)  # even 29 February on a Monday comes within 40 years
_EMPTY_MAX = 60  # and a rule that leaps over decades is given as many periods
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY",
    "BYSETPOS", "BYEASTER",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed recurrence rule; empty tuples where the rule says nothing. `weekdays` are (nth or 0, day)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    week_start: int = 0
    months: tuple[int, ...] = ()
    week_numbers: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()
    from_easter: tuple[int, ...] = ()


def parse_rule(text: str) -> Rule:
    """Read `RRULE:FREQ=MONTHLY;BYDAY=-1FR` (the prefix may be left out).

    Raises `CalendarError` for an unknown part, a frequency below a day, or UNTIL with a time of day.
    """
    parts: dict[str, str] = {}
    for piece in text.strip().removeprefix("RRULE:").split(";"):
        key, _, value = piece.partition("=")
        if key not in _KNOWN or not value:
            raise CalendarError(f"{piece!r} is not a part of a rule by the day")
        parts[key] = value
    if parts.get("FREQ") not in _PERIODS:
        raise CalendarError("a rule repeats daily, weekly, monthly or yearly")
    interval = int(parts.get("INTERVAL", 1))
    if interval < 1:
        raise CalendarError("an interval starts at 1")
    return Rule(
        frequency=parts["FREQ"],
        interval=interval,
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_start=_DAYS.index(parts.get("WKST", "MO")),
        months=_numbers(parts, "BYMONTH"),
        week_numbers=_numbers(parts, "BYWEEKNO"),
        year_days=_numbers(parts, "BYYEARDAY"),
        month_days=_numbers(parts, "BYMONTHDAY"),
        weekdays=tuple(_weekday(word) for word in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        positions=_numbers(parts, "BYSETPOS"),
        from_easter=_numbers(parts, "BYEASTER"),
    )


def _until(text: str) -> date:
    if "T" in text and not text.endswith(("T000000", "T000000Z")):
        raise CalendarError("UNTIL has a time of day, the dates have none")
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def _numbers(parts: Mapping[str, str], key: str) -> tuple[int, ...]:
    return tuple(int(word) for word in parts[key].split(",")) if key in parts else ()


def _weekday(word: str) -> tuple[int, int]:
    if word[-2:] not in _DAYS:
        raise CalendarError(f"{word!r} is not a weekday")
    return int(word[:-2] or 0), _DAYS.index(word[-2:])


def expand(rule: Rule, *, start: date, limit: int = DATES_MAX) -> tuple[date, ...]:
    """Return the dates of a rule from `start` on: up to its COUNT or UNTIL, at most `limit`.

    Each period (day, week, month, year) gives the days that pass every BY part; without any, the day of
    `start`. The first week begins at `start`. A rule that no more day can pass ends. Source: RFC 5545 3.3.10.
    """
    most = min(limit, DATES_MAX, rule.count if rule.count is not None else DATES_MAX)
    found: list[date] = []
    filled = _with_defaults(rule, start)
    empty = 0
    for days in _periods(filled, start):
        empty += 1
        if rule.until is not None and days[0] > rule.until:
            break
        if empty > _EMPTY_MAX and days[0] - (found[-1] if found else start) > _PATIENCE:
            break
        chosen = [day for day in days if _passes(filled, day)]
        for day in _positioned(chosen, rule.positions):
            if rule.until is not None and day > rule.until:
                return tuple(found)
            if day >= start:
                found.append(day)
                empty = 0
            if len(found) >= most:
                return tuple(found)
    return tuple(found)


def _with_defaults(rule: Rule, start: date) -> Rule:
    days = (rule.week_numbers, rule.year_days, rule.month_days, rule.weekdays, rule.from_easter)
    if any(days) or rule.frequency == "DAILY":
        return rule
    if rule.frequency == "WEEKLY":
        return replace(rule, weekdays=((0, start.weekday()),))
    if rule.frequency == "YEARLY" and not rule.months:
        return replace(rule, months=(start.month,), month_days=(start.day,))
    return replace(rule, month_days=(start.day,))


def _positioned(days: list[date], positions: tuple[int, ...]) -> list[date]:
    if not positions:
        return days
    picked = {days[p - 1 if p > 0 else p] for p in positions if p and abs(p) <= len(days)}
    return sorted(picked)


def _periods(rule: Rule, start: date) -> Iterator[list[date]]:
    make = _PERIODS[rule.frequency]
    for k in range(_PERIODS_MAX):
        try:
            first, length = make(start, k * rule.interval, rule.week_start)
            yield [first + timedelta(days=d) for d in range(length)]
        except (CalendarError, OverflowError):
            return


def _year(start: date, step: int, _: int) -> tuple[date, int]:
    first = add_months(start.replace(month=1, day=1), 12 * step)
    return first, 365 + (month_length(first.year, 2) == 29)


def _month(start: date, step: int, _: int) -> tuple[date, int]:
    first = add_months(start.replace(day=1), step)
    return first, month_length(first.year, first.month)


def _week(start: date, step: int, week_start: int) -> tuple[date, int]:
    back = (start.weekday() - week_start) % 7
    if step == 0:
        return start, 7 - back
    return start + timedelta(days=7 * step - back), 7


def _day(start: date, step: int, _: int) -> tuple[date, int]:
    return start + timedelta(days=step), 1


_PERIODS: dict[str, Callable[[date, int, int], tuple[date, int]]] = {
    "YEARLY": _year,
    "MONTHLY": _month,
    "WEEKLY": _week,
    "DAILY": _day,
}


def _passes(rule: Rule, day: date) -> bool:
    return (
        (not rule.months or day.month in rule.months)
        and (not rule.month_days or _in(rule.month_days, day.day, month_length(day.year, day.month)))
        and (not rule.year_days or _in(rule.year_days, *_day_of_year(day)))
        and (not rule.week_numbers or _in(rule.week_numbers, *_week_of_year(day, rule.week_start)))
        and (not rule.from_easter or (day - easter(day.year)).days in rule.from_easter)
        and (not rule.weekdays or any(_is_weekday(rule, day, nth, weekday) for nth, weekday in rule.weekdays))
    )


def _in(wanted: tuple[int, ...], number: int, total: int) -> bool:
    return number in wanted or number - total - 1 in wanted


def _day_of_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, 365 + (month_length(day.year, 2) == 29)


def _week_of_year(day: date, week_start: int) -> tuple[int, int]:
    """Return the number of the week and how many its year has; a week belongs to the year of its 4th day."""
    middle = day + timedelta(days=3 - (day.weekday() - week_start) % 7)
    total_of = date(middle.year, 12, 28)  # always in the last week
    last = total_of + timedelta(days=3 - (total_of.weekday() - week_start) % 7)
    return (middle.timetuple().tm_yday - 1) // 7 + 1, (last.timetuple().tm_yday - 1) // 7 + 1


def _is_weekday(rule: Rule, day: date, nth: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if not nth or rule.frequency in {"DAILY", "WEEKLY"}:
        return True
    if rule.frequency == "YEARLY" and not rule.months:
        position, total = _day_of_year(day)
    else:
        position, total = day.day, month_length(day.year, day.month)
    return nth in {(position - 1) // 7 + 1, -((total - position) // 7 + 1)}
