"""The milestone tree and what it takes off, against every path walked by hand and schedules shortened row by row."""

import itertools
import random
from dataclasses import replace
from math import isclose, prod

import pytest

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import answer
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.facts import facts_to_dict
from portal.core.negotiation.model import PRIOR
from portal.core.negotiation.offers import plan_of
from portal.core.negotiation.policy import policy_set
from portal.core.negotiation.training import lessened, training_tree
from portal.core.plans.frame import waived_of
from portal.core.plans.grammar import Terms
from portal.core.plans.outline import outline
from portal.core.plans.record import plan_to_dict
from portal.core.plans.skills import CHANCES, MILESTONES, after
from tests.core.negotiation.helpers import a_document, a_policy, random_facts, some_facts
from tests.core.negotiation.oracle import wrong

POLICY = a_policy(some_facts())
ALL = {"goes_with": ["installment", "restructure", "index"]}
RICH = {
    **ALL,
    "rewards": {
        "enrolled": {"rate_cut": "0.02", "fee_waiver": "0.5"},
        "certified": {"waive": "0.05", "fee_waiver": "0.5"},
        "placed": {"waive": "0.05", "rate_cut": "0.01"},
    },
}


def a_case(seed, *, skills, restructure=None):
    groups = {"skills": skills, **({"restructure": restructure} if restructure else {})}
    document = a_document(families=groups)
    facts = random_facts(seed, evidence="adviser", surplus=9_000)
    return document, facts, a_policy(facts, parse_bounds(document))


def test_the_tree_has_all_the_chances_and_never_takes_all():
    tree = training_tree(POLICY.case.rules.families.skills)
    assert isclose(sum(path.chance for path in tree), 1.0)
    terms = Terms(family="skills", inner="installment", count=30)
    shape = outline(terms, POLICY.frame)
    assert [path.worth_in(shape, terms, 0, POLICY.case) for path in tree] == [0, 0, 0, 15_000, 30_000, 45_000]
    for reached, path in enumerate(tree):
        ends = 1 - CHANCES[MILESTONES[reached]] if reached < len(MILESTONES) else 1
        assert isclose(path.chance, prod(CHANCES[name] for name in MILESTONES[:reached]) * ends)


@pytest.mark.parametrize("seed", range(2))
def test_a_shortened_outline_equals_rows_taken_from_the_end_one_by_one(seed):
    draw = random.Random(seed)
    _, _, policy = a_case(seed, skills=ALL)
    courses = [terms for terms in policy.board.sheet.terms if terms.family == "skills"]
    for terms in draw.sample(courses, 60):
        shape = outline(terms, policy.frame)
        if shape is None:
            continue
        worth = draw.randrange(shape.total)
        rows = [amount for count, amount in shape.runs for _ in range(count)]
        left = worth
        while left:
            taken = min(left, rows[-1])
            left -= taken
            rows[-1] -= taken
            rows = rows if rows[-1] or not taken else rows[:-1]
            if rows[-1] == 0 and left:
                rows.pop()
        less = lessened(shape, worth)
        assert [amount for count, amount in less.runs for _ in range(count)] == rows
        assert (less.total, less.periods, less.last) == (sum(rows), len(rows), rows[-1])
        assert less.runs[-1][0] == 1


@pytest.mark.parametrize("seed", range(2))
def test_what_the_tree_values_is_what_the_plan_promises(seed):
    """The same rewards in minor units, whatever the course goes with: waivers, fees that are left, cuts of interest."""
    rates = {"rate_min": "0.03", "rate_max": "0.09"} if seed % 2 else None
    _, _, policy = a_case(seed, skills=RICH, restructure=rates)
    draw, tree = random.Random(seed), training_tree(policy.case.rules.families.skills)
    courses = [terms for terms in policy.board.sheet.terms if terms.family == "skills"]
    assert {terms.inner for terms in courses} == {"installment", "restructure", "index"}
    for terms in draw.sample(courses, 30):
        shape, plan = outline(terms, policy.frame), plan_of(terms, policy.case, policy.frame)
        if plan is None:
            continue
        fees = policy.frame.fees - waived_of(terms, policy.frame).fees
        for reached, path in enumerate(tree):
            kinds = set(MILESTONES[:reached])
            promised = sum(one.worth for one in plan.milestones if one.kind in kinds)
            assert path.worth_in(shape, terms, fees, policy.case) == promised, (terms, reached)


@pytest.mark.parametrize("seed", range(2))
def test_with_every_milestone_missed_the_plan_is_the_one_without_a_course(seed):
    """I12 on every composition: 2^5 sets of milestones, the total falls by what they are worth and never below one."""
    _, _, policy = a_case(seed, skills=RICH)
    courses = [terms for terms in policy.board.sheet.terms if terms.family == "skills"]
    for terms in random.Random(seed).sample(courses, 12):
        plan = plan_of(terms, policy.case, policy.frame)
        if plan is None:
            continue
        alone = plan_of(replace(terms, family=terms.inner, inner="", course=""), policy.case, policy.frame)
        assert (plan.schedule, plan.total, plan.waived) == (alone.schedule, alone.total, alone.waived)
        kinds = sorted({one.kind for one in plan.milestones})
        for size in range(len(kinds) + 1):
            for verified in itertools.combinations(kinds, size):
                found = after(plan, frozenset(verified))
                worth = sum(one.worth for one in plan.milestones if one.kind in verified)
                assert found.total == plan.total - worth >= 1
                kept = {row.due_on: row.amount for row in plan.schedule}
                assert all(row.amount <= kept[row.due_on] for row in found.schedule)


@pytest.mark.parametrize("seed", range(2))
def test_offers_with_a_course_pass_the_judge_and_both_paths_agree(seed):
    document, facts, policy = a_case(seed, skills=RICH)
    for ask in (None, Ask(family="skills"), Ask(family="skills", pay_minor=9_000)):
        for offer in answer(facts=facts, bounds=parse_bounds(document), ask=ask).offers:
            assert wrong(document, facts_to_dict(facts), plan_to_dict(offer.plan)) == []
    plain = policy_set(policy.case, facts.freq, None, PRIOR, plain=True)
    for name in ("value", "cash", "kept", "debtor", "burden", "nash", "total", "sound", "fits"):
        assert list(plain.board.columns[name]) == policy.board.columns[name].tolist(), name


def test_who_wants_a_course_and_has_little_is_shown_one_that_follows_income():
    document = a_document(families={"skills": {"goes_with": ["index"]}})
    facts = some_facts(evidence="adviser", surplus=6_000, cash=0, wants_training=True)
    offers = answer(facts=facts, bounds=parse_bounds(document)).offers
    course = [offer for offer in offers if offer.label == "training"]
    assert [offer.plan.params.inner for offer in course] == ["index"]
    assert course[0].plan.milestones
