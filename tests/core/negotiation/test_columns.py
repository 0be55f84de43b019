"""The columns of all candidates against figures made one by one, and the steps of burdens against bisection."""

import random
from bisect import bisect_right
from math import nextafter

import pytest

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import answer, handoff_cause
from portal.core.negotiation.columns import INCOME
from portal.core.negotiation.menu import pick
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.policy import near_set, policy_set
from portal.core.negotiation.search import Steps, np
from portal.core.negotiation.tables import EDGES
from tests.core.negotiation.helpers import BOUNDS, a_document, a_policy, random_facts

pytestmark = pytest.mark.skipif(np is None, reason="numpy is not installed")


def test_steps_are_those_of_bisection():
    draw = random.Random(4)
    near = [nextafter(edge, edge + way) for edge in EDGES for way in (-1, 0, 1)]
    others = [0.0, 1e-300, 1e6, 2e9, *(10 ** draw.uniform(-6, 7) for _ in range(5_000))]
    burdens = [*near, *EDGES, *others]
    assert Steps().of(np.array(burdens)).tolist() == [bisect_right(EDGES, one) for one in burdens]


RATES = {"installment": {"rate": ["0.00", "0.12"], "method": ["level", "flat"], "n_max": 18}}
LEARNED = Model(model_id="learned", weights=(("broken_plans", 0.2),))


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("model", [PRIOR, LEARNED], ids=["prior", "learned"])
def test_what_nobody_could_pay_is_left_out_without_changing_a_menu(seed, model):
    document = a_document(families=RATES) if seed % 4 == 0 else None
    bounds = parse_bounds(document) if document else BOUNDS
    facts = random_facts(seed)
    case = a_policy(facts, bounds).case
    whole, near = policy_set(case, facts.freq, None, model), near_set(case, model)
    assert pick(near) == pick(whole)
    assert len(near.board.columns["row"]) <= len(whole.board.columns["row"])
    said = answer(facts=facts, bounds=bounds, model=model)
    assert handoff_cause(facts=facts, bounds=bounds, model=model) == said.handoff_cause


def test_plans_by_income_are_the_kind_that_is_kept():
    facts = random_facts(3, evidence="adviser")
    sheet = a_policy(facts).board.sheet
    assert {t.shape for t, kind in zip(sheet.terms, sheet.kind, strict=True) if kind == INCOME} == {"index"}


def test_kept_rows_have_the_figures_of_all():
    case = a_policy(random_facts(3)).case
    whole, near = a_policy(random_facts(3)), near_set(case, PRIOR)
    rows = near.board.columns["row"]
    assert 100 < len(rows) < len(whole.board.sheet.terms)
    for name in ("value", "cash", "kept", "debtor", "nash", "largest", "total", "sound", "fits", "kind"):
        assert near.board.columns[name].tolist() == whole.board.columns[name][rows].tolist()
