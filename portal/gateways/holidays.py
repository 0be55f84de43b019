"""Public holidays and the closed days of markets, as plain sets of dates for `core.calendar`.

Countries and exchanges come from the `holidays` package; exchanges whose rule is only fixed days and Easter are
written down here, because the package knows them for recent years only.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

#: Fixed days (month, day) of exchanges that otherwise close on Good Friday and Easter Monday only.
_EXCHANGES = {
    "frankfurt": ((1, 1), (5, 1), (12, 24), (12, 25), (12, 26)),
    "xetra": ((1, 1), (5, 1), (12, 24), (12, 25), (12, 26)),
    "eurex": ((1, 1), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)),
    "italy exchange": ((1, 1), (5, 1), (8, 15), (12, 24), (12, 25), (12, 26), (12, 31)),
    "target": ((1, 1), (5, 1), (12, 25), (12, 26)),
}
#: Names of calendars that are a country's public holidays, or a market of the package.
_COUNTRIES = {
    "uk settlement": ("GB", "ENG"),
    "uk exchange": ("GB", "ENG"),
    "uk metals": ("GB", "ENG"),
    "us settlement": ("US", None),
    "south korea settlement": ("KR", None),
    "denmark": ("DK", None),
    "italy settlement": ("IT", None),
}
_MARKETS = {
    "brazil settlement": "BVMF",
    "us government bond": "USGS",
    "us governmentbond": "USGS",
    "us federal reserve": "XFED",
    "us nyse": "XNYS",
    "nyse": "XNYS",
    "us new york stock exchange": "XNYS",
    "south korea exchange": "XKRX",
}


class UnknownCalendarError(ValueError):
    """No calendar has this name."""


def calendar_names() -> tuple[str, ...]:
    """Give the names that `closed_days` knows beside ISO country codes."""
    return tuple(sorted({*_EXCHANGES, *_COUNTRIES, *_MARKETS}))


def closed_days(calendar: str, years: Iterable[int]) -> frozenset[date]:
    """Give the closed days of a calendar in some years: a country code (`TH`, `GB-SCT`) or a name.

    Saturdays and Sundays are not listed. Raises `UnknownCalendarError`.
    """
    return frozenset().union(*(_closed(calendar.strip(), year) for year in years))


@lru_cache(maxsize=512)
def _closed(calendar: str, year: int) -> frozenset[date]:
    name = calendar.lower()
    if name in _EXCHANGES:
        good_friday, easter_monday = easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)
        return frozenset({good_friday, easter_monday, *(date(year, m, d) for m, d in _EXCHANGES[name])})
    if name in _MARKETS:
        return frozenset(holidays.financial_holidays(_MARKETS[name], years=year))
    country, _, region = calendar.partition("-")
    country, subdivision = _COUNTRIES.get(name, (country.upper(), region or None))
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError:
        raise UnknownCalendarError(f"no calendar is named {calendar!r}") from None


def easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap - correction + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
