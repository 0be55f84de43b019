"""How one file is read: its columns found, its decimal mark seen or stated, and everything that was seen reported."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.core.imports.amounts import DECIMALS, see_decimal
from portal.core.imports.cells import Rules
from portal.core.imports.columns import AMOUNTS, Header, match_header, unknown_targets
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

    def __post_init__(self) -> None:
        """Refuse words that are no order or mark."""
        if self.date_order not in ORDERS:
            raise ValueError(f"the date order is one of {', '.join(ORDERS)}")
        if self.decimal not in (None, *DECIMALS):
            raise ValueError(f"the decimal mark is one of {', '.join(DECIMALS)}")


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

    reader: RowReader
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
    mapping = dict(options.mapping)
    if unknown := unknown_targets(mapping):
        return Fault("", "file.mapping", params={"unknown": ", ".join(unknown)})
    matched = match_header(header, mapping=mapping)
    if matched.missing and remembered and not mapping:
        matched = match_header(header, mapping=remembered)
    if matched.missing:
        return Fault("", "file.columns", params={"missing": ", ".join(matched.missing)})
    if matched.doubled:
        return Fault("", "file.columns_doubled", params={"doubled": ", ".join(matched.doubled)})
    decimal = options.decimal or _seen(matched, head)
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
    reader = RowReader(positions=matched.positions, width=matched.width, rules=rules)
    return Reading(
        reader=reader, header=matched, decimal=rules.decimal, is_decimal_seen=options.decimal is None
    )


def _seen(header: Header, head: Iterable[list[object]]) -> str:
    places = [header.positions[name] for name in AMOUNTS if name in header.positions]
    return see_decimal(cells[place] for cells in head for place in places if place < len(cells))
