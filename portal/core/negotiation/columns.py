"""The figures of all candidates at once, as columns: equal to `evaluate.figures_of` one by one."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from portal.core.calendar import from_monthly
from portal.core.negotiation.board import FIGURES
from portal.core.negotiation.context import Case
from portal.core.negotiation.evaluate import (
    BP_TO_MICRO,
    least_payment,
    scale_of,
)
from portal.core.negotiation.model import LIFT, WORTH, Model
from portal.core.negotiation.score import MICRO, Scale
from portal.core.negotiation.search import level_sums, np
from portal.core.negotiation.sheet import Sheet, waiver_shares
from portal.core.negotiation.specials import special_figures
from portal.core.negotiation.training import Path, reward_max, training_tree
from portal.core.plans.frame import Frame
from portal.core.plans.grammar import FAMILIES, WHOLE

SINGLE = tuple(FAMILIES.index(name) for name in ("installment", "restructure"))
Array = Any
INCOME = 2  # among `Sheet.kind`, also with a course
_WORST = 4  # the burden among the scores of a course: of the first path alone, where nothing was reached yet


class Reach(NamedTuple):
    """How much a case can pay each time and at first, in minor units."""

    pay: int
    down: int


@lru_cache(maxsize=128)
def _fixed(sheet: Sheet) -> dict[str, Array]:
    names = ("family", "inner", "count", "grace", "balloon", "relief", "shape", "kind")
    fixed: dict[str, Array] = {name: np.array(getattr(sheet, name), dtype=np.int64) for name in names}
    pairs = sorted({(r, d) for r, d in zip(sheet.relief, sheet.down, strict=True)})
    places = {pair: i for i, pair in enumerate(pairs)}
    fixed["pair"] = np.array([places[p] for p in zip(sheet.relief, sheet.down, strict=True)], dtype=np.int64)
    fixed["row"] = np.arange(len(sheet.terms))
    fixed["lone"] = np.zeros(len(sheet.terms), dtype=bool)
    fixed["lone"][list(sheet.special)] = True
    fixed["bounded"] = np.isin(fixed["inner"], SINGLE)
    fixed["pair_relief"] = np.array([relief for relief, _ in pairs], dtype=np.int64)
    fixed["pair_down"] = np.array([down for _, down in pairs], dtype=np.int64)
    fixed["reliefs"] = np.array([waiver_shares(terms) for terms in sheet.reliefs], dtype=np.int64).T
    fixed["waives"] = np.array([terms.waives for terms in sheet.reliefs], dtype=bool)
    return fixed | _places(fixed)


def _places(fixed: dict[str, Array]) -> dict[str, Array]:
    """Return where the rows are that need another step: worked out one by one, with a course and without, balloons."""
    course = fixed["family"] == FAMILIES.index("skills")
    return {
        "special": fixed["lone"].nonzero()[0],
        "skills": course.nonzero()[0],
        "alone": (~course).nonzero()[0],
        "heavy": fixed["balloon"].nonzero()[0],
    }


_BY_ROW = ("row", "lone", "bounded", "family", "inner", "count", "grace", "balloon", "shape", "kind")


@lru_cache(maxsize=128)
def _without_first_sum(sheet: Sheet) -> dict[str, Array]:
    """Return what is fixed of the rows that ask for no first sum."""
    fixed = _fixed(sheet)
    rows = (np.array(sheet.down) == 0).nonzero()[0]
    kept = {name: fixed[name].take(rows) for name in (*_BY_ROW, "pair", "relief")}
    return fixed | kept | _places(kept)


def _within(
    fixed: dict[str, Array], found: dict[str, Array], reach: Reach
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Keep the rows of shapes that reach so far down.

    What pays the rest in so many payments asks for at least the rest over their number; plans by income do not.
    """
    largest = np.where(fixed["lone"], 0, np.maximum(found["payment"], found["last"]))
    least = found["after"] - found["down"] <= reach.pay * fixed["count"]
    near = (largest <= reach.pay) & (least | (fixed["kind"] >= INCOME)) & (found["down"] <= reach.down)
    near |= (found["count"] == 1) & (found["down"] == 0)
    shapes = np.zeros(int(fixed["shape"].max()) + 1, dtype=bool)
    shapes[fixed["shape"][near]] = True
    rows = shapes[fixed["shape"]].nonzero()[0]
    kept = {name: fixed[name].take(rows) for name in _BY_ROW}
    return kept | _places(kept), {name: figures.take(rows) for name, figures in found.items()}


def _amounts(fixed: dict[str, Array], frame: Frame) -> dict[str, Array]:
    """Return after, down, payment, count and last of every row, as `outline` does for interest-free terms."""
    kept = frame.balance - _waived(fixed["reliefs"], frame)
    fees = frame.fees - _part(frame.fees, fixed["reliefs"][1], frame.lattice)
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
        "fees": fees[fixed["relief"]],
    }


