"""Dates in the order that the lender stated; no other order is tried."""

import re
from datetime import date, datetime, time
from functools import lru_cache

from portal.core.imports.faults import CellError

ORDERS = ("ymd", "dmy", "mdy")
EXAMPLES = {"ymd": "2026-03-31", "dmy": "31/03/2026", "mdy": "03/31/2026"}
_PARTS = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})", re.ASCII)
_BUDDHIST = range(2400, 2700)
_YEARS = range(1900, 2200)


def parse_date(cell: object, *, order: str) -> date:
    """Read a date in the stated order: ymd (2026-03-31), dmy (31/03/2026) or mdy (03/31/2026).

    The parts stand between hyphens, slashes, points or spaces; the year has four digits of the common era. A date
    cell of a spreadsheet needs no order. Raises CellError for anything else, with the right way to write it where
    there is only one (Buddhist era, short years, another order).
    """
    if isinstance(cell, datetime):
        if cell.time() != time(0):
            raise CellError("date.format", order=order, example=EXAMPLES[order])
        return _in_range(cell.date(), order)
    if isinstance(cell, date):
        return _in_range(cell, order)
    if not isinstance(cell, str):
        raise CellError("date.format", order=order, example=EXAMPLES[order])
    return _read(cell.strip(), order)


@lru_cache(maxsize=8192)
def _read(text: str, order: str) -> date:
    if not text:
        raise CellError("required")
    split = _PARTS.fullmatch(text)
    if not split:
        raise CellError("date.format", order=order, example=EXAMPLES[order])
    parts = (split[1], split[3], split[4])
    year, month, day = _ordered(parts, order)
    if len(year) != 4 or len(month) > 2 or len(day) > 2:
        raise _wrong_order(parts, order)
    found = _day(int(year), month, day)
    if found is not None:
        return _in_range(found, order)
    if int(year) in _BUDDHIST and (common := _day(int(year) - 543, month, day)):
        raise CellError("date.buddhist_year", write=write_date(common, order))
    raise _wrong_order(parts, order)


def _day(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def _ordered(parts: tuple[str, str, str], order: str) -> tuple[str, str, str]:
    first, second, third = parts
    return {"ymd": (first, second, third), "dmy": (third, second, first), "mdy": (third, first, second)}[
        order
    ]


def _in_range(day: date, order: str) -> date:
    if day.year in _YEARS:
        return day
    if day.year in _BUDDHIST:
        raise CellError("date.buddhist_year", write=write_date(_shift(day, -543), order))
    raise CellError("date.year")


def _shift(day: date, years: int) -> date:
    """Move a date by whole years; the 29th of February meets the 28th where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def write_date(day: date, order: str) -> str:
    """Write a date as a file of this order has it."""
    return {"ymd": f"{day:%Y-%m-%d}", "dmy": f"{day:%d/%m/%Y}", "mdy": f"{day:%m/%d/%Y}"}[order]


def _wrong_order(parts: tuple[str, str, str], order: str) -> CellError:
    for other in ORDERS:
        year, month, day = _ordered(parts, other)
        if other == order or len(year) != 4 or len(month) > 2 or len(day) > 2:
            continue
        found = _day(int(year), month, day)
        if found is None:
            continue
        return CellError("date.order", order=order, other=other, write=write_date(found, order))
    return _short_year(parts, order)


def _short_year(parts: tuple[str, str, str], order: str) -> CellError:
    """Answer a year of two or three digits: the Republic of China's calendar where it has three, else no guess."""
    year = _ordered(parts, order)[0]
    if len(year) == 4:
        return CellError("date.impossible")
    if len(year) == 3 and int(year) < 200:
        return CellError("date.short_year", write=f"the year as {int(year) + 1911}")
    return CellError("date.short_year", write="the year with four digits")
