import copy

from portal.core.bounds.changes import changes, value_at, with_value
from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds


def test_the_same_in_other_words_differs_in_nothing():
    body = preset("USD")
    other = copy.deepcopy(body)
    other["segments"][0]["value"]["npv_floor"] = "0.2500"
    other["segments"][0]["policy"]["offer_lock_days"] = 14
    assert changes(parse_bounds(body), parse_bounds(other)) == ()


def test_each_field_that_differs_is_named_with_its_unit():
    body = preset("USD")
    other = copy.deepcopy(body)
    late = other["segments"][0]
    late["families"]["installment"]["months_max"] = 72
    late["families"]["lump"]["waiver_ladder"][0]["max"] = "0.20"
    late["policy"]["stage_by"] = [{"stage": 0}]
    other["segments"].pop()
    found = {
        (one.segment, one.path): (one.unit, one.before, one.after)
        for one in changes(parse_bounds(body), parse_bounds(other))
    }
    assert found["late", "families.installment.months_max"] == ("count", 60, 72)
    assert found["late", "families.lump.waiver_ladder"][0] == "LadderSteps"
    assert found["late", "policy.stage_by"][0] == "stages"
    gone = found["early", ""]
    assert gone[2] is None
    assert gone[1].id == "early"
    assert len(found) == 4


def test_values_are_read_and_written_at_paths():
    segment = parse_bounds(preset("USD")).segments[0]
    assert value_at(segment, "families.installment.months_max") == 60
    assert value_at(segment, "families.skills.rewards.certified.waive") == 500
    assert value_at(segment, "families.skills.rewards.attended.waive") is None
    assert with_value({}, "a.b.c", 1) == {"a": {"b": {"c": 1}}}
    assert with_value({"a": {"b": {"c": 1}}, "d": 2}, "a.b.c", None) == {"d": 2}
    before = {"a": {"b": 1}}
    assert with_value(before, "a.b", 2) == {"a": {"b": 2}}
    assert before == {"a": {"b": 1}}
