"""Day counts: what share of a year lies between two dates.

Every result is an exact fraction. Sources: ISDA 2006 definitions 4.16, ICMA rule 251, NASD 30/360, the master
agreement of the French banking federation (AFB), the Brazilian 252 business days.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from portal.core.errors import RateError

DayCount = Literal[
    "30/360",
    "30/360_us",
    "30/360_european",
    "actual/360",
    "actual/364",
    "actual/365",
    "actual/365.25",
    "actual/365_no_leap",
    "actual/366",
    "actual/actual",
    "actual/actual_afb",
    "actual/actual_by_start",
    "30/360_isda",
    "30/360_italian",
    "30/360_nasd",
    "30/360_bond",
    "business/252",
]


def days_30_360_bond(start: date, end: date) -> int:
    """Return the days by the 30/360 bond basis: day 31 counts as 30 (of the end only after a start on 30)."""
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return _days_360(start, end, first, last)


def days_30_360_us(start: date, end: date) -> int:
    """Return the days by the US (NASD) 30/360 rule: the bond basis, and the last of February counts as 30."""
    first, last = start.day, end.day
    if _ends_february(start):
        if _ends_february(end):
            last = 30
        first = 30
    if last == 31 and first >= 30:
        last = 30
    return _days_360(start, end, min(first, 30), last)


def days_30_360_nasd(start: date, end: date) -> int:
    """Return the days by the first NASD rule: an end on the 31st after a start before the 30th is the next 1st."""
    last = end.day
    if last == 31:
        last = 30 if start.day >= 30 else 31  # the 1st of the next month is 31 days into this one
    return _days_360(start, end, min(start.day, 30), last)


def days_30_360_italian(start: date, end: date) -> int:
    """Return the days by the Italian rule: day 31 counts as 30, and so do the days of February after the 27th."""

    def met(day: date) -> int:
        return 30 if day.day > (27 if day.month == 2 else 30) else day.day

    return _days_360(start, end, met(start), met(end))


def days_30_360_european(start: date, end: date) -> int:
    """Return the days by the European (Eurobond) 30E/360 rule: day 31 counts as 30 on both sides."""
    return _days_360(start, end, min(start.day, 30), min(end.day, 30))


def days_30_360_isda(start: date, end: date, *, termination: date | None = None) -> int:
    """Return the days by 30E/360 ISDA: month ends count as 30, but not a February end at `termination`."""
    first = 30 if _ends_month(start) else start.day
    last = 30 if _ends_month(end) and not (_ends_february(end) and end == termination) else end.day
    return _days_360(start, end, first, last)


def _days_360(start: date, end: date, first: int, last: int) -> int:
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _ends_february(day: date) -> bool:
    return day.month == 2 and day.day == (29 if _is_leap(day.year) else 28)


def _ends_month(day: date) -> bool:
    return day.day == 31 or (day.day == 30 and day.month in {4, 6, 9, 11}) or _ends_february(day)


def actual_actual_isda(start: date, end: date) -> Fraction:
    """Return the years between two dates, days in leap years over 366 and the others over 365 (ISDA)."""
    if end < start:
        return -actual_actual_isda(end, start)
    years = Fraction(0)
    day = start
    while day.year < end.year:
        turn = date(day.year + 1, 1, 1)
        years += Fraction((turn - day).days, 366 if _is_leap(day.year) else 365)
        day = turn
    return years + Fraction((end - day).days, 366 if _is_leap(day.year) else 365)


def actual_actual_by_start(start: date, end: date) -> Fraction:
    """Return the actual days over the length of the year that the period starts in."""
    return Fraction((end - start).days, 366 if _is_leap(start.year) else 365)


def actual_actual_afb(start: date, end: date) -> Fraction:
    """Return the years by the French (AFB) rule: whole years counted back from the end, the rest over 365 or 366.

    366 where the rest holds 29 February.
    """
    if end < start:
        return -actual_actual_afb(end, start)
    years, last = 0, end
    while True:
        back = _year_before(end, years + 1)
        if back < start:
            break
        years, last = years + 1, back
    leap = any(
        _is_leap(year) and start <= date(year, 2, 29) < last for year in range(start.year, last.year + 1)
    )
    return years + Fraction((last - start).days, 366 if leap else 365)


def _year_before(day: date, years: int) -> date:
    """Return the day some years before; from a February end to a February end."""
    year = day.year - years
    if day.month == 2 and day.day >= 28:
        return date(year, 2, 29 if _is_leap(year) and _ends_february(day) else 28)
    return day.replace(year=year)


def actual_no_leap(start: date, end: date) -> int:
    """Return the actual days without any 29 February among them (after the start, up to the end)."""
    if end < start:
        return -actual_no_leap(end, start)
    years = [year for year in range(start.year, end.year + 1) if _is_leap(year)]
    return (end - start).days - sum(start < date(year, 2, 29) <= end for year in years)


def business_252(start: date, end: date, *, closed: AbstractSet[date]) -> Fraction:
    """Return the business days from `start` (counted) to `end` (not) over 252: Brazilian rates.

    Saturdays, Sundays and the days of `closed` are no business days.
    """
    if end < start:
        return -business_252(end, start, closed=closed)
    days = (start + timedelta(days=k) for k in range((end - start).days))
    return Fraction(sum(day.weekday() < 5 and day not in closed for day in days), 252)


def _over(basis: int, count: Callable[[date, date], int]) -> Callable[[date, date], Fraction]:
    return lambda start, end: Fraction(count(start, end), basis)


def _actual(start: date, end: date) -> int:
    return (end - start).days


_RULES: dict[str, Callable[[date, date], Fraction]] = {
    "30/360": _over(360, days_30_360_bond),
    "30/360_us": _over(360, days_30_360_us),
    "30/360_european": _over(360, days_30_360_european),
    "actual/360": _over(360, _actual),
    "actual/364": _over(364, _actual),
    "actual/365": _over(365, _actual),
    "actual/365.25": lambda start, end: Fraction((end - start).days * 4, 1461),
    "actual/365_no_leap": _over(365, actual_no_leap),
    "actual/366": _over(366, _actual),
    "actual/actual": actual_actual_isda,
    "actual/actual_afb": actual_actual_afb,
    "actual/actual_by_start": actual_actual_by_start,
    "30/360_isda": _over(360, days_30_360_isda),
    "30/360_italian": _over(360, days_30_360_italian),
    "30/360_nasd": _over(360, days_30_360_nasd),
    "30/360_bond": _over(360, days_30_360_bond),
}


def year_fraction(
    start: date, end: date, day_count: DayCount, *, closed: AbstractSet[date] = frozenset()
) -> Fraction:
    """Return the exact share of a year from `start` to `end`, negative when `end` comes first.

    "30/360_bond" is "30/360" by the days of any period; `closed` are the holidays of "business/252".
    Raises `RateError` for an unknown day count.
    """
    if day_count == "business/252":
        return business_252(start, end, closed=closed)
    try:
        rule = _RULES[day_count]
    except KeyError:
        raise RateError(f"{day_count!r} is not a day count of this engine") from None
    return rule(start, end)
