"""Which board a case gets, and the board over numpy columns; see `board.Board` for what each question means."""

from collections.abc import Sequence
from typing import Any

from portal.core.negotiation.board import (
    END_MAX,
    FIGURES,
    Bars,
    Board,
    Entry,
    Gap,
    Keys,
    Limits,
    make_entry,
)
from portal.core.negotiation.columns import Reach, columns_of
from portal.core.negotiation.context import Case
from portal.core.negotiation.evaluate import list_board
from portal.core.negotiation.model import Model
from portal.core.negotiation.score import MICRO
from portal.core.negotiation.search import np
from portal.core.negotiation.sheet import Sheet
from portal.core.plans.frame import Frame

EXACT_MAX = 10**12  # above this a product could leave 64 bits: the plain path takes over
NEVER = 2**62
Array = Any


def board_of(
    sheet: Sheet, case: Case, frame: Frame, model: Model, *, plain: bool = False, reach: Reach | None = None
) -> Board:
    """Return the board of a case: in numpy where it is installed and the figures are small enough, else plain.

    With `reach` a board in numpy holds no more than `columns_of` keeps; the rows of entries are those of the sheet.
    """
    if np is None or plain or not sheet.terms or max(frame.balance, frame.affordable, case.cash) > EXACT_MAX:
        return list_board(sheet, case, frame, model)
    return ArrayBoard(sheet, columns_of(sheet, case, frame, model, reach=reach))


def _before(ranks: Array) -> Array:
    """Return the smallest rank before each place."""
    before = np.full_like(ranks, NEVER)
    before[..., 1:] = np.minimum.accumulate(ranks, axis=-1)[..., :-1]
    return before


class ArrayBoard:
    """The board in arrays; see `board.Board` for what each question means."""

    def __init__(self, sheet: Sheet, columns: dict[str, Array]) -> None:
        """Keep the sheet and the figures."""
        self.sheet = sheet
        self.columns = columns

    def sound(self) -> Array:
        """Return the rows inside all hard bounds."""
        return self.columns["sound"].nonzero()[0]

    def among(self, rows: Array, *, at_most: Limits = {}, at_least: Limits = {}) -> Array:  # noqa: B006 -- never changed
        """Return those rows whose figures lie within the limits, in order."""
        for name, high in at_most.items():
            rows = rows[self.columns[name][rows] <= high]
        for name, low in at_least.items():
            rows = rows[self.columns[name][rows] >= low]
        return rows

    def joined(self, rows: Array, other: Array) -> Array:
        """Return the rows of both, in order."""
        mask = np.zeros(len(self.columns["row"]), dtype=bool)
        mask[rows] = True
        mask[other] = True
        return mask.nonzero()[0]

    def peak(self, rows: Array, column: str) -> int:
        """Return the largest figure, 0 for no rows."""
        return int(self.columns[column][rows].max()) if len(rows) else 0

    def first(self, rows: Array, keys: Keys, limit: int = 1) -> list[int]:
        """Return the first rows by (column, sign) keys; ties by row."""
        if limit == 1:
            return self._least(rows, keys)
        columns = [sign * self.columns[name][rows] for name, sign in keys]
        ranked = np.lexsort(tuple(reversed(columns)))
        return [int(row) for row in rows[ranked[:limit]]]

    def _least(self, rows: Array, keys: Keys) -> list[int]:
        for name, sign in keys:
            if len(rows) < 2:
                break
            figures = sign * self.columns[name][rows]
            rows = rows[figures == figures.min()]
        return [int(row) for row in rows[:1]]

    def figures(self, column: str) -> list[int]:
        """Return one figure of every row."""
        found: list[int] = self.columns[column].tolist()
        return found

    def split(self, rows: Array, bars: Bars) -> Array:
        """Return those rows that take no more off than their shape's bars open."""
        nash, cost, shape = self.columns["nash"], self.columns["cost"], self.columns["shape"]
        least = np.full(int(shape.max()) + 1, EXACT_MAX * 100, dtype=np.int64)
        for known, share in bars:
            own, won = shape[known], nash[known]
            peaks = np.zeros(len(least), dtype=np.int64)
            np.maximum.at(peaks, own, won)
            good = won * 10_000 >= share * peaks[own]
            np.minimum.at(least, own[good], cost[known][good])
        return rows[cost[rows] >= least[shape[rows]]]

    def front(self, rows: Array) -> Array:
        """Return those rows that none of them beats: along rising payments, the cheapest so far for its first sum."""
        columns, kind = self.columns, self.columns["kind"][rows]
        kept = [self._front(rows[kind == one], columns) for one in np.bincount(kind).nonzero()[0]]
        return np.sort(np.concatenate(kept)) if kept else rows

    @staticmethod
    def _front(rows: Array, columns: dict[str, Array]) -> Array:
        cost, periods, down = columns["cost"][rows], columns["periods"][rows], columns["down"][rows]
        order = np.lexsort((down, periods, cost, columns["largest"][rows]))
        rows, down, rank = rows[order], down[order], (cost * END_MAX + periods)[order]
        free = _before(np.where(down == 0, rank, NEVER)) > rank
        later = (free & (down > 0)).nonzero()[0]
        if later.size:
            down, rank = down[later], rank[later]
            sizes, place = np.unique(down, return_inverse=True)
            steps = np.where(down <= sizes[:, None], rank, NEVER)
            free[later] = _before(steps)[place, np.arange(later.size)] > rank
        return rows[free]

    def gaps(self, rows: Array, terms: Sequence[Gap]) -> Array:
        """Return the summed weighted shortfall of each row."""
        total = np.zeros(len(rows), dtype=np.int64)
        for gap in terms:
            missed = np.maximum(0, self.columns[gap.column][rows] - gap.asked)
            total = total + gap.weight * (missed * MICRO // gap.scale)
        return total

    def tightest(self, rows: Array, terms: Sequence[Gap]) -> Array:
        """Return the rows of the smallest summed shortfall."""
        total = self.gaps(rows, terms)
        return rows[total == total.min()] if len(rows) else rows

    def entry(self, row: int) -> Entry:
        """Return one row as an `Entry`."""
        figures = [int(self.columns[name][row]) for name in FIGURES]
        return make_entry(self.sheet, int(self.columns["row"][row]), figures)

    def bitmap(self, rows: Array) -> bytes:
        """Return the rows as packed bits, highest bit first."""
        mask = np.zeros(len(self.sheet.terms), dtype=bool)
        mask[rows] = True
        return bytes(np.packbits(mask))
