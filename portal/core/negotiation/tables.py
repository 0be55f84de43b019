"""Prefix sums of discounted survival, one table per (model, cost of funds, rhythm): a case only scales them.

Scores are timed by the nominal year: payment k falls k periods after signing. So the day chosen inside the
allowed window changes neither a plan's value nor the policy set. The burden enters the hazard in steps of
1/64 octave (1.1 %): every plan with the same step shares its sums, and equal plans have equal scores bit by bit.
"""

from bisect import bisect_right
from functools import lru_cache
from math import exp, log2
from typing import NamedTuple

from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.negotiation.model import BURDEN_MAX, BURDEN_MIN, MONTHLY_DISCOUNT, Model

STEPS = 64
_LOW, _HIGH = round(STEPS * log2(BURDEN_MIN)), round(STEPS * log2(BURDEN_MAX))
EDGES = tuple(2.0 ** ((step + 0.5) / STEPS) for step in range(_LOW, _HIGH))
PERIODS_MAX = 2_100
BLOCK = 64  # tables are made for whole blocks of periods


class Level(NamedTuple):
    """Prefix sums over periods 0..n of one burden step, v = lender's discount, s = survival at this burden.

    `s` survival; `paid` sum of v*s; `lost` sum of v*(s before - s); `lost_k` the same times the payments before;
    `cash` sum of s; `drop_k` sum of (s before - s) times the payments before.
    """

    s: tuple[float, ...]
    paid: tuple[float, ...]
    lost: tuple[float, ...]
    lost_k: tuple[float, ...]
    cash: tuple[float, ...]
    drop_k: tuple[float, ...]


class Table:
    """Levels of one (model, kappa, rhythm, standard burden), made when first asked for."""

    def __init__(self, model: Model, kappa_ppm: int, freq: Frequency, standard_bp: int, limit: int) -> None:
        """Prepare the discounts; levels follow on demand."""
        self.limit = limit
        per_year = PERIODS_PER_YEAR[freq]
        lender = 1.0 / (1.0 + kappa_ppm / 1e6)
        self.v = [lender ** (k / per_year) for k in range(limit + 1)]
        self.v_sum = _running(self.v)
        months = 12 / per_year
        self.u_sum = _running([MONTHLY_DISCOUNT ** -(k * months) for k in range(limit + 1)])
        standard = max(standard_bp / 1e4, BURDEN_MIN)
        self._hazard = [model.yearly(2.0 ** (step / STEPS), standard) for step in range(_LOW, _HIGH + 1)]
        # A payment's own month starts the hazard: t - 1 is the payment before (ENGINE.md 2.3).
        self._clock = [model.clock(k / per_year) for k in range(limit + 1)]
        self._levels: dict[int, Level] = {}

    def level(self, burden: float) -> Level:
        """Return the sums for a burden (payment / affordable amount)."""
        return self.at(bisect_right(EDGES, burden))

    def at(self, step: int) -> Level:
        """Return the sums of a burden step, counted from the lowest."""
        found = self._levels.get(step)
        if found is None:
            found = self._levels[step] = self._make(self._hazard[step])
        return found

    def _make(self, hazard: float) -> Level:
        survival = [exp(-hazard * clock) for clock in self._clock]
        rows: list[list[float]] = [[0.0], [0.0], [0.0], [0.0], [0.0]]
        paid = lost = lost_k = cash = drop_k = 0.0
        for k in range(1, self.limit + 1):
            s, v = survival[k], self.v[k]
            drop = survival[k - 1] - s
            paid += v * s
            lost += v * drop
            lost_k += v * drop * (k - 1)
            cash += s
            drop_k += drop * (k - 1)
            for row, value in zip(rows, (paid, lost, lost_k, cash, drop_k), strict=True):
                row.append(value)
        return Level(tuple(survival), *(tuple(row) for row in rows))


def _running(values: list[float]) -> list[float]:
    total, sums = 0.0, [0.0]
    for value in values[1:]:
        total += value
        sums.append(total)
    return sums


@lru_cache(maxsize=64)
def table(*, model: Model, kappa_ppm: int, freq: Frequency, standard_bp: int, blocks: int) -> Table:
    """Return the table of these, for `blocks` blocks of periods; the same one for every case that shares them."""
    return Table(model, kappa_ppm, freq, standard_bp, min(PERIODS_MAX, blocks * BLOCK))
