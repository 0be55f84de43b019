"""What a jurisdiction pack holds: facts of law, each with its source and how sure we are of it.

Status: V primary text read, S secondary source read, G general knowledge, U could not be found. V and S are enforced
as shipped; G waits for a named officer of the lender to confirm it; U never fills anything in. Reference data that
no lawyer has reviewed, not advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from typing import Literal

Status = Literal["V", "S", "G", "U"]
DayKind = Literal["mon_fri", "sat", "sun", "holiday"]
Window = tuple[time, time]
ENFORCED: frozenset[Status] = frozenset({"V", "S"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One fact of law; `value` is a number of `unit`, a text, or None where the law has none."""

    value: int | str | None
    status: Status
    source: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A free adviser, or somebody who takes complaints about the lender."""

    name: str
    status: Status
    phone: str | None = None
    web: str | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactHours:
    """When a person may be contacted, in their local time; None is a day without contact."""

    mon_fri: Window | None
    sat: Window | None
    sun: Window | None
    holiday: Window | None
    status: Status
    source: str = ""

    def of(self, kind: DayKind) -> Window | None:
        """Give the window of one kind of day."""
        windows: dict[DayKind, Window | None] = {
            "mon_fri": self.mon_fri,
            "sat": self.sat,
            "sun": self.sun,
            "holiday": self.holiday,
        }
        return windows[kind]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """The law of one place as this product knows it. `code` is the ISO country code, `version` is stamped on uses."""

    code: str
    name: str
    currency: str
    languages: tuple[str, ...]
    contact_hours: ContactHours | None
    messages_per_day: int | None
    messages_per_7_days: int | None
    facts: Mapping[str, Fact]
    advice: tuple[Body, ...]
    complaints: tuple[Body, ...]
    regions: Mapping[str, Mapping[str, Fact]] = field(default_factory=lambda: MappingProxyType({}))
    version: str = "2026-11-24"

    @property
    def ref(self) -> str:
        """Name the pack and its version, as it is stamped on what was made from it."""
        return f"{self.code.lower()}-{self.version}"

    def fact(self, name: str, *, confirmed: frozenset[str] = frozenset()) -> Fact | None:
        """Give a fact that may be enforced; None when it is unknown, or general knowledge that nobody confirmed.

        `confirmed` holds the lender's confirmations as "US.cooling_off".
        """
        found = self.facts.get(name)
        if found is None or found.status == "U":
            return None
        is_usable = found.status in ENFORCED or f"{self.code}.{name}" in confirmed
        return found if is_usable else None

    def number(self, name: str, *, unit: str, confirmed: frozenset[str] = frozenset()) -> int | None:
        """Give an enforceable number of days, months or years; None when the law has none in that unit."""
        found = self.fact(name, confirmed=confirmed)
        return found.value if found and isinstance(found.value, int) and found.unit == unit else None
