"""The kinds of value a bounds document may hold: how each is read, checked, published and tightened.

A field of the bounds is a dataclass field whose metadata carry a `Kind`; parser, JSON Schema, reason codes and
intersection all walk the same declaration, so they cannot disagree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, TypeVar

Reader = Callable[[Any], Any]
T = TypeVar("T")
DAYS_MAX = 520  # ten years of weeks


class Unreadable(ValueError):  # noqa: N818 -- a value, caught by the parser and turned into an entry of its list
    """One value does not fit its kind; `fix` says what would."""

    def __init__(self, message: str, fix: str) -> None:
        """Keep both sentences."""
        super().__init__(message)
        self.fix = fix


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How one field is read and published.

    `tight` says which direction is stricter: `low` (smaller is stricter), `high`, `and` (off is stricter), `set`
    (fewer words) or '' (not comparable). `code` is the public reason code of a breach, '' where none can occur.
    `nested` is the dataclass of a group; `shape` is `one`, `list` or `map`. `unit` names how a value is written for
    people: share (basis points), rate (millionths), money (minor units), count, flag, word, span, or their lists.
    """

    read: Reader | None = None
    schema: Mapping[str, Any]
    tight: str = ""
    code: str = ""
    nested: type[Any] | None = None
    shape: str = "one"
    key: str = ""
    unit: str = ""


def _field(kind: Kind, default: Any) -> Any:
    return field(default=default, metadata={"kind": kind})


def _scaled(value: Any, scale: int, high: int) -> int:
    try:
        number = Decimal(str(value)) * scale
    except InvalidOperation:
        raise Unreadable(f"{value!r} is not a number", 'write a share as text, like "0.25"') from None
    if isinstance(value, bool) or not number.is_finite() or number != int(number) or not 0 <= number <= high:
        raise Unreadable(
            f"{value!r} is outside 0 to {Decimal(high) / scale} or finer than 1/{scale}",
            'write a share as text, like "0.25"',
        )
    return int(number)


def _read_share(value: Any) -> int:
    return _scaled(value, 10_000, 10_000)


def _read_rate(value: Any) -> int:
    return _scaled(value, 1_000_000, 10_000_000)


def _whole(low: int, high: int) -> Reader:
    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise Unreadable(
                f"{value!r} is not a whole number from {low} to {high}", "write it without decimals"
            )
        return value

    return read


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unreadable(f"{value!r} is not true or false", "write true or false")
    return value


def _read_word(choices: tuple[str, ...]) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or (choices and value not in choices):
            raise Unreadable(f"{value!r} is not known", f"use one of: {', '.join(choices) or 'any text'}")
        return value

    return read


def _read_list(item: Reader, low: int, high: int) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise Unreadable(f"{value!r} is not a list of {low} to {high} values", "write a list in [ ]")
        return tuple(item(one) for one in value)

    return read


def _read_span(value: Any) -> tuple[int, int]:
    low, high = _read_list(_whole(0, 10**15), 2, 2)(value)
    if low > high:
        raise Unreadable(f"{value!r} is empty", "write [smallest, largest], both included")
    return low, high


def _read_days(value: Any) -> tuple[date, ...]:
    found: tuple[date, ...] = _read_list(_read_day, 0, DAYS_MAX)(value)
    if any(later <= day for day, later in pairwise(found)):
        raise Unreadable("the days are out of order or repeat", "write each day once, the earliest first")
    return found


def _read_day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable(f"{value!r} is not a date", 'write it as "2026-12-01"') from None


_DAY = {"type": "string", "format": "date"}
_SHARE = {
    "type": ["string", "number"],
    "pattern": r"^(0(\.\d{1,4})?|1(\.0{1,4})?)$",
    "minimum": 0,
    "maximum": 1,
}
_RATE = {"type": ["string", "number"], "pattern": r"^\d{1,2}(\.\d{1,6})?$", "minimum": 0, "maximum": 10}


PERIOD = Kind(
    read=_read_list(_read_day, 2, 2),
    schema={"type": "array", "items": _DAY, "minItems": 2, "maxItems": 2},
)


