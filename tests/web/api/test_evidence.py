"""Keys, signed heads and proofs over the API: what comes out is checked without the portal."""

from datetime import timedelta

import pytest

from portal.actions.evidence.seal_log import seal_log
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.core.actors import SYSTEM
from portal.core.evidence.files import read_key_file, verify_file
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from tests import build
from tests.web.api.conftest import Machine


@pytest.fixture
def sealed(machine, work):
    """Seal the log twice; gives the ids of its events."""
    seal_log(work, make_keys=make_key_pairs, now=build.NOW + timedelta(minutes=2))
    issue_api_key(work, label="another", scopes=("events:read",), actor=SYSTEM, now=build.NOW)
    seal_log(work, make_keys=make_key_pairs, now=build.NOW + timedelta(minutes=4))
    return [one["id"] for one in machine.get("/events").json["events"]]


def genuine(answer, trusted):
    assert answer.status_code == 200, answer.text
    return verify_file(answer.data, check=is_signed_by, trusted=trusted)


def test_an_outsider_checks_every_event_and_the_growth(machine, sealed, lender):
    got = machine.get("/evidence/keys")
    assert got.json["origin"] == f"portal/{lender.slug}/events"
    trusted = read_key_file(got.text)
    heads = machine.get("/evidence/checkpoints").json["checkpoints"]
    assert [one["size"] for one in heads] == [1, 3]
    for event_id in sealed[:3]:
        verdict = genuine(machine.get(f"/evidence/proofs?event={event_id}"), trusted)
        assert verdict.faults == ()
        assert event_id in verdict.facts
    verdict = genuine(machine.get("/evidence/consistency?old=1&new=3"), trusted)
    assert (verdict.kind, verdict.faults) == ("consistency", ())
    assert verify_file(heads[1]["note"].encode(), check=is_signed_by, trusted=trusted).faults == ()


def test_heads_come_in_pages(machine, sealed):
    page = machine.get("/evidence/checkpoints?limit=1").json
    assert [one["size"] for one in page["checkpoints"]] == [1]
    assert machine.get(f"/evidence/checkpoints?after={page['next']}").json["checkpoints"][0]["size"] == 3


def test_what_is_not_sealed_or_not_there_is_said(machine, sealed, work, database):
    assert "sealed" in machine.get(f"/evidence/proofs?event={sealed[-1]}").json["title"]
    assert machine.get("/evidence/proofs?event=evt_00000000-0000-7000-8000-000000000000").status_code == 404
    assert machine.get("/evidence/proofs?event=nonsense").status_code == 400
    assert machine.get("/evidence/consistency?old=2&new=3").status_code == 404
    assert machine.get("/evidence/consistency?old=3&new=1").status_code == 404
    other = database.work(build.a_lender(database).lender_id)
    secret = issue_api_key(other, label="x", scopes=("evidence:read",), actor=SYSTEM, now=build.NOW).secret
    stranger = Machine(machine.client, secret)
    assert stranger.get(f"/evidence/proofs?event={sealed[0]}").status_code == 404
    assert stranger.get("/evidence/checkpoints").json["checkpoints"] == []


def test_the_scope_is_asked_for(client, work):
    secret = issue_api_key(work, label="poller", scopes=("events:read",), actor=SYSTEM, now=build.NOW).secret
    poller = Machine(client, secret)
    for path in ("keys", "checkpoints", "proofs?event=x", "consistency"):
        assert poller.get(f"/evidence/{path}").status_code == 403