def _part(owed: int, bp: Array, lattice: int) -> Array:
    """Return shares of one component: all of it, or rounded down to the lattice."""
    return np.where(bp == WHOLE, owed, owed * bp // (WHOLE * lattice) * lattice)


def _waived(reliefs: Array, frame: Frame) -> Array:
    """Return what each waiver takes off over all debts, as `frame.waived_of`."""
    g, balance = frame.lattice, frame.balance
    whole = balance - np.minimum(balance, -(-balance * (WHOLE - reliefs[0]) // (WHOLE * g)) * g)
    parts = zip(reliefs[1:], (frame.fees, frame.interest, frame.principal), strict=True)
    own = sum(_part(owed, bp, g) for bp, owed in parts)
    return np.where(reliefs[0] > 0, whole, own)


def _levels(rest: Array, count: Array, lattice: int, minimum: int) -> tuple[Array, Array, Array]:
    payment = -(-rest // (count * lattice)) * lattice
    needed = -(-rest // payment)
    last = rest - (needed - 1) * payment
    step = lattice
    while step > 1:
        open_ = ((last < minimum) & (last < payment)).nonzero()[0]
        if not open_.size:
            break
        step = step // 5 or 1
        part, n = rest[open_], count[open_]
        level = -(-part // (n * step)) * step
        few = -(-part // level)
        payment[open_], needed[open_], last[open_] = level, few, part - (few - 1) * level
    return payment, needed, last


def _valued(fixed: dict[str, Array], found: dict[str, Array], case: Case, scale: Scale) -> Sequence[Array]:
    """Return the unrounded scores of every row; those with a course are the mean over the milestone tree."""
    rows, alone = fixed["skills"], fixed["alone"]
    if not rows.size:
        return level_sums(found, fixed["grace"], scale)
    paths = training_tree(case.rules.families.skills)
    payment = np.concatenate([found["payment"][rows]] * len(paths))
    fees, keeps = found["fees"][rows], found["after"][rows]
    rest = np.concatenate([keeps - _worth(path, fees, keeps, case) for path in paths])
    count = -(-rest // payment)
    down = np.concatenate([found["down"][rows]] * len(paths))
    part = {"down": down, "payment": payment, "count": count, "last": rest - (count - 1) * payment}
    grace = np.concatenate([fixed["grace"][alone], *[fixed["grace"][rows]] * len(paths)])
    both = {name: np.concatenate([found[name][alone], figures]) for name, figures in part.items()}
    return [
        _together(fixed, figures, [1.0] if place == _WORST else [path.chance for path in paths])
        for place, figures in enumerate(level_sums(both, grace, scale))
    ]


def _worth(path: Path, fees: Array, keeps: Array, case: Case) -> Array:
    """Return what a path of the milestone tree takes off, as `Path.worth_in` does for interest-free plans."""
    flat = path.waived(case.balance)
    if any(path.fees):
        flat = flat + sum(fees * size // WHOLE for size in path.fees if size)
    return np.minimum(np.minimum(flat, reward_max(case)), keeps - 1)


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


def columns_of(
    sheet: Sheet, case: Case, frame: Frame, model: Model, *, reach: Reach | None = None
) -> dict[str, Array]:
    """Return the figures of `board.FIGURES` for every row, equal to `evaluate.figures_of` one by one.

    With `reach` only the rows of shapes of which at least one asks no more than that, or is one payment; `row` then
    says which they are. See `policy.near_set`.
    """
    fixed = _fixed(sheet) if reach is None or reach.down > 0 else _without_first_sum(sheet)
    scale = scale_of(case, frame, sheet, model)
    found = _amounts(fixed, frame)
    if reach is not None:
        fixed, found = _within(fixed, found, reach)
    grace = fixed["grace"]
    summed = _valued(fixed, found, case, scale)
    columns = {
        "after": found["after"],
        "down": found["down"],
        "payment": found["payment"],
        "largest": np.maximum(found["payment"], found["last"]),
        "last": found["last"],
        "total": found["after"].copy(),
        "periods": grace + found["count"],
        **_scores(summed, scale.balance),
    }
    columns["most"] = np.maximum(columns["largest"], columns["down"])
    columns["nash"] = _nash(columns, case)
    columns["fits"] = _fits(columns, case, frame).astype(np.int64)
    columns["sound"] = (found["real"] & _inside(columns, fixed, case, frame)).astype(np.int64)
    if not found["real"].all():
        real = found["real"].astype(np.int64)
        columns = {name: columns[name] * real for name in FIGURES}
    special = fixed["special"]
    if special.size:
        ones = np.array(special_figures(fixed["row"][special], sheet, case, frame, scale)).T
        for name, figures in zip(FIGURES, ones, strict=True):
            columns[name][special] = figures
    columns["cost"] = np.maximum(columns["after"], columns["total"])
    return columns | {n: fixed[n] for n in ("row", "family", "inner", "grace", "shape", "kind")}


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
