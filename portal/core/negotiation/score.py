"""What a plan is worth to the lender and to the debtor: shares of the balance, in whole millionths.

All figures here are server-side only; none may reach a debtor, a counselor, a log or an event.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.core.negotiation.model import BURDEN_MAX, STRESS, WORTH
from portal.core.negotiation.tables import EDGES, Table
from portal.core.plans.outline import Outline

MICRO = 1_000_000


class Score(NamedTuple):
    """Millionths of the balance: lender's value L, expected cash, debtor's utility; kept share C; burden_max.

    `burden` is the largest payment over what is affordable (of cash, too, for a single payment), in millionths.
    """

    value: int
    cash: int
    kept: int
    debtor: int
    burden: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """What scores of a case are measured with.

    `affordable` is a in minor units per period (0 or less: nothing is), `at_hand` the larger of a and the cash in
    hand, which a single payment is met from; `cost` per payment in minor units; `recovery` rho.
    """

    balance: int
    affordable: int
    at_hand: int
    cost: float
    recovery: float
    table: Table


def burden_of(amount: int, affordable: int) -> float:
    """Return payment / affordable amount, a million where nothing is affordable."""
    return amount / affordable if affordable > 0 else 1e6


class Sums(NamedTuple):
    """Scores before rounding: L, expected cash and the debtor's cost in minor units, the kept share, the burden."""

    value: float
    cash: float
    hurt: float
    kept: float
    burden: float


def sums(shape: Outline, scale: Scale) -> Sums:
    """Return the unrounded scores of an outline; they run over its runs, not over its payments (ENGINE.md 2.3)."""
    single = not shape.down and shape.periods == 1
    base = scale.at_hand if single else scale.affordable
    start, rest, alive = 0, float(shape.total + shape.residual - shape.down), 1.0
    value = cash = hurt = float(shape.down)
    table, recovery = scale.table, scale.recovery
    worst = 0.0
    for count, amount in shape.runs:
        if not count:
            continue
        end = start + count
        # A pause carries the risk of the payments behind it, so it never looks safer than paying.
        burden = burden_of(amount or shape.payment, base)
        worst = max(worst, burden)
        s, paid, lost, lost_k, whole, drop_k = table.at(bisect_right(EDGES, burden))
        weight = alive / s[start]
        ahead = rest + start * amount
        value += weight * (
            amount * (paid[end] - paid[start])
            + recovery * (ahead * (lost[end] - lost[start]) - amount * (lost_k[end] - lost_k[start]))
        )
        cash += weight * (
            amount * (whole[end] - whole[start])
            + recovery * (ahead * (s[start] - s[end]) - amount * (drop_k[end] - drop_k[start]))
        )
        if amount:
            value -= scale.cost * (table.v_sum[end] - table.v_sum[start])
            met = min(burden, BURDEN_MAX)
            hurt += amount * (1.0 + STRESS * met * met) * (table.u_sum[end] - table.u_sum[start])
        alive = weight * s[end]
        rest -= count * amount
        start = end
    return Sums(value, cash, hurt, alive, worst)


def rounded(found: Sums, balance: int) -> Score:
    """Return scores as whole millionths of the balance."""
    return Score(
        round(found.value / balance * MICRO),
        round(found.cash / balance * MICRO),
        round(found.kept * MICRO),
        round((1.0 - found.hurt / (WORTH * balance)) * MICRO),
        round(min(found.burden, 1000.0) * MICRO),
    )


def score(shape: Outline, scale: Scale) -> Score:
    """Return the scores of an outline."""
    return rounded(sums(shape, scale), scale.balance)


def training_score(paths: Sequence[tuple[float, Outline]], scale: Scale) -> Score:
    """Return the scores of a plan with training: its outlines by path of the milestone tree, by their chances.

    The first path is the baseline, every milestone missed; its burden counts.
    """
    value = cash = hurt = kept = 0.0
    for chance, shape in paths:
        found = sums(shape, scale)
        value += chance * found.value
        cash += chance * found.cash
        hurt += chance * found.hurt
        kept += chance * found.kept
    worst = sums(paths[0][1], scale).burden
    return rounded(Sums(value, cash, hurt, kept, worst), scale.balance)
