import copy

from portal.actions.bounds.edit_draft import discard_draft, edit_draft
from portal.gateways.ids import new_id


def longer(body, months=72):
    changed = copy.deepcopy(dict(body))
    changed["segments"][0]["families"]["installment"]["months_max"] = months
    return changed


def test_a_draft_takes_a_sound_document_under_its_own_name(desk, work):
    draft = desk.start().draft
    body = {**longer(draft.body), "bounds_id": "another", "version": 99, "currency": "THB"}
    assert edit_draft(work, bounds_id=draft.bounds_id, body=body, staff_id=desk.ravi).kind == "edited"
    kept = desk.version(draft.bounds_id).body
    assert kept["segments"][0]["families"]["installment"]["months_max"] == 72
    assert (kept["bounds_id"], kept["version"], kept["currency"]) == ("standard-usd", 1, "USD")


def test_what_cannot_be_read_is_not_kept_and_every_fault_is_named(desk, work):
    draft = desk.start().draft
    body = longer(draft.body, months="many")
    body["segments"][1]["surprise"] = 1
    done = edit_draft(work, bounds_id=draft.bounds_id, body=body, staff_id=desk.ravi)
    assert done.kind == "refused"
    assert {problem.path for problem in done.problems} == {
        "$.segments[0].families.installment.months_max",
        "$.segments[1].surprise",
    }
    assert desk.version(draft.bounds_id).body == draft.body


def test_what_was_sent_for_approval_never_changes(desk, work):
    draft = desk.start().draft
    desk.ask(draft.bounds_id)
    done = edit_draft(work, bounds_id=draft.bounds_id, body=longer(draft.body), staff_id=desk.ravi)
    assert done.kind == "not_a_draft"
    assert not discard_draft(work, bounds_id=draft.bounds_id, now=desk.now)
    assert desk.version(draft.bounds_id).body == draft.body
    assert edit_draft(work, bounds_id=new_id(), body={}, staff_id=desk.ravi).kind == "unknown"


def test_a_draft_can_be_put_away(desk, work):
    draft = desk.start().draft
    assert discard_draft(work, bounds_id=draft.bounds_id, now=desk.now)
    assert desk.version(draft.bounds_id).state == "retired"
    assert not discard_draft(work, bounds_id=draft.bounds_id, now=desk.now)
