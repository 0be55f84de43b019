from decimal import Decimal

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.context import open_case
from portal.core.negotiation.new_terms import may_bear, rates_of, reliefs_of, restructured, stops
from portal.core.negotiation.policy import key_of
from tests.core.negotiation.helpers import BOUNDS, a_document, some_facts

KEY = key_of(open_case(facts=some_facts(fees_minor=900, interest_minor=9_000), bounds=BOUNDS), "monthly")


def test_fees_go_before_interest_and_interest_before_principal():
    path = reliefs_of(KEY)
    assert list(path) == sorted(path)
    for terms in restructured(KEY):
        if terms.waive_principal_bp:
            assert terms.waive_fees_bp == terms.waive_interest_bp == 10_000
        if terms.waive_interest_bp:
            assert terms.waive_fees_bp == 10_000
    assert {relief.principal % 1_000 for relief in stops(path)} == {0}


def test_new_interest_runs_on_what_was_borrowed_alone_unless_arrears_are_capitalized():
    rules = {"capitalize_arrears": False}
    document = a_document(families={"restructure": rules})
    case = open_case(facts=some_facts(fees_minor=900, interest_minor=9_000), bounds=parse_bounds(document))
    key = key_of(case, "monthly")
    assert may_bear(KEY, reliefs_of(KEY)) == reliefs_of(KEY)
    assert {(one.fees, one.interest) for one in may_bear(key, reliefs_of(key))} == {(10_000, 10_000)}


def test_rates_lie_between_the_lowest_and_the_contract():
    document = a_document(families={"restructure": {"rate_min": "0.02", "rate_max": "0.16"}})
    case = open_case(facts=some_facts(apr=Decimal("0.1407")), bounds=parse_bounds(document))
    assert rates_of(key_of(case, "monthly")) == (20_000, 40_000, 80_000, 120_000)
    assert rates_of(KEY) == (0,)
