import copy

from portal.actions.bounds.edit_draft import edit_draft
from portal.actions.bounds.request_approval import request_approval
from portal.gateways.ids import new_id
from tests import build
from tests.actions.bounds.desk import STAFF


def test_an_unsound_version_is_not_sent(desk, work):
    draft = desk.start().draft
    body = copy.deepcopy(dict(draft.body))
    for rules in body["segments"][0]["families"].values():
        rules["on"] = False
    assert edit_draft(work, bounds_id=draft.bounds_id, body=body, staff_id=desk.ravi).kind == "edited"
    assert desk.ask(draft.bounds_id) == "unsound"


def test_what_was_counted_goes_with_the_version(desk, work, lender):
    build.an_account(work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(work))
    draft = desk.start().draft
    assert desk.ask(draft.bounds_id) == "requested"
    review = desk.version(draft.bounds_id).review
    assert review["requested_by"] == str(desk.ravi)
    assert review["counted"]["accounts"] == 1
    assert [type_ for type_, _ in desk.told()] == ["approval.requested"]


def test_a_version_that_is_not_there(desk, work):
    draft = desk.start().draft
    counted = desk.count(draft.bounds_id)
    gone = {"bounds_id": new_id(), "counted": counted, "staff_id": desk.ravi, "actor": STAFF, "now": desk.now}
    assert request_approval(work, **gone) == "unknown"
