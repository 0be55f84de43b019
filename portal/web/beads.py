"""The string of beads: a schedule's payments as rows of marks, one row a year, or 13 payments of a weekly plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from babel import Locale

from portal.web.language import current, ngettext

ROWS_MAX = 12
_SHOWN_FIRST = 3
_BUDDHIST_YEARS = 543


@dataclass(frozen=True, kw_only=True, slots=True)
class Bead:
    """One payment: `state` is paid, next or later; `is_low` marks a smaller payment of a step plan."""

    due_on: date
    state: str = "later"
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the string; `beads` holds the marks of its places; `between` stands for rows left out."""

    label: str
    beads: tuple[str, ...] = ()
    between: str = ""


@dataclass(frozen=True, slots=True)
class String:
    rows: tuple[Row, ...]
    initials: tuple[str, ...] = ()
    is_weekly: bool = False


def bead_rows(payments: Iterable[Bead]) -> String:
    """Lay payments out on a string. Payments that come more often than monthly make rows of 13."""
    ordered = sorted(payments, key=lambda bead: bead.due_on)
    if not ordered:
        return String(rows=())
    if _is_dense(ordered):
        return String(rows=_shortened(_week_rows(ordered)), is_weekly=True)
    names = Locale.parse(current().babel).months["stand-alone"]["narrow"]
    return String(
        rows=_shortened(_year_rows(ordered)), initials=tuple(names[month] for month in range(1, 13))
    )


def _is_dense(ordered: Sequence[Bead]) -> bool:
    """Tell whether payments come every four weeks or more often: such a string has no months."""
    gaps = [(later.due_on - earlier.due_on).days for earlier, later in pairwise(ordered)]
    return bool(gaps) and sorted(gaps)[len(gaps) // 2] <= 28


def _year_rows(ordered: Sequence[Bead]) -> list[Row]:
    """Give each payment the place of its month; one that moved to the end of the month before keeps its own."""
    places: dict[int, str] = {}
    last = -1
    for at, bead in enumerate(ordered):
        last = max(last + 1, bead.due_on.year * 12 + bead.due_on.month - 1)
        places[last] = _mark(bead, at, len(ordered))
    years = range(min(places) // 12, max(places) // 12 + 1)
    return [
        Row(_year(year), tuple(places.get(year * 12 + month, "no") for month in range(12))) for year in years
    ]


def _week_rows(ordered: Sequence[Bead]) -> list[Row]:
    """Lay weekly and two-weekly payments out in rows of 13, about a quarter; a row names its year when it is new."""
    rows: list[Row] = []
    known_year = 0
    for start in range(0, len(ordered), 13):
        part = ordered[start : start + 13]
        marks = [_mark(bead, start + at, len(ordered)) for at, bead in enumerate(part)]
        year = part[0].due_on.year
        rows.append(Row(_year(year) if year != known_year else "", (*marks, *["no"] * (13 - len(part)))))
        known_year = year
    return rows


def _mark(bead: Bead, at: int, count: int) -> str:
    words = {"paid": ["on"], "next": ["now"]}.get(bead.state, [])
    if bead.is_low:
        words.append("lo")
    if count == 1:
        words.append("sole")
    elif at == 0:
        words.append("first")
    elif at == count - 1:
        words.append("end")
    return " ".join(words)


def _shortened(rows: list[Row]) -> tuple[Row, ...]:
    if len(rows) <= ROWS_MAX:
        return tuple(rows)
    left_out = len(rows) - _SHOWN_FIRST - 1
    words = ngettext("%(num)s more row", "%(num)s more rows", left_out)
    return (*rows[:_SHOWN_FIRST], Row("", between=words), rows[-1])


def _year(year: int) -> str:
    return str(year + _BUDDHIST_YEARS if current().tag == "th" else year)
