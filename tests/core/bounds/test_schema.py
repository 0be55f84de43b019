import pytest

from portal.core.bounds.schema import BoundsError, parse_bounds
from tests.core.bounds.documents import an_example, segment_of


def problems_of(document):
    with pytest.raises(BoundsError) as caught:
        parse_bounds(document)
    return {problem.path: problem for problem in caught.value.problems}


def test_the_example_is_read_with_every_figure():
    segment = parse_bounds(an_example()).segments[0]
    assert segment.families.restructure.waive_principal_max == 2500
    assert segment.families.skills.rewards[2].step_up_max == 2500
    assert segment.families.lump.waiver_ladder[2].max == 5500
    assert segment.value.kappa == 100_000
    assert segment.policy.band_q == (9700, 8000, 0)
    assert segment.authority.agent.npv_floor == 2200
    assert segment.breaks.auto_replan.same_value_shift == 2
    assert segment.handoff.sla_hours == 48


def test_equal_documents_make_equal_values_with_equal_hashes():
    assert hash(parse_bounds(an_example())) == hash(parse_bounds(an_example()))


@pytest.mark.parametrize(
    ("where", "key", "value", "path"),
    [
        ("families.installment", "n_max", 0, "families.installment.n_max"),
        ("families.installment", "n_max", "60", "families.installment.n_max"),
        ("families.installment", "n_maximum", 60, "families.installment.n_maximum"),
        ("families.lump", "waiver_ladder", [{"dpd": 9, "max": "1.5"}], "families.lump.waiver_ladder[0].max"),
        ("families.parts", "k", [6, 2], "families.parts.k"),
        ("families.skills", "rewards", {"born": {"waive": "0.1"}}, "families.skills.rewards.born.milestone"),
        ("families.index", "on", "yes", "families.index.on"),
        ("common", "freq", ["daily"], "common.freq"),
        ("value", "npv_floor", "0.12345", "value.npv_floor"),
        ("policy", "band_q", ["0.5", "0.9", "0"], "policy.band_q"),
        ("policy", "stage_by", [{"stage": 1}], "policy.stage_by"),
        ("policy", "stage_by", [{"stage": 0, "if": {"refusals": 3}}], "policy.stage_by[0].if.refusals"),
        ("policy", "stage_by", [{"stage": 0, "if": {"evidence": "mood"}}], "policy.stage_by[0].if.evidence"),
        ("when", "gender", "f", "when.gender"),
        ("handoff", "sla_hours", True, "handoff.sla_hours"),
        ("families.installment", "method", ["compound"], "families.installment.method"),
        ("families.restructure", "method", "flat", "families.restructure.method"),
        ("families.restructure.grace", "kinds", ["free"], "families.restructure.grace.kinds"),
        ("common", "day_count", "actual/361", "common.day_count"),
        ("common", "business_day", "never", "common.business_day"),
        ("common", "due_on", {"daily": []}, "common.due_on.daily"),
        ("common", "due_on", {"monthly": ["2027-02-30"]}, "common.due_on.monthly"),
        ("common", "due_on", {"monthly": ["2027-02-26", "2027-01-29"]}, "common.due_on.monthly"),
        ("common", "due_on", {"weekly": ["2027-02-26", "2027-02-26"]}, "common.due_on.weekly"),
    ],
)
def test_a_mistake_names_its_path_and_the_fix(where, key, value, path):
    document = an_example()
    target = segment_of(document)
    for step in where.split("."):
        target = target[step]
    target[key] = value
    found = problems_of(document)
    assert f"$.segments[0].{path}" in found
    assert all(problem.fix and problem.message for problem in found.values())


def test_all_mistakes_are_told_at_once():
    document = an_example()
    document["currency"] = "XXX"
    document["colour"] = "blue"
    segment_of(document)["families"]["installment"]["n_max"] = -1
    segment_of(document)["value"]["npv_floor"] = "a lot"
    assert len(problems_of(document)) == 4


def test_haggling_by_rounds_needs_the_same_for_the_patient():
    document = an_example()
    segment_of(document)["policy"] |= {"close_on_rounds": True, "most_favored": False}
    assert "$.segments[0].policy.close_on_rounds" in problems_of(document)
    segment_of(document)["policy"]["most_favored"] = True
    parse_bounds(document)


def test_ids_are_unique_and_ladders_rise():
    document = an_example()
    document["segments"] *= 2
    segment_of(document)["families"]["lump"]["waiver_ladder"].reverse()
    assert {"$.segments[0].id", "$.segments[0].families.lump.waiver_ladder"} <= set(problems_of(document))


def test_caps_are_limits_on_known_fields():
    document = an_example()
    document["caps"] = [
        {"id": "c", "when": {}, "limits": {"installment": {"n_max": 24}, "*": {}, "lump": {"colour": 1}}}
    ]
    assert {"$.caps[0].limits.*", "$.caps[0].limits.lump.colour"} <= set(problems_of(document))
    document["caps"] = [{"id": "c", "limits": {"installment": {"n_max": 24}}}]
    assert parse_bounds(document).caps[0].limits[0].value == 24


@pytest.mark.parametrize(
    "junk", [{}, {"segments": []}, {"segments": "x"}, {"segments": [1]}, [], None, "text"]
)
def test_junk_is_told_and_never_crashes(junk):
    with pytest.raises(BoundsError):
        parse_bounds(junk)
