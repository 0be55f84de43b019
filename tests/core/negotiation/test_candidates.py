from dataclasses import replace
from decimal import Decimal

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.candidates import candidates, counts, rates_of, waiver_max
from portal.core.negotiation.context import open_case
from portal.core.negotiation.policy import key_of
from tests.core.negotiation.helpers import BOUNDS, a_document, some_facts

KEY = key_of(open_case(facts=some_facts(fees_minor=900, interest_minor=9_000), bounds=BOUNDS), "monthly")


def test_thousands_of_plans_are_listed_once_each_in_a_fixed_order():
    listed = candidates(KEY)
    assert len(listed) >= 2_600
    assert len(set(listed)) == len(listed)
    assert candidates(replace_key(KEY)) == listed
    families = [terms.family for terms in listed]
    assert {"full", "installment", "lump", "parts", "restructure", "skills"} == set(families)


def replace_key(key):
    return key._replace(course="")


def test_every_count_up_to_sixty_and_then_every_fourth():
    assert counts("monthly", 500, 60) == tuple(range(2, 61))
    assert counts("monthly", 500, 84)[-3:] == (76, 80, 84)
    assert counts("weekly", 60, 60)[-1] == 60
    assert counts("monthly", 1, 1) == ()


def test_a_waiver_follows_the_ladder_and_the_order_of_components():
    lump = BOUNDS.segments[0].families.lump
    assert [waiver_max(lump, days) for days in (0, 31, 180, 181, 361)] == [0, 1000, 1000, 3000, 5500]
    for terms in candidates(KEY):
        if terms.family == "restructure" and terms.waive_principal_bp:
            assert terms.waive_fees_bp == terms.waive_interest_bp == 10_000


def test_an_indexed_plan_needs_its_evidence():
    case = open_case(facts=replace(some_facts(), evidence="adviser"), bounds=BOUNDS)
    assert "index" in {terms.family for terms in candidates(key_of(case, "monthly"))}


def test_rates_lie_between_the_lowest_and_the_contract():
    document = a_document(families={"restructure": {"rate_min": "0.02", "rate_max": "0.16"}})
    case = open_case(facts=some_facts(apr=Decimal("0.1407")), bounds=parse_bounds(document))
    assert rates_of(key_of(case, "monthly")) == (20_000, 40_000, 80_000, 120_000)
    assert rates_of(KEY) == (0,)
