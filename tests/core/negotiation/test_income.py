from dataclasses import replace

import pytest

from portal.core.negotiation.context import open_case
from portal.core.negotiation.income import by_income
from portal.core.negotiation.policy import key_of
from tests.core.negotiation.helpers import BOUNDS, some_facts


@pytest.mark.parametrize(
    ("evidence", "is_open"), [("budget_self", False), ("documents", False), ("adviser", True)]
)
def test_a_plan_by_income_needs_its_evidence(evidence, is_open):
    case = open_case(facts=replace(some_facts(), evidence=evidence), bounds=BOUNDS)
    listed = list(by_income(key_of(case, "monthly")))
    assert bool(listed) == is_open
    assert sum(terms.token for terms in listed) == is_open
    most = BOUNDS.segments[0].families.index.theta_max
    assert all(0 <= terms.theta_bp <= most for terms in listed)
