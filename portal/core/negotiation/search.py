"""The scores of level plans in numpy: the same numbers as `score.sums`, an order of magnitude faster.

The only module that may import numpy, and it is optional: without it `np` is None and `boards` takes the plain
path. Sums, products, quotients and square roots are exact in both, and everything else (survival, powers) comes
ready from the tables, so both paths agree bit by bit (a test compares them).
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from portal.core.negotiation.model import BURDEN_MAX, STRESS
from portal.core.negotiation.score import Scale
from portal.core.negotiation.tables import EDGES, Table

np: Any = None
with suppress(ImportError):  # without it the plain path does the same
    import numpy as np

Array = Any
_CELL = (
    44  # a burden's bits above here, its power of two and 256 parts of it, name a cell with one edge at most
)


class Steps:
    """The step of each burden, as `bisect_right(EDGES, burden)` finds it, looked up by its leading bits."""

    def __init__(self) -> None:
        """Count the edges below each cell between the first edge and the last."""
        edges = np.array(EDGES)
        self.first, last = (int(edge) for edge in edges[[0, -1]].view(np.int64) >> _CELL)
        cells = np.arange(self.first, last + 2, dtype=np.int64) << _CELL
        self.below = np.searchsorted(edges, cells.view(np.float64), side="right")
        self.below[0] = 0  # whatever is below the first edge ends here too
        self.edges = np.append(edges, np.inf)

    def of(self, burden: Array) -> Array:
        """Return the steps of burdens that are not negative."""
        cells = (burden.view(np.int64) >> _CELL) - self.first
        found = self.below.take(cells, mode="clip")
        found += burden >= self.edges.take(found)
        return found


class Curves:
    """The levels of a table as arrays, filled when a step is first met.

    `until` holds the sums up to so many periods, `one` what one more period adds behind so many (s before, s after,
    then the sums); both have a row at step * width + periods, because a row is fetched at once.
    """

    def __init__(self, table: Table) -> None:
        """Prepare empty levels."""
        self.table = table
        self.width = table.limit + 1
        self.filled = np.zeros(len(EDGES) + 1, dtype=bool)
        self.until = np.zeros(((len(EDGES) + 1) * self.width, 6))
        self.one = np.zeros(((len(EDGES) + 1) * self.width, 7))
        self.v_sum = np.array(table.v_sum)
        self.u_sum = np.array(table.u_sum)

    def at(self, burden: Array) -> Array:
        """Return where the level of each burden begins."""
        steps = _steps().of(burden)
        if not self.filled[steps].all():
            for step in np.unique(steps[~self.filled[steps]]):
                self._fill(int(step))
        return steps * self.width

    def _fill(self, step: int) -> None:
        rows = np.array(self.table.at(step)).T
        start, end = step * self.width, (step + 1) * self.width
        self.until[start:end] = rows
        self.one[start : end - 1, 0], self.one[start : end - 1, 1] = rows[:-1, 0], rows[1:, 0]
        self.one[start : end - 1, 2:] = rows[1:, 1:] - rows[:-1, 1:]
        self.filled[step] = True


@lru_cache(maxsize=1)
def _steps() -> Steps:
    return Steps()


@lru_cache(maxsize=32)
def _curves(table: Table) -> Curves:
    return Curves(table)


def level_sums(amounts: dict[str, Array], grace: Array, scale: Scale) -> tuple[Array, ...]:
    """Return the unrounded scores of level plans, in the same order of operations as `score.sums`.

    Three runs: the periods without payment, where there are any; the level payments; the last one. In the order of
    `score.Sums`: value, cash, hurt, kept, burden.
    """
    curves, down = _curves(scale.table), amounts["down"]
    payment, count, last = amounts["payment"], amounts["count"], amounts["last"]
    base = np.where((down == 0) & (grace + count == 1), scale.at_hand, scale.affordable)
    value, rest = down.astype(float), ((count - 1) * payment + last).astype(float)
    found = [value, value.copy(), value.copy(), np.ones(len(down))]
    first, final = _burden(payment, base, scale), _burden(last, base, scale)
    end = grace + count - 1
    run = curves.until.take(curves.at(first) + end, axis=0).T
    sums = _behind_a_pause(curves, found, run, (first, grace, rest), scale)
    _pay(curves, found, sums, (payment, rest, first, grace, end), scale)
    sums = curves.one.take(curves.at(final) + end, axis=0).T
    _pay(curves, found, sums, (last, rest - (count - 1) * payment, final, end, end + 1), scale)
    return (*found, np.maximum(first, final))


def run_sums(
    runs: Sequence[Sequence[tuple[int, int]]],
    downs: Sequence[int],
    wholes: Sequence[int],
    single: Sequence[bool],
    scale: Scale,
) -> tuple[Array, ...]:
    """Return the unrounded scores of plans of a few runs of (count, amount), in the order of `score.sums`.

    All have as many runs, empty ones at the end; no run is a pause. `wholes` is what is paid and what is left to a
    review, behind the first sum of `downs`; a `single` payment is met from what is at hand.
    """
    curves, many = _curves(scale.table), np.array(runs, dtype=np.int64)
    base = np.where(np.array(single), scale.at_hand, scale.affordable)
    value, rest = np.array(downs, dtype=float), np.array(wholes, dtype=float)
    found = [value, value.copy(), value.copy(), np.ones(len(value))]
    start, worst = np.zeros(len(value), dtype=np.int64), np.zeros(len(value))
    for place in range(many.shape[1]):
        count, amount = many[:, place, 0], many[:, place, 1]
        end, burden = start + count, _burden(amount, base, scale)
        level = curves.at(burden)
        first, last = curves.until.take(level + start, axis=0).T, curves.until.take(level + end, axis=0).T
        sums = (first[0], last[0], *(last[1:] - first[1:]))
        _pay(curves, found, sums, (amount, rest, burden, start, end), scale)
        worst = np.maximum(worst, np.where(count > 0, burden, 0.0))
        rest, start = rest - count * amount, end
    return (*found, worst)


def _behind_a_pause(
    curves: Curves, found: list[Array], run: Array, part: tuple[Array, ...], scale: Scale
) -> tuple[Array, ...]:
    """Count what a pause loses, at the risk of the payments behind it, and take it off their sums."""
    (burden, grace, rest), rho = part, scale.recovery
    before = np.ones(len(grace))
    idle = grace.nonzero()[0]
    if idle.size:
        value, cash, _, alive = found
        early = curves.until.take(curves.at(burden[idle]) + grace[idle], axis=0).T
        before[idle] = alive[idle] = early[0]
        value[idle] += rho * (rest[idle] * early[2])
        cash[idle] += rho * (rest[idle] * (1.0 - early[0]))
        run[1:, idle] -= early[1:]
    return (before, *run)


def _pay(
    curves: Curves, found: list[Array], sums: Sequence[Array], part: tuple[Array, ...], scale: Scale
) -> None:
    """Add a run of equal payments, from behind `start` periods to `end`, to what was found."""
    amount, rest, burden, start, end = part
    s0, s1, paid, lost, lost_k, whole, drop_k = sums
    value, cash, hurt, alive = found
    weight, rho = alive / s0, scale.recovery
    ahead = rest + start * amount
    value += weight * (amount * paid + rho * (ahead * lost - amount * lost_k))
    cash += weight * (amount * whole + rho * (ahead * (s0 - s1) - amount * drop_k))
    value -= scale.cost * (curves.v_sum.take(end) - curves.v_sum.take(start))
    met = np.minimum(burden, BURDEN_MAX)
    hurt += amount * (1.0 + STRESS * met * met) * (curves.u_sum.take(end) - curves.u_sum.take(start))
    found[3] = np.where(end > start, weight * s1, alive)


def _burden(amount: Array, base: Array, scale: Scale) -> Array:
    """Return payment / what it is met from, a million where that is nothing, as `score.burden_of`."""
    burden = amount / np.maximum(base, 1)
    return burden if scale.affordable > 0 else np.where(base > 0, burden, 1e6)
