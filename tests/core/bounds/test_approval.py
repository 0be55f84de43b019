from dataclasses import replace

from portal.core.bounds.approval import approvals_for, level_for, may_decide, needs_reason, version_needs_two
from portal.core.bounds.schema import parse_bounds
from portal.core.plans.build import build
from portal.core.plans.grammar import Terms
from tests.core.bounds.documents import an_example, segment_of
from tests.core.plans.frames import a_frame

RULES = parse_bounds(an_example()).segments[0]


def asked(terms, *, principal=300_000, vulnerable=False):
    plan = build(terms, a_frame(principal))
    return approvals_for(plan=plan, rules=RULES, principal_minor=principal, vulnerable=vulnerable)


def test_a_deep_write_off_a_large_debt_and_a_vulnerable_lump_need_a_person():
    assert asked(Terms(family="installment", count=9)) == ()
    assert asked(Terms(family="restructure", count=9, waive_principal_bp=2000)) == ()
    assert asked(Terms(family="restructure", count=9, waive_principal_bp=2500)) == ("agent",)
    assert asked(Terms(family="installment", count=9), principal=1_000_001) == ("supervisor",)
    assert asked(Terms(family="lump", waiver_bp=1000), vulnerable=True) == ("agent",)
    assert asked(Terms(family="installment", count=9), vulnerable=True) == ()


def test_a_version_that_gives_more_needs_two_people():
    before = parse_bounds(an_example())
    assert version_needs_two(bounds=before, before=None)
    assert not version_needs_two(bounds=replace(before, version=8), before=before)
    document = an_example()
    segment_of(document)["value"]["npv_floor"] = "0.20"
    assert version_needs_two(bounds=parse_bounds(document), before=before)
    assert not version_needs_two(bounds=before, before=parse_bounds(document))


def test_a_supervisor_writes_a_reason():
    assert needs_reason(RULES, "supervisor")
    assert not needs_reason(RULES, "agent")
    assert not needs_reason(RULES, "debtor")


def test_who_made_an_offer_has_agreed_for_an_agent_and_never_for_a_supervisor():
    assert level_for((), made_by="", is_beyond=False) == ""
    assert level_for(("agent",), made_by="", is_beyond=False) == "agent"
    assert level_for(("agent",), made_by="agent", is_beyond=False) == ""
    assert level_for((), made_by="agent", is_beyond=True) == "supervisor"
    for made_by in ("", "agent", "supervisor"):
        assert level_for(("agent", "supervisor"), made_by=made_by, is_beyond=False) == "supervisor"


def test_a_supervisor_decides_for_an_agent_too_and_nobody_else_does():
    assert may_decide("agent", frozenset({"agent"}))
    assert may_decide("agent", frozenset({"supervisor", "auditor"}))
    assert not may_decide("supervisor", frozenset({"agent"}))
    assert not may_decide("agent", frozenset({"owner", "approver", "rules", "auditor"}))
