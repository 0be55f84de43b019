"""Receivers of events are made, changed, tried, rotated and switched by machine."""

import pytest

from portal.gateways.webhook_signatures import write_secret
from tests import build

HOST = "hooks.acme.test"


@pytest.fixture
def settings(settings):
    return settings.__class__(**{**vars_of(settings), "private_hosts": frozenset({HOST})})


def vars_of(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


@pytest.fixture(autouse=True)
def _names(monkeypatch):
    monkeypatch.setattr(
        "portal.gateways.address_guard.socket.getaddrinfo",
        lambda *_args, **_more: [(2, 1, 6, "", ("127.0.0.1", 443))],
    )


def a_body(**changes):
    return {"url": f"https://{HOST}/in", "patterns": ["payment.*"]} | changes


def made(machine, **changes):
    done = machine.post("/endpoints", a_body(**changes))
    assert done.status_code == 201, done.json
    return done


def test_a_receiver_is_made_with_a_secret_that_is_shown_once(machine):
    done = made(machine, ed25519=True)
    assert done.json["secret"].startswith("whsec_")
    assert done.json["public_key"].startswith("whpk_")
    shown = machine.get(f"/endpoints/{done.json['id']}")
    assert "secret" not in shown.json
    assert shown.json["patterns"] == ["payment.*"]
    assert [one["id"] for one in machine.get("/endpoints").json["endpoints"]] == [done.json["id"]]
    assert done.headers["Location"].endswith(done.json["id"])


def test_a_change_keeps_the_secret_and_asks_for_the_state_it_was_made_from(machine):
    done = made(machine)
    path = f"/endpoints/{done.json['id']}"
    tag = machine.get(path).headers["ETag"]
    assert machine.get(path, **{"If-None-Match": tag}).status_code == 304
    changed = machine.put(path, a_body(patterns=["*"], ordered=False), **{"If-Match": tag})
    assert (changed.status_code, changed.json["ordered"]) == (200, False)
    assert machine.put(path, a_body(), **{"If-Match": tag}).status_code == 412


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (a_body(url="http://169.254.169.254/latest"), "/url"),
        (a_body(url="https://localhost/in"), "/url"),
        (a_body(patterns=["nothing.*"]), "/patterns"),
        (a_body(patterns=[]), "/patterns"),
        (a_body(color="red"), "/color"),
    ],
)
def test_what_cannot_be_a_receiver_is_refused_with_the_fix(machine, body, field):
    done = machine.post("/endpoints", body)
    assert done.status_code == 422
    assert [(one["field"], bool(one["fix"])) for one in done.json["errors"]] == [(field, True)]


def test_a_secret_is_rotated_with_overlap(machine):
    one = made(machine).json
    done = machine.post(f"/endpoints/{one['id']}/rotate", {"overlap_hours": 48})
    assert done.json["secret"] != one["secret"]
    assert machine.get(f"/endpoints/{one['id']}").json["old_secret_until"] == done.json["old_secret_until"]
    assert machine.post(f"/endpoints/{one['id']}/rotate", {"overlap_hours": 500}).status_code == 422


def test_a_receiver_is_switched_and_tried(machine, work):
    one = made(machine).json
    off = machine.post(f"/endpoints/{one['id']}/switch", {"on": False})
    assert (off.json["state"], off.json["disabled_reason"]) == ("disabled", "staff")
    assert machine.post(f"/endpoints/{one['id']}/switch", {"on": True}).json["state"] == "active"
    tried = machine.post(f"/endpoints/{one['id']}/test")
    told = [row for row in build.events_of(work) if row.type == "endpoint.tested"]
    assert tried.json["event"] == f"evt_{told[0].id}"


def test_there_are_only_so_many(machine, monkeypatch):
    monkeypatch.setattr("portal.actions.endpoints.save_endpoint.ENDPOINTS_MAX", 1)
    made(machine)
    assert machine.post("/endpoints", a_body()).status_code == 409
    assert write_secret(bytes(32)) not in machine.get("/endpoints").get_data(as_text=True)
