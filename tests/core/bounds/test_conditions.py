import pytest

from portal.core.bounds.conditions import stage_of
from portal.core.bounds.schema import parse_bounds
from tests.core.bounds.documents import an_example

RULES = parse_bounds(an_example()).segments[0].policy.stage_by


@pytest.mark.parametrize(
    ("evidence", "days", "campaigns", "stage"),
    [
        ("none", 40, (), 0),
        ("budget_self", 40, (), 1),
        ("documents", 40, (), 2),
        ("adviser", 40, (), 2),
        ("none", 361, (), 2),
        ("none", 360, (), 0),
        ("none", 40, ("2026Q4",), 2),
        ("none", 40, ("2027Q1",), 0),
    ],
)
def test_stages_open_by_evidence_calendar_and_campaign(evidence, days, campaigns, stage):
    assert stage_of(RULES, evidence=evidence, days_past_due=days, campaigns=campaigns) == stage


def test_no_rules_mean_stage_nought():
    assert stage_of((), evidence="adviser", days_past_due=900, campaigns=()) == 0
