"""A plan with a training course: milestones that only ever lower what is owed.

With every milestone missed the debtor owes exactly the baseline schedule B0; the months without payment are
appended at its end without interest. A vested reward is kept; claw-back touches unvested parts only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from portal.core.calendar import add_months
from portal.core.errors import PlanError
from portal.core.plans.grammar import WHOLE, Milestone, Plan, Row

MILESTONES = ("enrolled", "attended", "certified", "placed", "retained_90d")
COURSE_MONTHS = 6  # where the course is not chosen yet
# Months after the first payment: parts of the course, plus so many.
_DUE = {"enrolled": (0, 2), "attended": (1, 0), "certified": (1, 1), "placed": (1, 4), "retained_90d": (1, 7)}
# Prior chances that a milestone is reached once the one before is (assumptions, learned per lender).
CHANCES = {"enrolled": 0.8, "attended": 0.7, "certified": 0.75, "placed": 0.5, "retained_90d": 0.7}


class Reward(NamedTuple):
    """What a verified milestone is worth.

    `reward` is `waive` (size: basis points of the balance), `fee_waiver` (of the fees), `rate_cut` (millionths a
    year) or `step_up` (basis points of the payment; worth nothing by itself, the debtor may decline).
    """

    milestone: str
    reward: str
    size: int


def milestones_of(
    plan: Plan, rewards: Sequence[Reward], *, total_max_bp: int, fees: int = 0, course_months: int = 0
) -> tuple[Milestone, ...]:
    """Return the milestones of a plan with what each is worth, in order, together at most the total reward.

    A plan always keeps at least one minor unit to pay. `fees` is what is still owed of fees.
    """
    start = plan.first_on
    if start is None:
        return ()
    left = min(plan.balance * total_max_bp // WHOLE, plan.amount - 1, plan.total - 1)
    found = []
    for one in sorted(rewards, key=lambda r: (MILESTONES.index(r.milestone), r.reward)):
        worth = min(left, worth_of(one, balance=plan.balance, fees=fees, plan=plan))
        if worth or one.reward == "step_up":
            part, extra = _DUE[one.milestone]
            due_by = add_months(start, part * (course_months or COURSE_MONTHS) + extra)
            found.append(_made(one, due_by, worth))
            left -= worth
    return tuple(found)


def course_months_of(plan: Plan) -> int:
    """Return the length of the course that a plan's steps were dated for, 0 where none of them tells it."""
    start = plan.first_on
    for one in plan.milestones:
        part, extra = _DUE[one.kind]
        if part and start is not None:
            months = (one.due_by.year - start.year) * 12 + one.due_by.month - start.month
            return months - extra
    return 0


def worth_of(one: Reward, *, balance: int, fees: int, plan: Plan | None = None) -> int:
    """Return what a reward takes off in minor units; a rate cut needs the plan whose interest it lowers."""
    if one.reward == "waive":
        return balance * one.size // WHOLE
    if one.reward == "fee_waiver":
        return fees * one.size // WHOLE
    if one.reward == "rate_cut" and plan is not None and plan.params.rate_ppm:
        return plan.interest * min(one.size, plan.params.rate_ppm) // plan.params.rate_ppm
    return 0


def _made(one: Reward, due_by: date, worth: int) -> Milestone:
    size = one.size // 100 if one.reward == "rate_cut" else one.size
    return Milestone(kind=one.milestone, due_by=due_by, reward=one.reward, worth=worth, share_bp=size)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What is owed after some milestones were verified: the schedule that is left, and what was taken off."""

    schedule: tuple[Row, ...]
    total: int
    worth: int


def after(plan: Plan, verified: frozenset[str]) -> Outcome:
    """Return what the debtor pays when exactly these milestones are verified; none gives the baseline B0.

    Rewards shorten the end of the schedule: the last payments fall away or shrink, none grows or moves.
    Raises `PlanError` for a milestone that the plan does not have.
    """
    known = {m.kind for m in plan.milestones}
    if not verified <= known:
        raise PlanError(f"the plan has no milestone {sorted(verified - known)}")
    worth = sum(m.worth for m in plan.milestones if m.kind in verified)
    rows = list(plan.schedule)
    left = worth
    while left and rows:
        last = rows.pop()
        taken = min(left, last.amount)
        left -= taken
        if taken < last.amount:
            rows.append(_shrunk(last, taken))
    return Outcome(schedule=tuple(rows), total=plan.total - worth + left, worth=worth - left)


def _shrunk(row: Row, taken: int) -> Row:
    split = []
    for ref, part in row.account_split:
        cut = min(part, taken) if len(row.account_split) == 1 else part * taken // row.amount
        split.append((ref, part - cut))
    short = row.amount - taken - sum(part for _, part in split)
    if split:
        split[0] = (split[0][0], split[0][1] + short)
    interest = min(row.interest, row.amount - taken)
    return Row(
        due_on=row.due_on,
        number=row.number,
        amount=row.amount - taken,
        principal=row.amount - taken - interest,
        interest=interest,
        account_split=tuple(split),
    )


def review_by(plan: Plan) -> tuple[tuple[str, date], ...]:
    """Return when each milestone is looked at: seven days after it is due."""
    return tuple((m.kind, m.due_by + timedelta(days=7)) for m in plan.milestones)
