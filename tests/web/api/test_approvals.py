"""An approval is named by its own id, which also stands in the event."""

from tests import build
from tests.actions.cases.test_answer_case import AnswerDesk
from tests.actions.cases.test_decide_offer import beyond
from tests.actions.chain import a_chain


def test_the_id_is_the_one_that_the_event_told(machine, work):
    build.active_bounds(work)
    draft = machine.post("/bounds", {"currency": "USD"}).json
    sent = machine.post(f"/bounds/{draft['id']}/request-approval").json
    told = [row.payload["id"] for row in build.events_of(work) if row.type == "approval.requested"]
    assert told == [sent["approval"]] == [one["id"] for one in machine.get("/approvals").json["approvals"]]


def test_an_offer_that_waits_is_listed_and_decided_once(machine, work, lender):
    answers = AnswerDesk(a_chain(work, lender))
    done = beyond(answers)
    (waiting,) = machine.get("/approvals").json["offers"]
    assert (waiting["id"], waiting["offer"], waiting["level"]) == (
        done.approval_ref,
        done.offer_ref,
        "supervisor",
    )
    decided = machine.post(f"/offers/{done.offer_ref}/decision", {"decision": "approved"})
    assert (decided.status_code, decided.json) == (200, {"offer": done.offer_ref, "decision": "approved"})
    again = machine.post(f"/offers/{done.offer_ref}/decision", {"decision": "declined"})
    assert (again.status_code, again.json["reason"]) == (409, "not_waiting")
    assert machine.post("/offers/ofr_none/decision", {"decision": "approved"}).status_code == 404
    assert machine.get("/approvals").json["offers"] == []
