"""Public holidays and the closed days of markets, as plain sets of dates for `core.calendar`.

Countries and exchanges come from the `holidays` package; exchanges whose rule is only fixed days and Easter are
written down here, because the package knows them for recent years only.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

from portal.core.calendar import easter

_CHRISTMAS = ((12, 24), (12, 25), (12, 26))
_LABOR = ((1, 1), (5, 1))
_EASTER = (-2, 1)  # Good Friday, Easter Monday
#: Calendars of fixed days (month, day) and days counted from Easter Sunday.
_WRITTEN = {
    "frankfurt": ((*_LABOR, *_CHRISTMAS), _EASTER),
    "xetra": ((*_LABOR, *_CHRISTMAS), _EASTER),
    "eurex": ((*_LABOR, *_CHRISTMAS, (12, 31)), _EASTER),
    "italy exchange": ((*_LABOR, (8, 15), *_CHRISTMAS, (12, 31)), _EASTER),
    "france exchange": ((*_LABOR, *_CHRISTMAS, (12, 31)), _EASTER),
    "target": ((*_LABOR, (12, 25), (12, 26)), _EASTER),
    # The national bank holidays that rates over 252 business days are counted with: Carnival, Corpus Christi.
    "brazil": (
        (*_LABOR, (4, 21), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25)),
        (-48, -47, -2, 60),
    ),
}
_BLACK_AWARENESS_FROM = 2024  # 20 November is national in Brazil since then
#: Days on which TARGET closed once: the turn of the year around the changeover to the euro.
_TARGET_ONCE = frozenset({date(1998, 12, 31), date(1999, 12, 31), date(2001, 12, 31)})
#: Names of calendars that are a country's public holidays; "settlement" behind a country says the same.
_COUNTRIES = {
    "argentina": "AR", "australia": "AU-NSW", "austria": "AT", "belgium": "BE", "bulgaria": "BG",
    "canada": "CA-ON", "chile": "CL", "china": "CN", "colombia": "CO", "croatia": "HR", "cyprus": "CY",
    "czech republic": "CZ", "denmark": "DK", "egypt": "EG", "estonia": "EE", "finland": "FI", "france": "FR",
    "germany": "DE", "greece": "GR", "hong kong": "HK", "hungary": "HU", "iceland": "IS", "india": "IN",
    "indonesia": "ID", "ireland": "IE", "israel": "IL", "italy": "IT", "japan": "JP", "kenya": "KE",
    "latvia": "LV", "lithuania": "LT", "luxembourg": "LU", "malaysia": "MY", "malta": "MT",
    "morocco": "MA", "netherlands": "NL", "new zealand": "NZ", "nigeria": "NG", "norway": "NO", "pakistan": "PK",
    "peru": "PE", "philippines": "PH", "poland": "PL", "portugal": "PT", "romania": "RO", "russia": "RU",
    "saudi arabia": "SA", "serbia": "RS", "singapore": "SG", "slovakia": "SK", "slovenia": "SI",
    "south africa": "ZA", "south korea": "KR", "south korean": "KR", "korea": "KR", "spain": "ES", "sweden": "SE",
    "switzerland": "CH-ZH", "taiwan": "TW", "thailand": "TH", "turkey": "TR", "uk": "GB-ENG",
    "uk exchange": "GB-ENG", "uk metals": "GB-ENG", "united kingdom": "GB-ENG",
    "united kingdom exchange": "GB-ENG", "united kingdom metals": "GB-ENG", "united states": "US", "us": "US",
    "vietnam": "VN",
}  # fmt: skip
#: Countries whose banks close on more days than the public holidays, by the name of the package for those days.
_BANK_DAYS = {
    "AT": ("bank",),
    "AU": ("bank",),
    "CA": ("government", "optional"),
    "DK": ("optional",),
    "HK": ("optional",),
    "KR": ("bank",),
    "SE": ("bank",),
}
#: Days after Easter Sunday on which banks close besides, by country: in Denmark the Friday after Ascension.
_AFTER_EASTER = {"DK": (40,)}
_MARKETS = {
    "australia exchange": "XASX",
    "brazil exchange": "BVMF",
    "canada tsx": "XTSE",
    "china ib": "XSHG",
    "china sse": "XSHG",
    "hong kong exchange": "XHKG",
    "india nse": "XNSE",
    "japan exchange": "XJPX",
    "mexico": "XMEX",
    "mexico bmv": "XMEX",
    "mexico exchange": "XMEX",
    "new york stock exchange": "XNYS",
    "nyse": "XNYS",
    "poland wse": "XWAR",
    "singapore exchange": "XSES",
    "sofr": "USGS",
    "south korea exchange": "XKRX",
    "south korean exchange": "XKRX",
    "korea exchange": "XKRX",
    "korea stock exchange": "XKRX",
    "krx": "XKRX",
    "switzerland exchange": "XSWX",
    "taiwan exchange": "XTAI",
    "federal reserve": "XFED",
    "government bond": "USGS",
    "government bond market": "USGS",
    "governmentbond": "USGS",
}
#: Markets that also close on their country's public holidays, which the package lists further back.
_LANDS = {
    "BVMF": "BR", "XASX": "AU", "XHKG": "HK", "XJPX": "JP", "XKRX": "KR", "XMEX": "MX", "XNSE": "IN", "XSES": "SG",
    "XSHG": "CN", "XTAI": "TW", "XTSE": "CA", "XWAR": "PL",
}  # fmt: skip


class UnknownCalendarError(ValueError):
    """No calendar has this name."""


def calendar_names() -> tuple[str, ...]:
    """Give the names that `closed_days` knows beside ISO country codes."""
    return tuple(sorted({*_WRITTEN, *_COUNTRIES, *_MARKETS}))


def closed_days(calendar: str, years: Iterable[int]) -> frozenset[date]:
    """Give the closed days of a calendar in some years: a country code (`TH`, `GB-SCT`) or a name.

    Saturdays and Sundays are not listed. Raises `UnknownCalendarError`.
    """
    return frozenset().union(*(_closed(calendar.strip(), year) for year in years))


@lru_cache(maxsize=512)
def _closed(calendar: str, year: int) -> frozenset[date]:
    name = " ".join(calendar.lower().replace(",", " ").split())
    plain = name.removesuffix(" settlement")
    if plain in _WRITTEN:
        return _written(plain, year)
    if market := _MARKETS.get(plain) or _MARKETS.get(_american(name)):
        public = _public(_LANDS[market], year) if market in _LANDS else frozenset()
        return frozenset(holidays.financial_holidays(market, years=year)) | public
    code = _COUNTRIES.get(plain, calendar)
    try:
        return _public(code, year)
    except NotImplementedError:
        raise UnknownCalendarError(f"no calendar is named {calendar!r}") from None


def _written(name: str, year: int) -> frozenset[date]:
    fixed, offsets = _WRITTEN[name]
    found = {date(year, m, d) for m, d in fixed} | {easter(year) + timedelta(days=days) for days in offsets}
    if name == "target":
        found |= {day for day in _TARGET_ONCE if day.year == year}
    if name == "brazil" and year >= _BLACK_AWARENESS_FROM:
        found.add(date(year, 11, 20))
    return frozenset(found)


def _american(name: str) -> str:
    return name.removeprefix("us ").removeprefix("united states ")


def _public(code: str, year: int) -> frozenset[date]:
    """Give the public holidays of a country or region (`GB-SCT`), with the days on which its banks close."""
    country, _, region = code.upper().partition("-")
    wanted = ("public", *_BANK_DAYS.get(country, ()))
    found = holidays.country_holidays(country, subdiv=region or None, years=year, categories=wanted)
    moved = {easter(year) + timedelta(days=days) for days in _AFTER_EASTER.get(country, ())}
    return frozenset(found) | moved
