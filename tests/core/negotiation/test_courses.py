from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.courses import with_course
from portal.core.negotiation.policy import key_of
from tests.core.negotiation.helpers import BOUNDS, a_document, a_policy, some_facts


def test_a_course_goes_only_with_what_the_bounds_name_and_have_on():
    for goes_with, index_on, expected in (
        (["installment"], True, {"installment"}),
        (["restructure", "index"], True, {"restructure", "index"}),
        (["index"], False, set()),
    ):
        document = a_document(families={"skills": {"goes_with": goes_with}, "index": {"on": index_on}})
        case = a_policy(some_facts(evidence="adviser"), parse_bounds(document)).case
        assert {one.inner for one in with_course(key_of(case, "monthly"))} == expected


def test_a_pause_stays_inside_the_rule_and_the_whole_inside_the_months():
    case = a_policy(some_facts(course_months=5)).case
    most = case.rules.families.skills.moratorium_months_max
    listed = list(with_course(key_of(case, "monthly")))
    assert {terms.grace_months for terms in listed} == {0, 3, 5, most} == {0, 3, 5, 6}
    assert max(terms.grace_months + terms.count for terms in listed) == 60


def test_where_interest_has_to_run_a_course_bears_the_lowest_rate():
    document = a_document(
        families={
            "skills": {"goes_with": ["restructure"]},
            "restructure": {"rate_min": "0.03", "rate_max": "0.09"},
        }
    )
    case = a_policy(some_facts(), parse_bounds(document)).case
    listed = list(with_course(key_of(case, "monthly")))
    assert {(terms.rate_ppm, terms.waives) for terms in listed} == {(30_000, False)}
    assert len(listed) <= 80, "each of them is worked out by itself"
    assert BOUNDS.segments[0].families.skills.goes_with == ("installment",)
