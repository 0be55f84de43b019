"""What a course is worth before it begins: the milestones as a tree of chances, and a plan lessened by their rewards.

A plan with a course is valued over the tree, every path by its chance (ENGINE.md 2.2); the first path is the plan with
every milestone missed. What the debtor is promised is made by `plans.skills.milestones_of` from the same rewards.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from portal.core.bounds.families import Skills
from portal.core.negotiation.context import Case
from portal.core.plans.grammar import WHOLE, Terms
from portal.core.plans.outline import Outline
from portal.core.plans.skills import CHANCES, MILESTONES


@dataclass(frozen=True, slots=True)
class Path:
    """Milestones reached one after the other, then no more: the chance of it, and the rewards up to there.

    `waives` and `fees` are shares of the balance and of the fees (basis points), `cuts` rate cuts (millionths a year).
    """

    chance: float
    waives: tuple[int, ...] = ()
    fees: tuple[int, ...] = ()
    cuts: tuple[int, ...] = ()

    def waived(self, balance: int) -> int:
        """Return what is taken off the balance, each reward rounded down."""
        return sum(balance * size // WHOLE for size in self.waives)

    def worth_in(self, shape: Outline, terms: Terms, fees: int, case: Case) -> int:
        """Return what the path takes off a plan that owes so much of fees; one minor unit is always left to pay."""
        rate, interest = terms.rate_ppm, shape.total - shape.after
        cuts = sum(interest * min(size, rate) // rate for size in self.cuts) if rate else 0
        whole = self.waived(case.balance) + cuts + sum(fees * size // WHOLE for size in self.fees)
        return min(reward_max(case), shape.after - 1, shape.total - 1, whole)


Tree = tuple[Path, ...]


def reward_max(case: Case) -> int:
    """Return the most that all rewards together may take off, in minor units."""
    return case.balance * case.rules.families.skills.total_reward_max // WHOLE


@lru_cache(maxsize=64)
def training_tree(rules: Skills) -> Tree:
    """Return the paths of the milestone tree, the baseline first."""
    sizes = {one.milestone: one for one in rules.rewards}
    paths, here = [], Path(1.0)
    for kind in MILESTONES:
        paths.append(replace(here, chance=here.chance * (1.0 - CHANCES[kind])))
        here = replace(here, chance=here.chance * CHANCES[kind])
        if (one := sizes.get(kind)) is not None:
            here = replace(
                here,
                waives=(*here.waives, one.waive),
                fees=(*here.fees, one.fee_waiver),
                cuts=(*here.cuts, one.rate_cut),
            )
    return (*paths, here)


def lessened(shape: Outline, worth: int) -> Outline:
    """Return the outline with a reward taken off its end: the last payments fall away or shrink, none grows."""
    runs, left = list(shape.runs), worth
    while left:
        count, amount = runs.pop()
        gone = min(count, left // amount) if amount else count
        left -= gone * amount
        if gone < count:
            runs += [(count - gone - 1, amount)] if count - gone > 1 else []
            runs.append((1, amount - left))
            left = 0
    count, amount = runs[-1]
    if count > 1:
        runs[-1:] = [(count - 1, amount), (1, amount)]
    last, total = runs[-1][1], shape.total - worth
    largest = max(amount for number, amount in runs if number)
    body = runs[-2] if len(runs) > 1 and all(runs[-2]) else runs[-1]
    periods = sum(number for number, _ in runs)
    return Outline(total, shape.down, tuple(runs), total, body[1], largest, last, periods, shape.residual)
