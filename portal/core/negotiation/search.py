"""The figures of all candidates at once, in numpy: the same numbers, an order of magnitude faster.

The only module that may import numpy, and it is optional: without it `np` is None and `boards` takes the plain
path. Sums, products, quotients and square roots are exact in both, and everything else (survival, powers) comes
ready from the tables, so both paths agree bit by bit (a test compares them).
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from portal.core.calendar import from_monthly
from portal.core.negotiation.board import FIGURES
from portal.core.negotiation.context import Case
from portal.core.negotiation.evaluate import (
    BP_TO_MICRO,
    least_payment,
    scale_of,
    special_figures,
    training_tree,
)
from portal.core.negotiation.model import BURDEN_MAX, LIFT, STRESS, WORTH, Model
from portal.core.negotiation.score import MICRO, Scale
from portal.core.negotiation.sheet import Sheet
from portal.core.negotiation.tables import EDGES, Table
from portal.core.plans.frame import Frame, ceil_share, waived_of
from portal.core.plans.grammar import FAMILIES, WHOLE

np: Any = None
with suppress(ImportError):  # without it the plain path does the same
    import numpy as np

SINGLE = tuple(FAMILIES.index(name) for name in ("installment", "restructure"))
Array = Any


@lru_cache(maxsize=128)
def _fixed(sheet: Sheet) -> dict[str, Array]:
    names = ("family", "inner", "count", "grace", "balloon", "relief", "shape", "kind")
    fixed: dict[str, Array] = {name: np.array(getattr(sheet, name), dtype=np.int64) for name in names}
    pairs = sorted({(r, d) for r, d in zip(sheet.relief, sheet.down, strict=True)})
    places = {pair: i for i, pair in enumerate(pairs)}
    fixed["pair"] = np.array([places[p] for p in zip(sheet.relief, sheet.down, strict=True)], dtype=np.int64)
    fixed["special"] = np.array(sheet.special, dtype=np.int64)
    fixed["skills"] = np.flatnonzero(fixed["family"] == FAMILIES.index("skills"))
    fixed["heavy"] = np.flatnonzero(fixed["balloon"])
    fixed["bounded"] = np.isin(fixed["inner"], SINGLE)
    fixed["pairs"] = pairs
    return fixed


class _Curves:
    """The levels of a table as arrays, filled when a step is first met."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.filled = np.zeros(len(EDGES) + 1, dtype=bool)
        self.rows = np.zeros((6, len(EDGES) + 1, table.limit + 1))
        self.v_sum = np.array(table.v_sum)
        self.u_sum = np.array(table.u_sum)
        self.edges = np.array(EDGES)

    def steps(self, burden: Array) -> Array:
        steps = np.searchsorted(self.edges, burden, side="right")
        for step in np.flatnonzero((np.bincount(steps, minlength=len(self.filled)) > 0) & ~self.filled):
            self.rows[:, step, :] = self.table.at(int(step))
            self.filled[step] = True
        return steps


@lru_cache(maxsize=32)
def _curves(table: Table) -> _Curves:
    return _Curves(table)


