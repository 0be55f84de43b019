"""The training provider signs its calls so that the public library accepts them."""

import json

import pytest
from flask import Flask, request
from standardwebhooks import Webhook

from portal.simulators.serving import running
from portal.simulators.training.app import Training

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def portal():
    """A portal's hook that keeps what the library verifies."""
    app = Flask("portal")
    app.taken, app.status = [], 200

    def hook(slug):
        body = Webhook(SECRET).verify(request.get_data(), dict(request.headers.items(lower=True)))
        app.taken.append((slug, request.headers["webhook-id"], body))
        return "told", app.status

    app.add_url_rule("/hooks/training/<slug>", "hook", hook, methods=["POST"])
    with running(app) as url:
        app.url = url
        yield app


@pytest.fixture
def party(portal, tmp_path):
    journal = tmp_path / "training.jsonl"
    return Training(portal_url=portal.url, provider="skillbridge", secret=SECRET, journal=journal)


def test_a_button_tells_the_portal(portal, party, tmp_path):
    client = party.app.test_client()
    assert client.post("/", data={"code": "ENR-1", "course": "Forklift"}).status_code == 303
    done = client.post("/", data={"code": "ENR-1", "milestone": "attended", "on": "2026-12-01"})
    assert done.headers["Location"] == "/#e-ENR-1"
    slug, _, body = portal.taken[0]
    assert slug == "skillbridge"
    assert body["type"] == "milestone.verified"
    assert body["data"] == {"enrollment": "ENR-1", "milestone": "attended", "on": "2026-12-01"}
    assert "2026-12-01: taken" in client.get("/").text
    again = Training(portal_url=portal.url, provider="s", secret=SECRET, journal=tmp_path / "training.jsonl")
    assert again.enrollments.find("ENR-1").told == {"attended": "2026-12-01: taken"}


def test_what_the_portal_does_not_take_is_shown(portal, party):
    portal.status = 422
    answer = party.app.test_client().post("/api/milestones", json={"code": "ENR-2", "milestone": "placed"})
    assert answer.json == {"status": 422, "answer": "told"}
    assert "not taken (422)" in party.app.test_client().get("/").text


def test_nobody_there_is_shown(tmp_path):
    party = Training(portal_url="http://127.0.0.1:9", provider="s", secret=SECRET)
    answer = party.app.test_client().post("/api/milestones", json={"code": "ENR-2", "milestone": "placed"})
    assert answer.json["status"] == 0


def test_the_same_call_can_be_sent_twice(portal, party):
    for _ in range(2):
        party.app.test_client().post(
            "/api/milestones", json={"code": "ENR-3", "milestone": "certified", "webhook_id": "ms_same"}
        )
    assert [row[1] for row in portal.taken] == ["ms_same", "ms_same"]


def test_the_portal_may_tell_of_enrollments_with_the_key(party):
    client = party.app.test_client()
    body = {"code": "ENR-9", "course": "Care work"}
    assert client.post("/api/enrollments", json=body).status_code == 401
    assert (
        client.post("/api/enrollments", json=body, headers={"Authorization": f"Bearer {SECRET}"}).status_code
        == 201
    )
    assert [row["code"] for row in client.get("/api/enrollments").json] == ["ENR-9"]


@pytest.mark.parametrize(
    "form",
    [
        {"code": ""},
        {"code": "<script>"},
        {"code": "unknown", "milestone": "attended"},
        {"code": "ENR-1", "milestone": "invented"},
        {"code": "ENR-1", "milestone": "attended", "on": "yesterday"},
    ],
)
def test_odd_input_gets_a_message_and_keeps_what_was_typed(party, form):
    party.enrollments.add(code="ENR-1")
    page = party.app.test_client().post("/", data=form)
    assert page.status_code == 422
    assert "Please look again" in page.text
    assert "<script>" not in page.text
    assert json.dumps(form["code"])[1:-1].strip("<>") in page.text