def share(default: int | None, *, tight: str = "low", code: str = "") -> Any:
    """Declare a share from 0 to 1, kept in basis points."""
    return _field(Kind(read=_read_share, schema=_SHARE, tight=tight, code=code, unit="share"), default)


def shares(default: tuple[int, ...]) -> Any:
    """Declare a list of shares, kept in basis points."""
    schema = {"type": "array", "items": _SHARE, "maxItems": 12}
    return _field(Kind(read=_read_list(_read_share, 1, 12), schema=schema, unit="shares"), default)


def rate(default: int, *, tight: str = "high", code: str = "") -> Any:
    """Declare a yearly rate, kept in millionths."""
    return _field(Kind(read=_read_rate, schema=_RATE, tight=tight, code=code, unit="rate"), default)


def rates(default: tuple[int, ...], *, code: str = "") -> Any:
    """Declare a list of yearly rates, kept in millionths."""
    schema = {"type": "array", "items": _RATE, "minItems": 1, "maxItems": 6}
    kind = Kind(read=_read_list(_read_rate, 1, 6), schema=schema, tight="set", code=code, unit="rates")
    return _field(kind, default)


def count(
    default: int | None,
    *,
    low: int = 0,
    high: int = 4000,
    tight: str = "low",
    code: str = "",
    unit: str = "count",
) -> Any:
    """Declare a whole number of payments, months or days."""
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return _field(Kind(read=_whole(low, high), schema=schema, tight=tight, code=code, unit=unit), default)


def money(default: int | None, *, low: int = 0, tight: str = "", code: str = "") -> Any:
    """Declare an amount in minor units."""
    return count(default, low=low, high=10**15, tight=tight, code=code, unit="money")


def flag(*, default: bool | None, tight: str = "and", code: str = "") -> Any:
    """Declare something that is on or off."""
    kind = Kind(read=_read_flag, schema={"type": "boolean"}, tight=tight, code=code, unit="flag")
    return _field(kind, default)


def word(default: str, *choices: str, code: str = "") -> Any:
    """Declare one word out of a list, or any text where the list is empty."""
    schema: dict[str, Any] = {"type": "string", **({"enum": list(choices)} if choices else {})}
    return _field(Kind(read=_read_word(choices), schema=schema, code=code, unit="word"), default)


def words(default: tuple[str, ...], *choices: str, code: str = "") -> Any:
    """Declare a list of words out of a list, or any words where the list is empty."""
    item: dict[str, Any] = {"type": "string", **({"enum": list(choices)} if choices else {})}
    schema = {"type": "array", "items": item, "maxItems": 200}
    read = _read_list(_read_word(choices), 0, 200)
    kind = Kind(read=read, schema=schema, tight="set", code=code, unit="words")
    return _field(kind, default)


def counts(default: tuple[int, ...], *, low: int, high: int, code: str = "") -> Any:
    """Declare a list of whole numbers."""
    schema = {"type": "array", "items": {"type": "integer", "minimum": low, "maximum": high}, "maxItems": 12}
    read = _read_list(_whole(low, high), 0, 12)
    kind = Kind(read=read, schema=schema, tight="set", code=code, unit="counts")
    return _field(kind, default)


def days() -> Any:
    """Declare a list of days that rise, none by default."""
    schema = {"type": "array", "items": _DAY, "maxItems": DAYS_MAX}
    return _field(Kind(read=_read_days, schema=schema, unit="days"), ())


def span(default: tuple[int, int], *, code: str = "") -> Any:
    """Declare a range [smallest, largest], both included."""
    item = {"type": "integer", "minimum": 0, "maximum": 10**15}
    schema = {"type": "array", "items": item, "minItems": 2, "maxItems": 2}
    return _field(Kind(read=_read_span, schema=schema, tight="span", code=code, unit="span"), default)


def group(nested: type[Any], default: Any, *, shape: str = "one", key: str = "") -> Any:
    """Declare a group of fields; `shape` is `one`, `list`, or `map` (then `key` names the field of the word)."""
    return _field(Kind(schema={}, nested=nested, shape=shape, key=key), default)


def kinds(owner: type[Any]) -> dict[str, Kind]:
    """Return the declared kinds of a group, by field name, in order."""
    return {f.name: f.metadata["kind"] for f in fields(owner) if "kind" in f.metadata}
