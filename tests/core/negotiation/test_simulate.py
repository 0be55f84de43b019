import itertools
from dataclasses import replace

import pytest

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.simulate import Dial, Options, Refusal, dial, frontier, simulate
from portal.core.plans.grammar import Plan
from tests.core.negotiation.helpers import BOUNDS, TODAY, a_document, random_facts, some_facts

KINDS = ("", "installment", "restructure", "skills")


@pytest.mark.parametrize("family", KINDS)
@pytest.mark.parametrize("surplus", [12_000, None])
def test_every_kind_has_a_dial_that_starts_at_the_lowest_payment(family, surplus):
    facts = some_facts(surplus=surplus)
    found = dial(facts=facts, bounds=BOUNDS, family=family)
    assert isinstance(found, Dial)
    assert found.start == found.lowest < found.highest
    assert found.step == 500
    for payment in range(found.lowest, found.highest + 1, found.step * 3):
        plan = simulate(facts=facts, bounds=BOUNDS, family=family, payment_minor=payment)
        assert isinstance(plan, Plan)
        assert max(row.amount for row in plan.schedule) <= payment


def test_a_payment_below_the_lowest_gives_the_nearest_plan_and_the_reason():
    found = simulate(facts=some_facts(), bounds=BOUNDS, family="", payment_minor=1_000)
    assert isinstance(found, Refusal)
    assert [one.code for one in found.codes][:1] == ["INSTALLMENT_MIN"]
    assert found.nearest.payment == dial(facts=some_facts(), bounds=BOUNDS, family="").lowest


def test_where_another_kind_costs_less_it_says_so():
    found = simulate(facts=random_facts(7), bounds=BOUNDS, family="parts")
    assert [one.code for one in found.codes] == ["OTHER_KIND"]
    assert dial(facts=random_facts(7), bounds=BOUNDS, family="parts") is None


def test_who_keeps_the_terms_has_a_dial_also_where_new_ones_cost_less():
    kept = simulate(facts=some_facts(), bounds=BOUNDS, family="installment")
    other = simulate(facts=some_facts(), bounds=BOUNDS, family="", payment_minor=kept.payment)
    assert (kept.family, kept.waived.total) == ("installment", 0)
    assert other.total < kept.total


def test_where_only_a_first_sum_is_missing_nothing_is_said_of_other_kinds():
    found = simulate(facts=random_facts(2), bounds=BOUNDS, family="installment")
    assert found.codes
    assert "OTHER_KIND" not in [one.code for one in found.codes]


@pytest.mark.parametrize(("surplus", "said"), [(None, False), (1_000, True)])
def test_the_budget_is_a_reason_only_where_one_was_given(surplus, said):
    found = simulate(
        facts=some_facts(surplus=surplus),
        bounds=BOUNDS,
        family="restructure",
        options=Options(grace_months=12),
    )
    assert isinstance(found, Refusal)
    assert ("NOTHING_LEFT" in [one.code for one in found.codes]) == said


def test_the_frontier_falls_or_ends_earlier_as_the_payment_rises():
    points = frontier(facts=some_facts(), bounds=BOUNDS, family="restructure")
    assert len(points) > 5
    for before, after in itertools.pairwise(points):
        assert after.payment > before.payment
        assert after.total <= before.total
        assert after.months <= before.months


def test_training_shows_its_milestones_and_the_plan_without_them():
    plan = simulate(facts=some_facts(), bounds=BOUNDS, family="skills", payment_minor=8_000)
    assert sum(row.amount for row in plan.schedule) == plan.total == 300_000
    assert [m.kind for m in plan.milestones if m.worth] == ["certified", "placed", "retained_90d"]
    assert sum(m.worth for m in plan.milestones) == 45_000
    paused = simulate(
        facts=some_facts(),
        bounds=BOUNDS,
        family="skills",
        payment_minor=8_000,
        options=Options(grace_months=3),
    )
    assert paused.params.grace_months == 3
    assert paused.total == plan.total


def test_a_pause_a_rhythm_and_a_first_sum_can_be_tried():
    pause = simulate(
        facts=some_facts(), bounds=BOUNDS, family="breathing_space", options=Options(pause_days=60)
    )
    assert pause.params.pause_days == 60
    weekly = simulate(facts=some_facts(), bounds=BOUNDS, family="restructure", freq="weekly")
    assert weekly.params.freq == "weekly"
    with_cash = simulate(
        facts=some_facts(),
        bounds=BOUNDS,
        family="",
        payment_minor=8_000,
        options=Options(down_minor=60_000),
    )
    assert 0 < with_cash.down_payment <= 60_000


def test_what_the_gate_closes_cannot_be_simulated():
    held = replace(some_facts(), flags=("in_breathing_space",))
    assert isinstance(simulate(facts=held, bounds=BOUNDS, family="installment"), Refusal)
    assert dial(facts=held, bounds=BOUNDS, family="installment") is None
    assert frontier(facts=held, bounds=BOUNDS, family="installment") == ()
    late = simulate(
        facts=some_facts(), bounds=BOUNDS, family="restructure", first_on=TODAY.replace(year=2027)
    )
    assert [one.code for one in late.codes] == ["DATE_LATE"]


def test_a_kind_without_a_plan_shows_the_nearest_of_another():
    document = a_document(families={"index": {"on": False}})
    said = simulate(facts=some_facts(), bounds=parse_bounds(document), family="index", payment_minor=8_000)
    assert isinstance(said, Refusal)
    assert [code.code for code in said.codes] == ["FAMILY"]
    other = simulate(facts=some_facts(), bounds=parse_bounds(document), family="", payment_minor=8_000)
    assert (said.nearest, said.instead) == (None, other)
    poor = some_facts(surplus=100, cash=0)
    assert simulate(facts=poor, bounds=parse_bounds(document), family="index").instead is None
