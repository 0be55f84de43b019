"""Office hours in the reader's language: lenders write "Mo-Fr 8:00-18:00", as maps do; days and times are said."""

import re
from datetime import time

from babel.dates import format_time, get_day_names
from flask import Flask

from portal.web.format import list_text
from portal.web.language import current
from portal.web.language import gettext as _

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_DAY = f"(?:{'|'.join(DAYS)})"
_RULE = re.compile(
    rf"\s*(?P<days>{_DAY}(?:\s*[-,]\s*{_DAY})*)\s+(?P<times>\d\d?:\d\d\s*-\s*\d\d?:\d\d(?:\s*,\s*\d\d?:\d\d\s*-\s*\d\d?:\d\d)*)\s*",
    re.IGNORECASE,
)


def hours_text(written: str | None) -> str:
    """Say office hours: "Monday to Friday, 8:00 am to 6:00 pm". What cannot be read is shown as it was written."""
    if not written:
        return ""
    rules = [_RULE.fullmatch(part) for part in written.split(";") if part.strip()]
    said = [_rule(rule["days"], rule["times"]) for rule in rules if rule]
    if not said or len(said) < len(rules) or not all(said):
        return written
    return list_text(said)


def _rule(days: str, times: str) -> str:
    spans = [_times(one) for one in times.split(",")]
    if not all(spans):
        return ""
    return _(
        "%(days)s, %(times)s", days=list_text([_days(one) for one in days.split(",")]), times=list_text(spans)
    )


def _days(written: str) -> str:
    names = get_day_names("wide", "stand-alone", locale=current().babel)
    first, _dash, last = (part.strip().lower() for part in written.partition("-"))
    if not last:
        return str(names[DAYS.index(first)])
    return _("%(first)s to %(last)s", first=names[DAYS.index(first)], last=names[DAYS.index(last)])


def _times(written: str) -> str:
    first, _dash, last = written.partition("-")
    begins, ends = _time(first), _time(last)
    return _("%(first)s to %(last)s", first=begins, last=ends) if begins and ends else ""


def _time(written: str) -> str:
    hour, minute = (int(part) for part in written.strip().split(":"))
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        return ""
    return format_time(time(hour, minute), "short", locale=current().babel)


def configure(app: Flask) -> None:
    """Give templates the filter `opening_hours`."""
    app.jinja_env.filters["opening_hours"] = hours_text
