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
from portal.core.negotiation.sheet import Sheet, waiver_shares
from portal.core.negotiation.tables import EDGES, Table
from portal.core.plans.frame import Frame
from portal.core.plans.grammar import FAMILIES, WHOLE

np: Any = None
with suppress(ImportError):  # without it the plain path does the same
    import numpy as np

SINGLE = tuple(FAMILIES.index(name) for name in ("installment", "restructure"))
Array = Any
_WORST = 4  # the burden among the scores of `_sums`: of the first path alone, where nothing was reached yet


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
    fixed["pair_relief"] = np.array([relief for relief, _ in pairs], dtype=np.int64)
    fixed["pair_down"] = np.array([down for _, down in pairs], dtype=np.int64)
    fixed["reliefs"] = np.array([waiver_shares(terms) for terms in sheet.reliefs], dtype=np.int64).T
    fixed["waives"] = np.array([terms.waives for terms in sheet.reliefs], dtype=bool)
    fixed["alone"] = np.flatnonzero(fixed["family"] != FAMILIES.index("skills"))
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
        if not self.filled[steps].all():
            for step in np.unique(steps[~self.filled[steps]]):
                self.rows[:, step, :] = self.table.at(int(step))
                self.filled[step] = True
        return steps


@lru_cache(maxsize=32)
def _curves(table: Table) -> _Curves:
    return _Curves(table)


def _amounts(fixed: dict[str, Array], frame: Frame) -> dict[str, Array]:
    """Return after, down, payment, count and last of every row, as `outline` does for interest-free terms."""
    kept = frame.balance - _waived(fixed["reliefs"], frame)
    idle = (kept == frame.balance) & fixed["waives"]
    left, share = kept[fixed["pair_relief"]], fixed["pair_down"]
    downs = -(-left * share // (WHOLE * frame.down_lattice)) * frame.down_lattice
    after, down = left[fixed["pair"]], downs[fixed["pair"]]
    rest = after - down
    real = (rest >= 1) & ~idle[fixed["relief"]]
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


def _waived(reliefs: Array, frame: Frame) -> Array:
    """Return what each waiver takes off over all debts, as `frame.waived_of`."""
    g, balance = frame.lattice, frame.balance
    whole = balance - np.minimum(balance, -(-balance * (WHOLE - reliefs[0]) // (WHOLE * g)) * g)
    parts = zip(reliefs[1:], (frame.fees, frame.interest, frame.principal), strict=True)
    own = sum(np.where(bp == WHOLE, owed, owed * bp // (WHOLE * g) * g) for bp, owed in parts)
    return np.where(reliefs[0] > 0, whole, own)


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
    """Return the unrounded scores of level plans, in the same order of operations as `score.sums`.

    Three runs: the months without payment, where there are any; the level payments; the last one.
    """
    curves, down, rho = _curves(scale.table), amounts["down"], scale.recovery
    payment, count, last = amounts["payment"], amounts["count"], amounts["last"]
    base = np.where((down == 0) & (grace + count == 1), scale.at_hand, scale.affordable)
    value = down.astype(float)
    cash, hurt = value.copy(), value.copy()
    rest = ((count - 1) * payment + last).astype(float)
    alive, worst = np.ones(len(down)), np.zeros(len(down))
    flat, width = curves.rows.reshape(6, -1), scale.table.limit + 1
    idle = np.flatnonzero(grace)
    if idle.size:
        step = curves.steps(_burden(payment[idle], base[idle], scale)) * width
        s1, lost = flat[0].take(step + grace[idle]), flat[2].take(step + grace[idle])
        value[idle] += rho * (rest[idle] * lost)
        cash[idle] += rho * (rest[idle] * (1.0 - s1))
        alive[idle] = s1
    start = grace
    for number, amount in ((count - 1, payment), (1, last)):
        end = start + number
        burden = _burden(amount, base, scale)
        worst = np.maximum(worst, burden)
        step = curves.steps(burden) * width
        one, other = flat.take(step + start, axis=1), flat.take(step + end, axis=1)
        s0, s1 = one[0], other[0]
        _, paid, lost, lost_k, whole, drop_k = other - one
        weight = alive / s0
        ahead = rest + start * amount
        value += weight * (amount * paid + rho * (ahead * lost - amount * lost_k))
        cash += weight * (amount * whole + rho * (ahead * (s0 - s1) - amount * drop_k))
        value -= scale.cost * (curves.v_sum.take(end) - curves.v_sum.take(start))
        met = np.minimum(burden, BURDEN_MAX)
        hurt += amount * (1.0 + STRESS * met * met) * (curves.u_sum.take(end) - curves.u_sum.take(start))
        alive = np.where(end > start, weight * s1, alive)
        rest = rest - number * amount
        start = end
    return value, cash, hurt, alive, worst


def _burden(amount: Array, base: Array, scale: Scale) -> Array:
    """Return payment / what it is met from, a million where that is nothing, as `score.burden_of`."""
    burden = amount / np.maximum(base, 1)
    return burden if scale.affordable > 0 else np.where(base > 0, burden, 1e6)


def _valued(fixed: dict[str, Array], found: dict[str, Array], case: Case, scale: Scale) -> Sequence[Array]:
    """Return the unrounded scores of every row; those with a course are the mean over the milestone tree."""
    rows, alone = fixed["skills"], fixed["alone"]
    if not rows.size:
        return _sums(found, fixed["grace"], scale)
    paths = training_tree(case)
    payment = np.tile(found["payment"][rows], len(paths))
    rest = np.concatenate([found["after"][rows] - worth for _, worth in paths])
    count = -(-rest // payment)
    down = np.tile(found["down"][rows], len(paths))
    part = {"down": down, "payment": payment, "count": count, "last": rest - (count - 1) * payment}
    grace = np.concatenate([fixed["grace"][alone], np.tile(fixed["grace"][rows], len(paths))])
    both = {name: np.concatenate([found[name][alone], figures]) for name, figures in part.items()}
    return [
        _together(fixed, figures, [1.0] if place == _WORST else [chance for chance, _ in paths])
        for place, figures in enumerate(_sums(both, grace, scale))
    ]


def _together(fixed: dict[str, Array], figures: Array, chances: Sequence[float]) -> Array:
    """Lay scores back into the order of the rows, those of the milestone tree by their chances."""
    rows, alone = fixed["skills"], fixed["alone"]
    mixed = np.zeros(len(rows))
    for place, chance in enumerate(chances):
        first = len(alone) + place * len(rows)
        mixed = mixed + chance * figures[first : first + len(rows)]
    laid = np.empty(len(rows) + len(alone))
    laid[alone], laid[rows] = figures[: len(alone)], mixed
    return laid


def columns_of(sheet: Sheet, case: Case, frame: Frame, model: Model) -> dict[str, Array]:
    """Return the figures of `board.FIGURES` for every row, equal to `evaluate.figures_of` one by one."""
    fixed = _fixed(sheet)
    scale = scale_of(case, frame, sheet, model)
    found = _amounts(fixed, frame)
    grace = fixed["grace"]
    summed = _valued(fixed, found, case, scale)
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