def _amounts(fixed: dict[str, Array], sheet: Sheet, frame: Frame) -> dict[str, Array]:
    """Return after, down, payment, count and last of every row, as `outline` does for interest-free terms."""
    kept = [frame.balance - waived_of(terms, frame).total for terms in sheet.reliefs]
    idle = [kept[i] == frame.balance and terms.waives for i, terms in enumerate(sheet.reliefs)]
    pairs = fixed["pairs"]
    after = np.array([kept[r] for r, _ in pairs], dtype=np.int64)[fixed["pair"]]
    downs = [ceil_share(kept[r], d, frame.down_lattice) if d else 0 for r, d in pairs]
    down = np.array(downs, dtype=np.int64)[fixed["pair"]]
    rest = after - down
    real = (rest >= 1) & ~np.array(idle, dtype=bool)[fixed["relief"]]
    rest = np.where(real, rest, 1)
    payment, needed, last = _levels(rest, fixed["count"], frame.lattice, frame.installment_min)
    rows = fixed["heavy"]
    if rows.size:
        count, whole = fixed["count"][rows], rest[rows]
        body = whole - whole * fixed["balloon"][rows] // WHOLE
        payment[rows] = -(-body // (count * frame.lattice)) * frame.lattice
        needed[rows], last[rows] = count, whole - (count - 1) * payment[rows]
        real[rows] &= last[rows] >= payment[rows]
    payment = np.where(needed > 1, payment, last)
    return {
        "after": after,
        "down": down,
        "payment": payment,
        "count": needed,
        "last": last,
        "real": real,
    }


def _levels(rest: Array, count: Array, lattice: int, minimum: int) -> tuple[Array, Array, Array]:
    payment = -(-rest // (count * lattice)) * lattice
    needed = -(-rest // payment)
    last = rest - (needed - 1) * payment
    step = lattice
    while step > 1:
        open_ = np.flatnonzero((last < minimum) & (last < payment))
        if not open_.size:
            break
        step = step // 5 or 1
        part, n = rest[open_], count[open_]
        level = -(-part // (n * step)) * step
        few = -(-part // level)
        payment[open_], needed[open_], last[open_] = level, few, part - (few - 1) * level
    return payment, needed, last


def _sums(amounts: dict[str, Array], grace: Array, scale: Scale) -> tuple[Array, ...]:
    """Return the unrounded scores of level plans, in the same order of operations as `score.sums`."""
    curves = _curves(scale.table)
    down, payment, count, last = (amounts[n] for n in ("down", "payment", "count", "last"))
    single = (down == 0) & (grace + count == 1)
    base = np.where(single, scale.at_hand, scale.affordable)
    value = down.astype(float)
    cash, hurt = value.copy(), value.copy()
    rest = ((count - 1) * payment + last).astype(float)
    alive, worst = np.ones(len(down)), np.zeros(len(down))
    start = np.zeros(len(down), dtype=np.int64)
    nothing = np.zeros(len(down), dtype=np.int64)
    runs = ((grace, nothing), (count - 1, payment), (np.ones_like(count), last))
    for number, amount in runs if grace.any() else runs[1:]:
        end = start + number
        shown = np.where(amount > 0, amount, payment)
        burden = shown / np.maximum(base, 1) if scale.affordable > 0 else _over(shown, base)
        there = number > 0
        worst = np.where(there, np.maximum(worst, burden), worst)
        flat = curves.steps(burden) * (scale.table.limit + 1)
        one, other = flat + start, flat + end
        s0, s1 = curves.rows[0].take(one), curves.rows[0].take(other)
        gain = [row.take(other) - row.take(one) for row in curves.rows[1:].reshape(5, -1)]
        paid, lost, lost_k, whole, drop_k = gain
        weight = alive / s0
        ahead = rest + start * amount
        value = value + weight * (amount * paid + scale.recovery * (ahead * lost - amount * lost_k))
        cash = cash + weight * (amount * whole + scale.recovery * (ahead * (s0 - s1) - amount * drop_k))
        paying = amount > 0
        value = value - np.where(
            paying, scale.cost * (curves.v_sum.take(end) - curves.v_sum.take(start)), 0.0
        )
        met = np.minimum(burden, BURDEN_MAX)
        pain = amount * (1.0 + STRESS * met * met) * (curves.u_sum.take(end) - curves.u_sum.take(start))
        hurt = hurt + pain
        alive = np.where(there, weight * s1, alive)
        rest = rest - number * amount
        start = end
    return value, cash, hurt, alive, worst


def _over(shown: Array, base: Array) -> Array:
    return np.where(base > 0, shown / np.maximum(base, 1), 1e6)


def columns_of(sheet: Sheet, case: Case, frame: Frame, model: Model) -> dict[str, Array]:
    """Return the figures of `board.FIGURES` for every row, equal to `evaluate.figures_of` one by one."""
    fixed = _fixed(sheet)
    scale = scale_of(case, frame, sheet, model)
    found = _amounts(fixed, sheet, frame)
    grace = fixed["grace"]
    summed = list(_sums(found, grace, scale))
    _train(summed, fixed, found, case, scale)
    columns = {
        "after": found["after"],
        "down": found["down"],
        "payment": found["payment"],
        "largest": np.maximum(found["payment"], found["last"]),
        "last": found["last"],
        "total": found["after"],
        "periods": grace + found["count"],
        **_scores(summed, scale.balance),
    }
    columns["most"] = np.maximum(columns["largest"], columns["down"])
    columns["nash"] = _nash(columns, case)
    columns["fits"] = _fits(columns, case, frame).astype(np.int64)
    columns["sound"] = (found["real"] & _inside(columns, fixed, case, frame)).astype(np.int64)
    real = found["real"].astype(np.int64)
    stacked = np.stack([columns[name] for name in FIGURES]) * real
    if len(sheet.special):
        stacked[:, fixed["special"]] = np.array(special_figures(sheet.special, sheet, case, frame, scale)).T
    figures = dict(zip(FIGURES, stacked, strict=True))
    return {
        **figures,
        "cost": np.maximum(figures["after"], figures["total"]),
        **{n: fixed[n] for n in ("family", "inner", "grace", "shape", "kind")},
    }


def _train(
    summed: list[Array], fixed: dict[str, Array], found: dict[str, Array], case: Case, scale: Scale
) -> None:
    """Replace the scores of plans with training by the mean over the milestone tree."""
    rows = fixed["skills"]
    if not rows.size:
        return
    paths = training_tree(case)
    payment, grace = found["payment"][rows], fixed["grace"][rows]
    payment, grace = np.tile(payment, len(paths)), np.tile(grace, len(paths))
    down = np.tile(found["down"][rows], len(paths))
    rest = np.concatenate([found["after"][rows] - worth for _, worth in paths])
    count = -(-rest // payment)
    part = {"down": down, "payment": payment, "count": count, "last": rest - (count - 1) * payment}
    for place, figures in enumerate(_sums(part, grace, scale)[:4]):
        mixed = np.zeros(len(rows))
        for (chance, _), one in zip(paths, figures.reshape(len(paths), -1), strict=True):
            mixed = mixed + chance * one
        summed[place][rows] = mixed


def _scores(summed: Sequence[Array], balance: int) -> dict[str, Array]:
    value, cash, hurt, kept, worst = summed
    return {
        "value": np.rint(value / balance * MICRO).astype(np.int64),
        "cash": np.rint(cash / balance * MICRO).astype(np.int64),
        "kept": np.rint(kept * MICRO).astype(np.int64),
        "debtor": np.rint((1.0 - hurt / (WORTH * balance)) * MICRO).astype(np.int64),
        "burden": np.rint(np.minimum(worst, 1000.0) * MICRO).astype(np.int64),
    }


def _nash(columns: dict[str, Array], case: Case) -> Array:
    value = case.rules.value
    lender = np.maximum(0, columns["value"] - value.no_plan_value * BP_TO_MICRO) / MICRO
    debtor = np.maximum(0.0, columns["debtor"] / MICRO + LIFT)
    if value.alpha == 5000:
        return np.rint(np.sqrt(lender * debtor) * MICRO).astype(np.int64)
    a = value.alpha / 1e4
    pairs = zip(lender.tolist(), debtor.tolist(), strict=True)
    return np.array([round(float(x**a) * float(y ** (1 - a)) * MICRO) for x, y in pairs], dtype=np.int64)


def _fits(columns: dict[str, Array], case: Case, frame: Frame) -> Array:
    theta = case.rules.policy.theta_max
    single = (columns["periods"] == 1) & (columns["down"] == 0)
    at_once = columns["largest"] <= max(case.cash, frame.affordable * theta // 10_000)
    level = (columns["down"] <= case.cash) & (columns["largest"] * 10_000 <= theta * frame.affordable)
    return np.where(single, at_once, level)


def _inside(columns: dict[str, Array], fixed: dict[str, Array], case: Case, frame: Frame) -> Array:
    payment, inner = columns["payment"], fixed["inner"]
    least = np.ones(len(payment), dtype=np.int64)
    for code in SINGLE:
        least = np.where(inner == code, least_payment(case, frame, FAMILIES[code]), least)
    ends_well = columns["last"] >= np.minimum(least, columns["largest"])
    good: Array = ~fixed["bounded"] | ((payment >= least) & ends_well)
    most = from_monthly(case.rules.families.installment.installment_max, frame.freq)
    return good & (~fixed["bounded"] | (payment <= most)) if most else good
