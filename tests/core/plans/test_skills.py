"""I12: training only ever lowers what is owed, on all 2^5 paths."""

from itertools import combinations

import pytest

from portal.core.errors import PlanError
from portal.core.plans.build import build
from portal.core.plans.grammar import Terms
from portal.core.plans.skills import MILESTONES, Reward, after, milestones_of, review_by
from tests.core.plans.frames import a_frame

REWARDS = [
    Reward("enrolled", "waive", 200),
    Reward("attended", "fee_waiver", 10_000),
    Reward("certified", "waive", 500),
    Reward("placed", "waive", 500),
    Reward("placed", "step_up", 2_500),
    Reward("retained_90d", "waive", 500),
]


def a_plan(**terms):
    values = {"family": "skills", "inner": "installment", "count": 40, **terms}
    plan = build(Terms(**values), a_frame(295_000, fees=5_000))
    made = milestones_of(plan, REWARDS, total_max_bp=2000, fees=5_000, course_months=4)
    return build(Terms(**values), a_frame(295_000, fees=5_000), milestones=made)


PATHS = [frozenset(path) for size in range(6) for path in combinations(MILESTONES, size)]


@pytest.mark.parametrize("terms", [{}, {"grace_months": 3, "grace_kind": "full_frozen"}])
def test_no_path_costs_more_than_the_baseline(terms):
    plan = a_plan(**terms)
    base = [(row.due_on, row.amount) for row in plan.schedule]
    assert after(plan, frozenset()).schedule == plan.schedule
    assert len(PATHS) == 32
    for path in PATHS:
        outcome = after(plan, path)
        worth = sum(m.worth for m in plan.milestones if m.kind in path)
        assert outcome.worth == worth
        assert outcome.total == plan.total - worth == sum(row.amount for row in outcome.schedule)
        for row, (due_on, amount) in zip(outcome.schedule, base, strict=False):
            assert row.due_on == due_on
            assert 0 < row.amount <= amount
            assert sum(part for _, part in row.account_split) == row.amount


def test_more_milestones_never_cost_more():
    plan = a_plan()
    for path in PATHS:
        for more in MILESTONES:
            assert after(plan, path | {more}).total <= after(plan, path).total


def test_the_total_reward_is_capped_and_a_moratorium_is_free():
    plan = a_plan()
    assert sum(m.worth for m in plan.milestones) == 5_000 + 6_000 + 45_000
    capped = milestones_of(plan, REWARDS, total_max_bp=300, fees=5_000)
    assert sum(m.worth for m in capped) == 9_000
    assert a_plan(grace_months=3, grace_kind="full_frozen").total == plan.total
    assert [m.due_by for m in plan.milestones] == sorted(m.due_by for m in plan.milestones)
    assert all(day > m.due_by for m, (_, day) in zip(plan.milestones, review_by(plan), strict=True))


def test_an_unknown_milestone_is_refused():
    with pytest.raises(PlanError):
        after(build(Terms(family="installment", count=3), a_frame()), frozenset({"enrolled"}))
