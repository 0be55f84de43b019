"""The lender's bounds by machine: a draft, its rules, the count, four eyes, into force."""

import secrets

import pytest

from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.core.scopes import SCOPES
from tests import build
from tests.web.api.conftest import Machine


@pytest.fixture
def second(client, work, now):
    """Another key: the second pair of eyes."""
    key = issue_api_key(work, label="approver", scopes=tuple(SCOPES), actor=SYSTEM, now=now)
    return Machine(client, key.secret)


@pytest.fixture
def draft(machine, work):
    build.active_bounds(work)
    done = machine.post("/bounds", {"currency": "USD"})
    assert done.status_code == 201, done.json
    return done.json


def test_a_draft_is_started_changed_and_seen(machine, draft):
    assert draft["state"] == "draft"
    path = f"/bounds/{draft['id']}"
    tag = machine.get(path).headers["ETag"]
    assert machine.get(path, **{"If-None-Match": tag}).status_code == 304
    assert machine.put(path, {"body": draft["body"]}, **{"If-Match": '"other"'}).status_code == 412
    assert machine.put(path, {"body": draft["body"]}, **{"If-Match": tag}).json["body"] == draft["body"]
    copy = machine.post("/bounds", {"source": draft["id"], "body": draft["body"]})
    assert copy.json["version"] == draft["version"] + 1
    assert [one["body"] for one in machine.get("/bounds?currency=USD").json["versions"]] == [None] * 3


def test_rules_that_make_no_sense_are_refused_with_path_and_fix(machine, draft):
    done = machine.put(f"/bounds/{draft['id']}", {"body": draft["body"] | {"segments": "all"}})
    assert done.status_code == 422
    assert all(one["field"].startswith("/body") and one["fix"] for one in done.json["errors"])


def test_a_draft_whose_rules_are_refused_is_not_left_behind(machine, draft):
    done = machine.post("/bounds", {"source": draft["id"], "body": draft["body"] | {"segments": "all"}})
    assert done.status_code == 422
    drafts = [one["id"] for one in machine.get("/bounds").json["versions"] if one["state"] == "draft"]
    assert drafts == [draft["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "/currency"),
        ({"currency": "USD", "source": "019b8d1e-5d6a-7c31-9f1e-0d5b8b2f6a10"}, "/currency"),
        ({"source": "019b8d1e-5d6a-7c31-9f1e-0d5b8b2f6a10"}, "/source"),
        ({"currency": "XXX"}, "/currency"),
    ],
)
def test_a_draft_needs_one_source(machine, body, field):
    done = machine.post("/bounds", body)
    assert (done.status_code, done.json["errors"][0]["field"]) == (422, field)


def test_plans_are_counted_on_the_own_portfolio(machine, draft, work, lender):
    build.an_account(work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(work))
    counted = machine.post(f"/bounds/{draft['id']}/simulate").json
    assert counted["accounts"] == 1
    assert counted["with_plan"] + sum(counted["handed_off"].values()) == 1


def test_four_eyes_bring_a_draft_into_force(machine, second, draft):
    path = f"/bounds/{draft['id']}"
    assert machine.post(f"{path}/activate").json["reason"] == "not_approved"
    sent = machine.post(f"{path}/request-approval").json
    assert sent["state"] == "simulated"
    assert machine.post(f"{path}/request-approval").json["reason"] == "not_a_draft"
    waiting = machine.get("/approvals").json["approvals"]
    assert [one["id"] for one in waiting] == [sent["approval"]]
    own = machine.post(f"/approvals/{sent['approval']}/decision", {"decision": "approved"})
    assert (own.status_code, own.json["reason"]) == (409, "own_work")
    back = second.post(f"/approvals/{sent['approval']}/decision", {"decision": "declined", "note": "Why?"})
    assert back.json["state"] == "draft"
    machine.post(f"{path}/request-approval")
    assert second.post(f"{path}/approve").json["state"] == "approved"
    assert second.post(f"{path}/approve").json["reason"] == "not_waiting"
    assert machine.post(f"{path}/activate").json["state"] == "active"
    assert machine.get("/approvals").json["approvals"] == []


def test_what_is_unknown_is_not_there(machine):
    nobody = "019b8d1e-5d6a-7c31-9f1e-0d5b8b2f6a10"
    for step in ("simulate", "request-approval", "approve", "activate"):
        assert machine.post(f"/bounds/{nobody}/{step}").status_code == 404
    made_up = f"apr_{secrets.token_hex(8)}"
    assert machine.post(f"/approvals/{made_up}/decision", {"decision": "approved"}).status_code == 404
