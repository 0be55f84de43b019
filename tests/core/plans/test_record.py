import json

import pytest

from portal.core.errors import PlanError
from portal.core.plans.build import build
from portal.core.plans.grammar import Terms
from portal.core.plans.record import plan_from_dict, plan_to_dict
from tests.core.plans.frames import a_frame


def test_a_plan_reads_back_what_it_writes():
    for terms in (
        Terms(family="installment", count=9, down_bp=500),
        Terms(family="breathing_space", pause_days=30),
    ):
        plan = build(terms, a_frame())
        assert plan_from_dict(json.loads(json.dumps(plan_to_dict(plan)))) == plan


def test_a_forged_record_is_refused():
    record = plan_to_dict(build(Terms(family="installment", count=9), a_frame()))
    record["params"]["count"] = 99
    with pytest.raises(PlanError):
        plan_from_dict(record)
    with pytest.raises(PlanError):
        plan_from_dict({"id": "x"})
