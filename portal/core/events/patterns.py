"""Which events an endpoint asked for: a whole type, every type of a noun, or everything."""

from __future__ import annotations

from portal.core.errors import EventError
from portal.core.events.catalog import CATALOG

PATTERNS_MAX = 50


def matches(pattern: str, type_: str) -> bool:
    """Tell whether `pattern` asks for `type_`: `*`, `payment.*` or `payment.succeeded`."""
    return pattern in wanted_by(type_)


def wanted_by(type_: str) -> tuple[str, str, str]:
    """Give the three patterns that ask for `type_`, so that a database can look for any of them."""
    return (type_, f"{type_.partition('.')[0]}.*", "*")


def check_patterns(patterns: list[str]) -> list[str]:
    """Check the patterns of an endpoint and give them sorted, each once.

    Raises EventError when there is none, more than `PATTERNS_MAX`, or one that no type in the catalog fits.
    """
    fresh = sorted({pattern.strip() for pattern in patterns if pattern.strip()})
    if not fresh:
        raise EventError("an endpoint asks for at least one pattern, such as *")
    if len(fresh) > PATTERNS_MAX:
        raise EventError(f"{len(fresh)} patterns are more than {PATTERNS_MAX}")
    for pattern in fresh:
        if not any(matches(pattern, type_) for type_ in CATALOG):
            raise EventError(f"{pattern} fits no event type")
    return fresh
