"""Every candidate of one case with its amounts and scores, and the few questions that are asked of them.

This is the reference in plain Python. `search` answers the same questions with numpy, number for number.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.negotiation.score import MICRO, Score
from portal.core.negotiation.sheet import Sheet
from portal.core.plans.grammar import FAMILIES, Terms

# Amounts, then scores (millionths), then flags; all whole numbers.
AMOUNTS = ("after", "down", "payment", "largest", "last", "total", "periods")
SCORES = ("value", "cash", "kept", "debtor", "burden")
FIGURES = (*AMOUNTS, *SCORES, "most", "nash", "fits", "sound")
Limits = Mapping[str, int]
Keys = Sequence[tuple[str, int]]
Rows = Sequence[int]
Bars = Sequence[tuple[Rows, int]]


class Gap(NamedTuple):
    """One said term: a plan misses it by max(0, sign * (figure - asked)) / max(asked, 1), times the weight."""

    column: str
    asked: int
    weight: int
    scale: int


class Entry(NamedTuple):
    """One candidate taken off the board."""

    row: int
    terms: Terms
    after: int
    down: int
    payment: int
    largest: int
    last: int
    total: int
    periods: int
    score: Score
    nash: int
    fits: bool

    @property
    def most(self) -> int:
        """The largest single sum: an installment or the down payment."""
        return max(self.largest, self.down)

    @property
    def cost(self) -> int:
        """All that the plan settles: what is paid, and what an indexed plan leaves to a review."""
        return max(self.total, self.after)

    @property
    def months(self) -> int:
        """The months a plan runs, a begun month counted as one."""
        return -(-self.periods * 12 // PERIODS_PER_YEAR[self.terms.freq])

    @property
    def is_single(self) -> bool:
        """Whether the plan is one payment."""
        return self.periods == 1 and not self.down


class Board(Protocol):
    """What the policy, the menu and the asks use of the candidates; rows are indexes in canonical order."""

    sheet: Sheet

    def sound(self) -> Rows:
        """Return the rows inside all hard bounds."""

    def among(self, rows: Rows, *, at_most: Limits = ..., at_least: Limits = ...) -> Rows:
        """Return those rows whose figures lie within the limits, in order."""

    def joined(self, rows: Rows, other: Rows) -> Rows:
        """Return the rows of both, in order."""

    def peak(self, rows: Rows, column: str) -> int:
        """Return the largest figure, 0 for no rows."""

    def first(self, rows: Rows, keys: Keys, limit: int = 1) -> list[int]:
        """Return the first rows by (column, sign) keys; ties by row."""

    def figures(self, column: str) -> list[int]:
        """Return one figure of every row."""

    def split(self, rows: Rows, bars: Bars) -> Rows:
        """Return those rows that take no more off than their shape's bars open; see `pareto`."""

    def front(self, rows: Rows) -> Rows:
        """Return those rows that none of them beats; see `pareto`."""

    def tightest(self, rows: Rows, terms: Sequence[Gap]) -> Rows:
        """Return the rows of the smallest summed shortfall."""

    def entry(self, row: int) -> Entry:
        """Return one row as an `Entry`."""

    def bitmap(self, rows: Rows) -> bytes:
        """Return the rows as packed bits, highest bit first."""


END_MAX = 4_096  # more than any plan has periods: total * END_MAX + periods ranks by total, then by end


