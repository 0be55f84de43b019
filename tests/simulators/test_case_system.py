"""The case system takes what is signed, once, keeps it over a restart, and answers as planned."""

import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from portal.simulators.case_system.app import CaseSystem

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def an_event(account="AC-1", sequence=1, **more):
    data = {"lender": "northwind", "account": account, "sequence": sequence, "actor": {"kind": "debtor"}}
    return json.dumps(
        {"type": "payment.succeeded", "timestamp": "2026-12-01T09:30:00.123Z", "data": data, **more}
    )


def post(party, body, *, identifier="evt_1", secret=SECRET, at=None, signature=None):
    at = at or datetime.now(UTC)
    headers = {
        "webhook-id": identifier,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature or Webhook(secret).sign(identifier, at, body),
    }
    return party.app.test_client().post("/webhooks", data=body, headers=headers)


def state(party):
    return party.app.test_client().get("/_control/state").json


@pytest.fixture
def party(tmp_path):
    return CaseSystem(secrets=[SECRET], journal=tmp_path / "events.jsonl")


def test_a_signed_event_is_taken_once(party):
    assert post(party, an_event()).json == {"ok": True, "duplicate": False}
    assert post(party, an_event()).json == {"ok": True, "duplicate": True}
    events = party.app.test_client().get("/api/events?account=AC-1").json
    assert [(row["id"], row["type"], row["sequence"]) for row in events] == [
        ("evt_1", "payment.succeeded", 1)
    ]
    assert state(party)["duplicates"] == 1


def test_a_restart_keeps_the_events(party, tmp_path):
    post(party, an_event())
    again = CaseSystem(secrets=[SECRET], journal=tmp_path / "events.jsonl")
    assert post(again, an_event()).json["duplicate"]
    assert state(again)["received"] == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": OTHER},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"at": datetime(2099, 1, 1, tzinfo=UTC)},
        {"signature": "v1,"},
        {"signature": "v1,AAAA"},
        {"signature": "nonsense"},
    ],
)
def test_what_is_not_rightly_signed_is_refused(party, forged):
    assert post(party, an_event(), **forged).status_code == 401
    assert state(party) == {"received": 0, "duplicates": 0, "refused": 1, "gaps": [], "out_of_order": []}


def test_headers_may_be_missing(party):
    assert party.app.test_client().post("/webhooks", data=an_event()).status_code == 401


def test_without_a_secret_nothing_is_taken():
    party = CaseSystem(secrets=[])
    assert post(party, an_event()).status_code == 401
    assert "No secret is set" in party.app.test_client().get("/").text


def test_two_secrets_fit_while_they_rotate(party):
    changed = party.app.test_client().post("/_control/secrets", json={"secrets": [OTHER, SECRET]})
    assert changed.json == {"secrets": 2}
    assert post(party, an_event(), secret=OTHER).status_code == 200


def test_a_clock_that_travels_still_has_its_tolerance():
    ahead = datetime(2027, 3, 1, 12, tzinfo=UTC)
    party = CaseSystem(secrets=[SECRET], clock=ahead.timestamp)
    assert post(party, an_event(), at=ahead).status_code == 200
    assert post(party, an_event(), identifier="evt_2").status_code == 401
    assert post(party, an_event(), identifier="evt_3", at=ahead, secret=OTHER).status_code == 401


@pytest.mark.parametrize(
    "body", ["", "[]", "3", '{"type": "a"}', '{"type": "a", "timestamp": "b", "data": 3}', "{"]
)
def test_a_signed_body_that_is_no_event_is_refused(party, body):
    assert post(party, body).status_code in (400, 401)  # the library itself wants JSON


def test_gaps_and_order_are_noticed(party):
    for number, sequence in enumerate((1, 3, 2, 5)):
        post(party, an_event(sequence=sequence), identifier=f"evt_{number}")
    post(party, an_event(account="AC-2"), identifier="evt_x")
    assert state(party)["gaps"] == ["AC-1"]
    assert state(party)["out_of_order"] == ["AC-1"]


@pytest.mark.parametrize("status", [500, 410, 429])
def test_planned_answers_come_first(party, status):
    client = party.app.test_client()
    assert client.post("/_control/answers", json={"status": status, "count": 2, "retry_after": 7}).json == {
        "planned": 2
    }
    first, second, third = (post(party, an_event()) for _ in range(3))
    assert [first.status_code, second.status_code, third.status_code] == [status, status, 200]
    assert first.headers["Retry-After"] == "7"
    assert client.post("/_control/answers", json={"nonsense": 1}).status_code == 400


def test_a_planned_answer_may_come_after_the_work(party):
    party.app.test_client().post("/_control/answers", json={"status": 500, "keep": True})
    assert post(party, an_event()).status_code == 500
    assert post(party, an_event()).json["duplicate"]


def test_the_feed_shows_newest_first_filters_and_escapes(party):
    for number in range(3):
        post(party, an_event(account=f"A&<{number}>"), identifier=f"evt_{number}")
    page = party.app.test_client().get("/")
    assert page.headers["Refresh"] == "5"
    assert page.text.index("evt_2") < page.text.index("evt_0")
    assert "<1>" not in page.text
    one = party.app.test_client().get("/", query_string={"account": "A&<1>", "refresh": 0})
    assert "evt_1" in one.text
    assert "evt_2" not in one.text
    assert "Refresh" not in one.headers
