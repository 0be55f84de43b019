"""Figures and dates as the people of a locale write them: plain text, for pages, letters and whatever has no request.

`babel` is the locale's name (translations/locales.toml). Dates always name the month; Thai prints both years, the
Buddhist one first.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from portal.core.money import exponent

#: Signs that Babel prints bare although others use the same one.
_SIGNS = {"TWD": "NT$", "MXN": "MX$"}
_MINUS = "\N{MINUS SIGN}"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_RTL, _LTR = "\N{RIGHT-TO-LEFT MARK}", "\N{LEFT-TO-RIGHT MARK}"
_LETTER_BY_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
BUDDHIST_YEARS = 543
#: Locales whose medium date is written in numbers only, or whose month is not a word.
_NEEDS_LONG = frozenset({"ar", "de", "vi"})


@lru_cache(maxsize=8192)
def money_words(minor: int, currency: str, babel: str) -> str:
    """Write an amount of minor units with its currency's sign."""
    places = exponent(currency)
    if currency == "IDR" and minor % 100 == 0:  # custom: rupiah are written without decimals
        minor, places = minor // 100, 0
    locale = Locale.parse(babel)
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "." + "0" * places if places else "")
    sign = _SIGNS.get(currency) or locale.currency_symbols.get(currency, currency)
    value = Decimal(abs(minor)).scaleb(-places)
    bare = format_decimal(value, format=pattern.replace("\N{CURRENCY SIGN}", "\0"), locale=locale)
    if bare.startswith(_RTL) and sign[0].isascii() and sign[0].isalpha():
        sign += _LTR  # or the dollar of "US$" and the pound of "UK£" jump to the other side
    text = _LETTER_BY_DIGIT.sub(_NO_BREAK, bare.replace("\0", sign))
    return _prefixed(_MINUS, text) if minor < 0 else text


def _prefixed(sign: str, text: str) -> str:
    """Put a sign before an amount; in right-to-left text the sign stays on the left of its digits."""
    if not text.startswith(_RTL):
        return f"{sign}{text}"
    digits, rest = re.fullmatch(r".([\d.,]+)(.*)", text).groups()  # type: ignore[union-attr]
    return f"{_RTL}\N{LEFT-TO-RIGHT ISOLATE}{sign}{digits}\N{POP DIRECTIONAL ISOLATE}{rest}"


def signed_words(minor: int, currency: str, babel: str) -> str:
    """Write an amount of a sum with its plus or minus, a no-break space between."""
    sign = _MINUS if minor < 0 else "+"
    return _prefixed(sign + _NO_BREAK, money_words(abs(minor), currency, babel))


@lru_cache(maxsize=4096)
def day_words(on: date, length: str, babel: str) -> str:
    """Write a date; `length` is long or medium."""
    language = babel.partition("_")[0]
    if language == "th":
        return _thai_day(on, length)
    return format_date(on, "long" if language in _NEEDS_LONG else length, locale=babel)


def _thai_day(on: date, length: str) -> str:
    month = Locale.parse("th").months["format"]["wide" if length == "long" else "abbreviated"][on.month]
    buddhist = on.year + BUDDHIST_YEARS
    if length == "long":
        return f"{on.day} {month} พ.ศ. {buddhist} (ค.ศ. {on.year})"
    return f"{on.day} {month} {buddhist} ({on.year})"


def percent_words(rate: Decimal, babel: str) -> str:
    """Write a rate as percent: Decimal('0.0625') is 6.25%."""
    pattern = Locale.parse(babel).percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    return format_percent(rate, format=pattern, locale=babel)
