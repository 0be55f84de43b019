"""The log of a receiver: pages, one delivery with its tries, and sending again."""

from datetime import timedelta

import pytest

from tests import build
from tests.jobs.bench import an_endpoint
from tests.web.api.conftest import an_account_body


@pytest.fixture
def endpoint_id(work, machine):
    made = an_endpoint(work, "https://hooks.acme.com/in", patterns=["account.*"])
    for number in range(3):
        machine.put(f"/accounts/AC-{number}", an_account_body())
    return made


def listed(machine, endpoint_id, **wish):
    query = "&".join(f"{name}={value}" for name, value in {"endpoint": endpoint_id, **wish}.items())
    return machine.get(f"/deliveries?{query}")


def test_the_log_is_read_in_pages_newest_first(machine, endpoint_id):
    whole = listed(machine, endpoint_id).json["deliveries"]
    assert [one["account"] for one in whole] == ["AC-2", "AC-1", "AC-0"]
    first = listed(machine, endpoint_id, limit=2).json
    rest = listed(machine, endpoint_id, limit=2, after=first["next"]).json
    assert first["deliveries"] + rest["deliveries"] == whole
    assert rest["next"] is None
    assert listed(machine, endpoint_id, account="AC-1", state="due").json["deliveries"] == [whole[1]]
    assert listed(machine, endpoint_id, type="payment.failed").json["deliveries"] == []


def test_one_delivery_is_shown_with_its_tries(machine, endpoint_id):
    line = listed(machine, endpoint_id).json["deliveries"][0]
    shown = machine.get(f"/endpoints/{endpoint_id}/deliveries/{line['event']}")
    bare = line["event"].removeprefix("evt_")
    assert machine.get(f"/endpoints/{endpoint_id}/deliveries/{bare}").json == shown.json
    assert machine.get(f"/endpoints/{endpoint_id}/deliveries/evt_none").status_code == 404
    assert shown.json == line | {"tries": []}


def test_the_log_asks_for_its_receiver(machine, endpoint_id):
    assert machine.get("/deliveries").status_code == 400
    assert machine.get("/deliveries?endpoint=x").status_code == 400
    assert listed(machine, "00000000-0000-7000-8000-000000000000").status_code == 404


def test_events_are_sent_again_by_name_and_by_time(machine, endpoint_id, work):
    named = [f"evt_{row.id}" for row in build.events_of(work) if row.type == "key.created"]
    body = {"endpoint": str(endpoint_id), "events": named}
    assert machine.post("/deliveries/replay", body).json == {"deliveries": len(named)}
    since, until = build.NOW - timedelta(hours=1), build.NOW + timedelta(hours=1)
    times = {"since": since.isoformat(), "until": until.isoformat()}
    done = machine.post("/deliveries/replay", {"endpoint": str(endpoint_id), **times, "types": ["key.*"]})
    assert done.status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, "/since"),
        ({"since": "2026-12-02T00:00:00Z", "until": "2026-12-01T00:00:00Z"}, "/until"),
        ({"since": "2026-12-01T00:00:00Z", "until": "2026-12-02T00:00:00Z", "types": ["no.*"]}, "/types"),
        ({"events": ["evt_1"]}, "/events/0"),
        (
            {"events": ["evt_019b8d1e-5d6a-7c31-9f1e-0d5b8b2f6a10"], "since": "2026-12-01T00:00:00Z"},
            "/events",
        ),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_by_name(machine, endpoint_id, change, field):
    done = machine.post("/deliveries/replay", {"endpoint": str(endpoint_id), **change})
    assert (done.status_code, done.json["errors"][0]["field"]) == (422, field)


def test_too_many_at_once_is_refused(machine, endpoint_id, monkeypatch):
    monkeypatch.setattr("portal.actions.endpoints.replay_deliveries.REPLAY_MAX", 1)
    times = {
        "since": (build.NOW - timedelta(days=1)).isoformat(),
        "until": (build.NOW + timedelta(days=1)).isoformat(),
    }
    done = machine.post("/deliveries/replay", {"endpoint": str(endpoint_id), **times})
    assert done.json["errors"][0]["reason"] == "too_many"
