from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import FLAGS, HOLDS
from portal.core.negotiation.gate import CAUSES, closed_because, person_needed
from tests.core.negotiation.helpers import BOUNDS, some_facts


def test_every_hold_and_closing_flag_has_a_cause():
    assert set(HOLDS) <= set(CAUSES)
    assert {"not_verified", "vulnerable", "wants_person", "in_breathing_space"} <= set(CAUSES) & set(FLAGS)


def test_a_held_account_closes_and_a_free_one_does_not():
    for hold in HOLDS:
        facts = some_facts(holds=(hold,))
        assert open_case(facts=facts, bounds=BOUNDS) is None
        assert closed_because(facts, None)[0] == hold
        assert closed_because(facts, None)[1], "a held account says why"
    case = open_case(facts=some_facts(), bounds=BOUNDS)
    assert closed_because(some_facts(), case) == ("", ())
    assert person_needed(case) == ""
