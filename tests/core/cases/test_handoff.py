import json
from datetime import UTC, datetime, timedelta

from portal.core.cases.handoff import is_overdue, packet
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.context import open_case
from portal.core.negotiation.gate import CAUSES
from tests.core.negotiation.helpers import BOUNDS, some_facts

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_a_packet_says_everything_once():
    facts, ask = some_facts(), Ask(pay_minor=8_000, waiver_bp=4_000)
    found = answer(facts=facts, bounds=BOUNDS, ask=ask)
    case = open_case(facts=facts, bounds=BOUNDS)
    one = packet(
        ref="hof_1",
        cause="asks_used",
        facts=facts,
        case=case,
        now=NOW,
        asks=(ask,),
        offers=found.offers,
        language="th",
        contact_preference="sms",
    )
    assert one.answer_by == one.hold_enforcement_until == NOW + timedelta(hours=48)
    assert (one.queue, one.suggested) == ("queue:hardship", "authority_plan")
    document = json.loads(json.dumps(one.to_dict()))
    assert set(document["nearest_by_authority"]) == {"agent", "supervisor"}
    assert document["asks"][0]["pay_minor"] == 8_000
    assert not is_overdue(one, now=NOW)
    assert is_overdue(one, now=NOW + timedelta(hours=49))


def test_a_case_without_rules_goes_to_the_general_queue():
    facts = some_facts(holds=("deceased",))
    one = packet(ref="hof_2", cause="deceased", facts=facts, case=None, now=NOW)
    assert (one.queue, one.nearest_by_authority) == ("queue:general", ())
    for cause in CAUSES:
        assert packet(ref="x", cause=cause, facts=facts, case=None, now=NOW).suggested
