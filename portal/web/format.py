"""Figures and dates in the language of the request (`gateways.figures` writes them), as text and as filters.

Filters for templates (all put the text into `bdi`, so that it keeps its order inside right-to-left sentences):
money, signed, day, short_day, month_day, local_day, moment, percent, number, bdi.
`*_text` gives the bare text for titles.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from flask import Flask
from markupsafe import Markup, escape

from portal.core.money import Money
from portal.gateways.figures import (
    BUDDHIST_YEARS,
    day_words,
    money_words,
    percent_words,
    signed_words,
)
from portal.web.beads import bead_rows
from portal.web.context import brand
from portal.web.language import current, gettext, ngettext


def money_text(amount: Money) -> str:
    return money_words(amount.minor, amount.currency, current().babel)


def sign_of(currency: str) -> str:
    """Give the sign of a currency as it stands in a box: the words of 0 without its digits."""
    zero = money_text(Money(0, currency))
    return "".join(
        char for char in zero if not char.isdigit() and char not in ".,٫٬ \u00a0\u200e\u200f"
    ).strip()


def said(amount: Money) -> str:
    """Write an amount for the middle of a plain sentence: isolated from right-to-left words around it."""
    text = money_text(amount)
    return f"\u2068{text}\u2069" if current().direction == "rtl" else text


def signed_text(amount: Money) -> str:
    """Write an amount of a sum with its plus or minus, a no-break space between."""
    return signed_words(amount.minor, amount.currency, current().babel)


def day_text(on: date) -> str:
    return day_words(on, "long", current().babel)


def short_day_text(on: date) -> str:
    return day_words(on, "medium", current().babel)


def month_day_text(on: date) -> str:
    """Write a date of the current year or of a list that shows its years: February 15."""
    return format_skeleton("MMMMd", on, locale=current().babel)


def month_text(on: date) -> str:
    """Write a month with its year: December 2026. In Thai with the Buddhist year, as people write it."""
    if current().tag == "th":
        month = Locale.parse("th").months["stand-alone"]["wide"][on.month]
        return f"{month} {on.year + BUDDHIST_YEARS}"
    return format_skeleton("yMMMM", on, locale=current().babel)


def moment_text(at: datetime) -> str:
    """Write a point in time in the zone of the letterhead: November 24, 2026 at 8:05 AM."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    local = at.astimezone(ZoneInfo(brand().time_zone))
    clock = format_time(local, "short", locale=current().babel)
    # Translators: a day and a time of day
    return gettext("%(day)s at %(time)s", day=day_text(local.date()), time=clock)


def local_day_text(at: datetime) -> str:
    """Write the day of a point in time in the zone of the letterhead."""
    return day_text(at.astimezone(ZoneInfo(brand().time_zone)).date())


def percent_text(rate: Decimal) -> str:
    """Write a rate as percent: Decimal('0.0625') is 6.25%."""
    return percent_words(rate, current().babel)


def number_text(value: int | Decimal) -> str:
    return format_decimal(value, locale=current().babel)


def rate_text(value: Decimal) -> str:
    """Write an exchange rate with as many decimals as tell it from its neighbors."""
    return format_decimal(value, format="#,##0.00####", locale=current().babel)


def times_text(count: int) -> str:
    """Write how often something is paid: once, 26 times."""
    return ngettext("once", "%(count)s times", count, count=number_text(count))


def frequency_text(cycle: str) -> str:
    """Write a pay cycle as it stands after an amount: "$60.00 a month"."""
    words: dict[str, Callable[[], str]] = {
        "weekly": lambda: gettext("a week"),
        "fortnightly": lambda: gettext("every 2 weeks"),
        "four_weekly": lambda: gettext("every 4 weeks"),
        "semi_monthly": lambda: gettext("twice a month"),
        "monthly": lambda: gettext("a month"),
    }
    return words[cycle]()


def list_text(words: Sequence[str]) -> str:
    """Write several words as an enumeration of the language: "a week, every 2 weeks, and a month"."""
    return format_list(list(words), locale=current().babel)


def rhythm_text(cycle: str) -> str:
    """Write a pay cycle as it stands alone, in a list of choices: "Every month"."""
    words: dict[str, Callable[[], str]] = {
        "weekly": lambda: gettext("Every week"),
        "fortnightly": lambda: gettext("Every 2 weeks"),
        "four_weekly": lambda: gettext("Every 4 weeks"),
        "semi_monthly": lambda: gettext("Twice a month"),
        "monthly": lambda: gettext("Every month"),
    }
    return words[cycle]()


def bdi(text: object) -> Markup:
    """Keep a name, a reference or a phone number in its own order inside any sentence."""
    return Markup(f"<bdi>{escape(text)}</bdi>")  # noqa: S704 - escaped here


def short_ref(ref: str) -> Markup:
    """Write a reference as people read it out: the last eight characters in two groups; staff see the whole one."""
    tail = ref[-8:].upper()
    return bdi(f"{tail[:4]}-{tail[4:]}" if len(tail) == 8 else tail)


def _marked(write: Callable[..., str]) -> Callable[..., Markup]:
    def filtered(value: object) -> Markup:
        return bdi(write(value))

    return filtered


def configure(app: Flask) -> None:
    """Give templates the filters."""
    writers = {
        "money": money_text,
        "signed": signed_text,
        "day": day_text,
        "short_day": short_day_text,
        "month_day": month_day_text,
        "month": month_text,
        "moment": moment_text,
        "local_day": local_day_text,
        "percent": percent_text,
        "number": number_text,
        "rate": rate_text,
    }
    for name, write in writers.items():
        app.jinja_env.filters[name] = _marked(write)
        app.jinja_env.filters[f"{name}_text"] = write
    app.jinja_env.globals.update(bead_rows=bead_rows)
    app.jinja_env.filters.update(
        bdi=bdi, short_ref=short_ref, times=times_text, frequency=frequency_text, rhythm=rhythm_text
    )
