"""An approval is named by its own id, which also stands in the event."""

from tests import build


def test_the_id_is_the_one_that_the_event_told(machine, work):
    build.active_bounds(work)
    draft = machine.post("/bounds", {"currency": "USD"}).json
    sent = machine.post(f"/bounds/{draft['id']}/request-approval").json
    told = [row.payload["id"] for row in build.events_of(work) if row.type == "approval.requested"]
    assert told == [sent["approval"]] == [one["id"] for one in machine.get("/approvals").json["approvals"]]
