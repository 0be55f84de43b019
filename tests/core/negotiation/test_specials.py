"""Rising payments, payments by income and those with a course: at once and one by one, figure for figure."""

import random

import pytest

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.evaluate import figures_of, scale_of
from portal.core.negotiation.model import PRIOR
from portal.core.negotiation.search import np
from portal.core.negotiation.specials import special_figures
from portal.core.negotiation.training import training_tree
from tests.core.negotiation.helpers import a_document, a_policy, random_facts

pytestmark = pytest.mark.skipif(np is None, reason="numpy is not installed")
MANY = {
    "skills": {"goes_with": ["installment", "restructure", "index"]},
    "restructure": {"rate_max": "0.09", "step": {"every_months": 6, "pct_max": "0.50", "count_max": 5}},
}


@pytest.mark.parametrize("seed", range(4))
def test_scores_at_once_are_those_of_one_by_one(seed):
    facts = random_facts(
        seed, evidence="adviser", surplus=random.Random(seed).choice([-500, 900, 4_000, 20_000])
    )
    policy = a_policy(facts, parse_bounds(a_document(families=MANY)))
    sheet, case, frame = policy.board.sheet, policy.case, policy.frame
    scale, tree = scale_of(case, frame, sheet, PRIOR), training_tree(case.rules.families.skills)
    rows = random.Random(seed).sample(sheet.special, 120)
    expected = [figures_of(sheet.terms[row], case, frame, scale, tree) for row in rows]
    assert special_figures(rows, sheet, case, frame, scale) == expected
    assert special_figures(rows[:3], sheet, case, frame, scale) == expected[:3]
    kinds = {(sheet.terms[row].family, sheet.terms[row].step_bp > 0) for row in rows}
    assert {("restructure", True), ("restructure", False)} <= kinds
