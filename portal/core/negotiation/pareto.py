"""The one set that everything is drawn from: menu, dial, comparison, answers to asks, proposals, previews.

Three steps, all of them functions of facts, bounds and stage. *Opened*: of plans that differ in nothing but what is
taken off (or the rate), those that split fairly enough what both sides gain (`policy.split_q`); whoever pays less
each time has no deeper cut than that split gives. *Payable*: what the whole budget could pay. *Front*: a plan is
beaten by one that asks no more each time and no more at first, and costs less in all; or the same in all, and is done
no later. Ending sooner at a higher total beats nothing: a debtor may always pay faster, without a fee.
"""

from collections.abc import Sequence
from datetime import date

from portal.core.negotiation.board import Board, Entry, Keys, Rows, family_code
from portal.core.negotiation.context import Case
from portal.core.plans.frame import Frame
from portal.core.plans.grammar import Plan

UP: Keys = (("largest", 1), ("cost", 1), ("periods", 1))
LEVEL = ("installment", "restructure")  # regular payments towards the debt alone
PLAIN, COURSE, INCOME = (
    0,
    1,
    2,
)  # 3 is a course with payments by income: the kinds of `Sheet.kind`; plans are compared inside their kind


def opened(case: Case, board: Board, stages: Sequence[Rows]) -> Rows:
    """Return the rows of the last stage that the splits of this stage and all before it open, so that stages nest."""
    shares, last = case.rules.policy.split_q, case.stages - 1
    bars = [
        (rows, shares[-1] if stage >= last else shares[min(stage, len(shares) - 1)])
        for stage, rows in enumerate(stages)
    ]
    return board.split(stages[-1], bars)


def allowed(case: Case, frame: Frame, board: Board, rows: Rows) -> Rows:
    """Drop plans whose payments exceed the whole budget; paying everything at once is always open."""
    if not case.has_budget:
        return rows
    most = frame.affordable
    level = board.among(rows, at_most={"largest": most})
    single = board.among(rows, at_most={"periods": 1, "down": 0, "largest": max(most, case.cash)})
    full = family_code("full")
    whole = board.among(rows, at_most={"family": full}, at_least={"family": full})
    return board.joined(board.joined(level, single), whole)


def level_rows(board: Board, rows: Rows) -> Rows:
    """Return the regular payments towards the debt alone, whatever their family."""
    plain = board.among(rows, at_most={"kind": PLAIN})
    low, high = sorted(map(family_code, LEVEL))
    own = board.among(plain, at_most={"inner": low}, at_least={"inner": low})
    return board.joined(own, board.among(plain, at_most={"inner": high}, at_least={"inner": high}))


def unbeaten(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """Return those of some finished plans that none of them beats, in their order; of equal ones the first.

    Plans are compared with their like: the same rhythm, the same pause at the start, both or neither with a course.
    """
    return tuple(
        plan
        for at, plan in enumerate(plans)
        if not any(
            _beats(other, plan, is_earlier=place < at) for place, other in enumerate(plans) if place != at
        )
    )


def _beats(one: Plan, other: Plan, *, is_earlier: bool) -> bool:
    if _like(one) != _like(other):
        return False
    mine, theirs = _counted(one), _counted(other)
    no_more = mine[0] <= theirs[0] and mine[1] <= theirs[1]
    return no_more and (mine[2:] < theirs[2:] or (mine[2:] == theirs[2:] and (mine != theirs or is_earlier)))


def _like(plan: Plan) -> tuple[object, ...]:
    kind = COURSE * (plan.family == "skills") + INCOME * (plan.params.shape == "index")
    return kind, plan.params.freq, plan.params.grace_months


def _counted(plan: Plan) -> tuple[int, int, int, date]:
    """Return what a debtor counts: the largest payment, the first sum, all that is settled, the last day."""
    largest = max((row.amount for row in plan.schedule if row.number), default=plan.total)
    return largest, plan.down_payment, plan.total + plan.residual, plan.last_on or date.max


def ladder(board: Board, rows: Rows) -> list[Entry]:
    """Return the rungs of a dial over rows of the front, from the lowest payment up.

    With every rung the payment rises, the total never does, and the end never comes later. A plan whose last payment is
    a large one is no rung: what it asks each time is not what it asks at its end.
    """
    rungs: list[Entry] = []
    for row in board.first(rows, UP, len(rows)):
        entry = board.entry(row)
        if entry.terms.balloon_bp:
            continue
        last = rungs[-1] if rungs else None
        if last is None or (
            entry.largest > last.largest and entry.cost <= last.cost and entry.periods <= last.periods
        ):
            rungs.append(entry)
    return rungs
