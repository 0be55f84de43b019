from portal.core.cases.authority import nearest_by_authority, staff_policy, within_authority
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.context import open_case
from tests.core.negotiation.helpers import BOUNDS, random_facts, some_facts


def test_staff_reach_at_least_what_the_debtor_reaches():
    for seed in range(5):
        facts = random_facts(seed, days_past_due=200)
        case = open_case(facts=facts, bounds=BOUNDS)
        for offer in answer(facts=facts, bounds=BOUNDS).offers:
            assert within_authority(case, offer.plan, "agent")
            assert within_authority(case, offer.plan, "supervisor")


def test_an_agent_may_write_off_more_and_only_what_is_listed():
    case = open_case(facts=some_facts(), bounds=BOUNDS)
    policy = staff_policy(case, "agent")
    most = max(terms.waive_principal_bp for terms in policy.board.sheet.terms)
    assert most == 3500
    assert policy.threshold == 220_000
    found = nearest_by_authority(case, Ask(pay_minor=8_000, total_minor=195_000))
    assert found["agent"].total == 195_000
    assert found["supervisor"].total > 195_000


def test_what_is_beyond_an_agent_is_told_apart():
    case = open_case(facts=some_facts(), bounds=BOUNDS)
    plan = nearest_by_authority(case, Ask(pay_minor=8_000, total_minor=195_000))["agent"]
    assert within_authority(case, plan, "agent")
    assert not within_authority(case, plan, "supervisor")  # a supervisor inherits the segment, not the agent
