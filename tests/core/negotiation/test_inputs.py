from dataclasses import replace

import pytest

from portal.core.negotiation.answer import answer
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import PlanHistory
from portal.core.negotiation.inputs import inputs_of
from portal.core.negotiation.model import PRIOR
from portal.core.negotiation.policy import policy_set
from tests.core.negotiation.helpers import BOUNDS, random_facts, some_facts
from tests.core.negotiation.test_policy import no_worse


def test_inputs_are_read_from_the_history_and_the_rhythm():
    facts = some_facts(days_past_due=360, history=PlanHistory(kept=3, broken=1))
    found = inputs_of(open_case(facts=facts, bounds=BOUNDS), "weekly")
    assert (found.weekly, found.kept_share, found.broken_plans, found.dpd_band) == (1.0, 0.75, 1.0, 0.0)


def test_evidence_changes_no_input():
    cases = [open_case(facts=some_facts(evidence=e), bounds=BOUNDS) for e in ("budget_self", "adviser")]
    assert inputs_of(cases[0], "monthly") == inputs_of(cases[1], "monthly")


@pytest.mark.parametrize("seed", range(8))
def test_a_learned_model_only_ever_adds_offers(seed):
    facts = random_facts(seed, history=PlanHistory(kept=1, broken=2))
    case = open_case(facts=facts, bounds=BOUNDS)
    plain = policy_set(case, facts.freq, None, PRIOR)
    for changes in ({"h12": 0.6}, {"eps_within": 2.5}, {"h12": 0.1, "weights": (("broken_plans", 0.5),)}):
        learned = policy_set(case, facts.freq, None, replace(PRIOR, model_id="m1", **changes))
        assert set(plain.plans) <= set(learned.plans)
        for old in plain.entries(plain.open):
            assert any(no_worse(new, old) for new in learned.entries(learned.open))


def test_the_model_is_named_in_the_audit_and_nothing_else_of_it_is():
    facts = some_facts()
    learned = replace(PRIOR, model_id="lender 7 v2", weights=(("kept_share", -0.5),))
    audit = answer(facts=facts, bounds=BOUNDS, model=learned).audit
    assert audit.model == "lender 7 v2"
