import copy

import pytest

from portal.actions.bounds.decide_approval import take_back
from portal.actions.bounds.edit_draft import edit_draft
from portal.gateways.ids import new_id
from tests.actions.bounds.desk import STAFF


def test_two_people_bring_a_version_to_approved(desk):
    draft = desk.start().draft
    assert desk.ask(draft.bounds_id) == "requested"
    assert desk.ask(draft.bounds_id) == "not_a_draft"
    assert desk.decide(draft.bounds_id, by=desk.ravi) == "own_work"
    assert desk.decide(draft.bounds_id) == "decided"
    version = desk.version(draft.bounds_id)
    assert (version.state, version.approved_by) == ("approved", desk.ana)
    (asked, request), (decided, decision) = desk.told()
    assert (asked, decided) == ("approval.requested", "approval.decided")
    assert request["id"] == decision["id"]
    assert decision["decision"] == "approved"


def test_whoever_edited_or_sent_it_has_no_second_pair_of_eyes(desk, work):
    draft = desk.start().draft
    edit_draft(work, bounds_id=draft.bounds_id, body=copy.deepcopy(dict(draft.body)), staff_id=desk.ana)
    sender = new_id()
    desk.ask(draft.bounds_id, by=sender)
    assert desk.decide(draft.bounds_id, by=desk.ana) == "own_work"
    assert desk.decide(draft.bounds_id, by=sender) == "own_work"
    assert desk.decide(draft.bounds_id, by=new_id()) == "decided"


def test_a_declined_version_is_a_draft_again(desk):
    draft = desk.start().draft
    desk.ask(draft.bounds_id)
    assert desk.decide(draft.bounds_id, "declined") == "decided"
    assert desk.version(draft.bounds_id).state == "draft"
    assert desk.ask(draft.bounds_id) == "requested"
    ids = [payload["id"] for type_, payload in desk.told() if type_ == "approval.requested"]
    assert len(set(ids)) == 2, "each request is its own"


def test_it_can_be_taken_back_until_it_is_in_force(desk, work):
    draft = desk.approved()
    back = {"bounds_id": draft.bounds_id, "staff_id": desk.ravi, "actor": STAFF, "now": desk.now}
    assert take_back(work, **back) == "taken_back"
    assert desk.version(draft.bounds_id).state == "draft"
    assert take_back(work, **back) == "too_late"
    assert desk.told()[-1][1]["decision"] == "withdrawn"


def test_senseless_decisions(desk):
    assert desk.decide(new_id()) == "unknown"
    assert desk.decide(desk.start().draft.bounds_id) == "not_waiting"
    with pytest.raises(ValueError, match="a decision is one of"):
        desk.decide(new_id(), "perhaps")