class ListBoard:
    """The board in lists."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, Sequence[int]]) -> None:
        """Keep the sheet and the figures of `FIGURES`."""
        self.sheet = sheet
        self.columns = {**columns, "family": sheet.family, "inner": sheet.inner}
        self.columns["grace"] = sheet.grace
        self.columns["kind"] = sheet.kind
        self.columns["cost"] = tuple(map(max, self.columns["after"], self.columns["total"]))

    def sound(self) -> Rows:
        """Return the rows inside all hard bounds."""
        return [i for i, ok in enumerate(self.columns["sound"]) if ok]

    def among(self, rows: Rows, *, at_most: Limits = {}, at_least: Limits = {}) -> Rows:  # noqa: B006 -- never changed
        """Return those rows whose figures lie within the limits, in order."""
        found = rows
        for name, high in at_most.items():
            column = self.columns[name]
            found = [i for i in found if column[i] <= high]
        for name, low in at_least.items():
            column = self.columns[name]
            found = [i for i in found if column[i] >= low]
        return found

    def joined(self, rows: Rows, other: Rows) -> Rows:
        """Return the rows of both, in order."""
        return sorted({*rows, *other})

    def peak(self, rows: Rows, column: str) -> int:
        """Return the largest figure, 0 for no rows."""
        figures = self.columns[column]
        return max((figures[i] for i in rows), default=0)

    def first(self, rows: Rows, keys: Keys, limit: int = 1) -> list[int]:
        """Return the first rows by (column, sign) keys; ties by row."""
        columns = [(self.columns[name], sign) for name, sign in keys]

        def rank(row: int) -> tuple[int, ...]:
            return (*(sign * column[row] for column, sign in columns), row)

        return sorted(rows, key=rank)[:limit]

    def figures(self, column: str) -> list[int]:
        """Return one figure of every row."""
        return list(self.columns[column])

    def split(self, rows: Rows, bars: Bars) -> Rows:
        """Return those rows that take no more off than their shape's bars open."""
        nash, cost, shape = self.columns["nash"], self.columns["cost"], self.sheet.shape
        least: dict[int, int] = {}
        for known, share in bars:
            peaks: dict[int, int] = {}
            for i in known:
                peaks[shape[i]] = max(peaks.get(shape[i], 0), nash[i])
            for i in known:
                if nash[i] * 10_000 >= share * peaks[shape[i]]:
                    least[shape[i]] = min(least.get(shape[i], cost[i]), cost[i])
        return [i for i in rows if shape[i] in least and cost[i] >= least[shape[i]]]

    def front(self, rows: Rows) -> Rows:
        """Return those rows that none of them beats: along rising payments, the cheapest so far for its first sum."""
        largest, down, cost = self.columns["largest"], self.columns["down"], self.columns["cost"]
        periods, kind = self.columns["periods"], self.columns["kind"]
        kept: list[int] = []
        seen: dict[int, list[tuple[int, int]]] = {}
        for i in sorted(rows, key=lambda i: (largest[i], cost[i], periods[i], down[i], i)):
            rank, others = cost[i] * END_MAX + periods[i], seen.setdefault(kind[i], [])
            if not any(first <= down[i] and other <= rank for first, other in others):
                others.append((down[i], rank))
                kept.append(i)
        return sorted(kept)

    def gaps(self, rows: Rows, terms: Sequence[Gap]) -> list[int]:
        """Return the summed weighted shortfall of each row."""
        sums = [0] * len(rows)
        for gap in terms:
            column = self.columns[gap.column]
            for place, i in enumerate(rows):
                missed = max(0, column[i] - gap.asked)
                sums[place] += gap.weight * (missed * MICRO // gap.scale)
        return sums

    def tightest(self, rows: Rows, terms: Sequence[Gap]) -> Rows:
        """Return the rows of the smallest summed shortfall."""
        sums = self.gaps(rows, terms)
        least = min(sums, default=0)
        return [row for row, one in zip(rows, sums, strict=True) if one == least]

    def entry(self, row: int) -> Entry:
        """Return one row as an `Entry`."""
        return make_entry(self.sheet, row, [int(self.columns[name][row]) for name in FIGURES])

    def bitmap(self, rows: Rows) -> bytes:
        """Return the rows as packed bits, highest bit first."""
        bits = bytearray(-(-len(self.sheet.terms) // 8))
        for i in rows:
            bits[i >> 3] |= 128 >> (i & 7)
        return bytes(bits)


def make_entry(sheet: Sheet, row: int, figures: Sequence[int]) -> Entry:
    """Return an entry from the figures of `FIGURES`."""
    named = dict(zip(FIGURES, figures, strict=True))
    return Entry(
        row=row,
        terms=sheet.terms[row],
        **{name: named[name] for name in AMOUNTS},
        score=Score(*(named[name] for name in SCORES)),
        nash=named["nash"],
        fits=bool(named["fits"]),
    )


def family_code(family: str) -> int:
    """Return the number that stands for a family in the columns."""
    return FAMILIES.index(family)
