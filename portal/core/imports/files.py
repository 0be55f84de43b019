"""How one file is read: its columns found, its decimal mark seen or stated, and everything that was seen reported."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from portal.core.imports.acts import ActReader
from portal.core.imports.amounts import DECIMALS, see_decimal
from portal.core.imports.cells import Rules
from portal.core.imports.columns import ACCOUNTS, KINDS, FileKind, Header, match_header, unknown_targets
from portal.core.imports.dates import ORDERS
from portal.core.imports.faults import Fault
from portal.core.imports.rows import RowReader

SEEN_ROWS_MAX = 1_000
"""So many rows are looked at to see the decimal mark."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the sender states about a file.

    `decimal` None means: see it in the file, and refuse what is unclear. `is_whole` means that the file has every open
    account: those that it lacks are reported, and nothing else happens to them.
    """

    date_order: str = "ymd"
    decimal: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    is_dry_run: bool = False
    is_whole: bool = False
    kind: str = ACCOUNTS.name
    encoding: str | None = None
    separator: str | None = None

    def __post_init__(self) -> None:
        """Refuse words that are no order, mark or kind, and a whole file of anything but accounts."""
        if self.date_order not in ORDERS:
            raise ValueError(f"the date order is one of {', '.join(ORDERS)}")
        if self.decimal not in (None, *DECIMALS):
            raise ValueError(f"the decimal mark is one of {', '.join(DECIMALS)}")
        if not all(isinstance(word, str) for pair in dict(self.mapping).items() for word in pair):
            raise ValueError("a mapping is an object of texts")
        if self.kind not in KINDS or (self.is_whole and self.kind != ACCOUNTS.name):
            raise ValueError(f"a file is one of {', '.join(KINDS)}, and only one of accounts is whole")

    @property
    def holds(self) -> FileKind:
        """Give the columns of what the file holds."""
        return KINDS[self.kind]

    def as_wish(self) -> dict[str, Any]:
        """Give all that is stated as a document, from which `Options.from_wish` makes the same again."""
        return {**vars(self), "mapping": dict(self.mapping)}

    @classmethod
    def from_wish(cls, wish: Mapping[str, Any]) -> "Options":
        """Make the options of a document; what it does not name is as if it had not been stated."""
        return cls(**{one.name: wish[one.name] for one in fields(cls) if one.name in wish})


@dataclass(frozen=True, kw_only=True)
class Places:
    """What the rules need of the world: today, the countries and time zones there are, how numbers are dialed."""

    today: date
    countries: frozenset[str]
    time_zones: frozenset[str]
    normalize_phone: Callable[[str, str], str | None]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A file that can be read: the reader of its rows, and what to tell the sender about it."""

    reader: RowReader | ActReader
    header: Header
    decimal: str
    is_decimal_seen: bool


def plan_reading(
    *,
    header: list[object],
    head: Iterable[list[object]],
    options: Options,
    remembered: Mapping[str, str],
    places: Places,
) -> Reading | Fault:
    """Plan how a file is read, or say why it cannot be.

    `head` are the cells of its first rows, `remembered` the mapping of the last file, used where the names of the
    columns alone do not do.
    """
    mapping, kind = dict(options.mapping), options.holds
    if unknown := unknown_targets(mapping, kind=kind):
        return Fault("", "file.mapping", params={"unknown": ", ".join(unknown)})
    matched = match_header(header, mapping=mapping, kind=kind)
    if matched.missing and remembered and not mapping:
        matched = match_header(header, mapping=remembered, kind=kind)
    if matched.missing:
        return Fault("", "file.columns", params={"missing": ", ".join(matched.missing)})
    if matched.doubled:
        return Fault("", "file.columns_doubled", params={"doubled": ", ".join(matched.doubled)})
    decimal = options.decimal or _seen(matched, head, kind)
    if decimal in ("unclear", "mixed"):
        return Fault("", f"file.decimal_{decimal}")
    rules = Rules(
        today=places.today,
        countries=places.countries,
        time_zones=places.time_zones,
        normalize_phone=places.normalize_phone,
        date_order=options.date_order,
        decimal="comma" if decimal == "comma" else "point",
    )
    return Reading(
        reader=_reader(kind, matched, rules),
        header=matched,
        decimal=rules.decimal,
        is_decimal_seen=options.decimal is None,
    )


def _reader(kind: FileKind, header: Header, rules: Rules) -> RowReader | ActReader:
    if kind is ACCOUNTS:
        return RowReader(positions=header.positions, width=header.width, rules=rules)
    return ActReader(kind=kind.name, positions=header.positions, width=header.width, rules=rules)


def _seen(header: Header, head: Iterable[list[object]], kind: FileKind) -> str:
    places = [header.positions[name] for name in kind.amounts if name in header.positions]
    return see_decimal(cells[place] for cells in head for place in places if place < len(cells))
