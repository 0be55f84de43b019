from portal.core.negotiation.candidates import candidates
from portal.core.negotiation.context import open_case
from portal.core.negotiation.policy import key_of
from tests.core.negotiation.helpers import BOUNDS, some_facts

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
