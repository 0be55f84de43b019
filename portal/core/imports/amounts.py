"""Amounts and rates as people and spreadsheets write them, read by a stated decimal mark and never by a guess."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from portal.core.imports.faults import CellError
from portal.core.money import MINOR_MAX

DECIMALS = ("point", "comma")
_MARK = {"point": ".", "comma": ","}
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE} "


def _plain(mark: str) -> re.Pattern[str]:
    return re.compile(rf"(\d{{1,30}})(?:{re.escape(mark)}(\d{{1,9}}))?", re.ASCII)


def _grouped(mark: str, other: str) -> re.Pattern[str]:
    """Groups of three with one kind of mark, or lakh groups (1,23,456), then the decimals."""
    other, mark = re.escape(other), re.escape(mark)
    threes = rf"\d{{1,3}}(?:([{other}'’{_SPACES}])\d{{3}})(?:\2\d{{3}})*"
    lakh = rf"\d{{1,2}}(?:{other}\d\d)+{other}\d{{3}}"
    return re.compile(rf"({threes}|{lakh})(?:{mark}(\d{{1,9}}))?", re.ASCII)


_PLAIN = {"point": _plain("."), "comma": _plain(",")}
_GROUPED = {"point": _grouped(".", ","), "comma": _grouped(",", ".")}
_SIGNS = "$€£¥฿₫₹₽₩₱ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + _SPACES
_NOT_DIGIT = re.compile(r"[^0-9]")
_RATE = re.compile(r"(\d{1,4})(?:[.,](\d{1,6}))?", re.ASCII)
_RATE_MAX = 1000


def parse_amount(cell: object, *, decimal: str, places: int, currency: str) -> int:
    """Read an amount in major units as whole minor units; `decimal` is point or comma, `places` the currency's.

    Thousands may be grouped by the other mark, a space or an apostrophe, in threes or in lakh groups. Numbers of a
    spreadsheet or of JSON need no mark. Raises CellError for anything else, for more decimals than the currency
    has, and for an amount below zero or above 10^15 minor units.
    """
    if not isinstance(cell, str):
        return _from_number(cell, places=places, currency=currency)
    text = cell.strip()
    found = _PLAIN[decimal].fullmatch(text)
    if found:
        whole, part = found.groups()
    else:
        found = _GROUPED[decimal].fullmatch(text)
        if not found:
            raise _amount_error(text, decimal=decimal)
        whole, part = _NOT_DIGIT.sub("", found[1]), found[3]
    part = part or ""
    if len(part) > places:
        raise CellError("amount.decimals", currency=currency, places=places)
    minor = int(whole + part.ljust(places, "0"))
    if minor > MINOR_MAX:
        raise CellError("amount.too_large")
    return minor


def _from_number(cell: object, *, places: int, currency: str) -> int:
    if isinstance(cell, bool) or not isinstance(cell, (int, Decimal)):
        raise CellError("amount.format", example="1234.50")
    value = Decimal(cell)
    if not value.is_finite() or value.adjusted() > 20:
        raise CellError("amount.too_large")
    if value < 0:
        raise CellError("amount.negative")
    minor = value.scaleb(places)
    if minor != minor.to_integral_value():
        raise CellError("amount.decimals", currency=currency, places=places)
    if minor > MINOR_MAX:
        raise CellError("amount.too_large")
    return int(minor)


def _amount_error(text: str, *, decimal: str) -> CellError:
    """Say why a text is no amount, with the plain way to write it where there is only one."""
    if not text:
        return CellError("required")
    western = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in text)
    if western != text:
        return CellError("amount.digits", write=western)
    if text.startswith(("-", "−", "(")) or text.endswith("-"):
        return CellError("amount.negative")
    other = "comma" if decimal == "point" else "point"
    if _PLAIN[other].fullmatch(text) or _GROUPED[other].fullmatch(text):
        return CellError("amount.mark", decimal=decimal)
    inner = text.strip(_SIGNS)
    inner = inner.lstrip(". ") if inner != text else inner
    if inner != text and (_PLAIN[decimal].fullmatch(inner) or _GROUPED[decimal].fullmatch(inner)):
        return CellError("amount.sign", write=inner)
    return CellError("amount.format", example="1234.50" if decimal == "point" else "1234,50")


def parse_rate(cell: object) -> Decimal:
    """Read a yearly rate in percent as a fraction: 14.07 becomes Decimal('0.1407').

    A rate has no thousands, so a point and a comma mean the same. Raises CellError outside 0 to 1000 percent.
    """
    if isinstance(cell, str):
        found = _RATE.fullmatch(cell.strip().removesuffix("%").rstrip())
        if not found:
            raise CellError("rate.format" if cell.strip() else "required")
        value = Decimal(f"{found[1]}.{found[2] or 0}")
    elif isinstance(cell, (int, Decimal)) and not isinstance(cell, bool) and Decimal(cell).is_finite():
        value = Decimal(cell)
    else:
        raise CellError("rate.format")
    if not 0 <= value <= _RATE_MAX:
        raise CellError("rate.format")
    return (value / 100).quantize(Decimal("0.000001"))


def see_decimal(cells: Iterable[object]) -> str:
    """See which decimal mark a file's amounts have.

    Gives point or comma where at least one amount shows it and none contradicts; plain where no amount has any mark;
    unclear where each mark could as well separate thousands (1.234); mixed where amounts contradict each other.
    Typed numbers say nothing.
    """
    seen = {_evidence(cell.strip()) for cell in cells if isinstance(cell, str)} - {"plain"}
    if {"point", "comma"} <= seen:
        return "mixed"
    for mark in DECIMALS:
        if mark in seen:
            return mark
    return "unclear" if seen else "plain"


def _evidence(text: str) -> str:
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return "point" if text.rfind(".") > text.rfind(",") else "comma"
    if not points and not commas:
        return "plain"
    mark, other, times = ("point", "comma", points) if points else ("comma", "point", commas)
    if times > 1:
        return other
    head, _, tail = text.partition(_MARK[mark])
    is_maybe_group = len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0")
    return "unclear" if is_maybe_group else mark
