"""Keys by self-service: made, shown once, renewed beside the old one, revoked; each is told."""

import re

from portal.actions.guests.issue_guest_key import issue_guest_key
from portal.store import api_keys
from tests import build
from tests.guests import a_client, a_counselor


def keys(work):
    with work.read() as tx:
        return api_keys.list_api_keys(tx)


def make(console, label="case system", scope=("accounts:read", "events:read"), **more):
    return console.post("/lender/keys", page="/lender/keys", label=label, scope=list(scope), **more)


def test_a_key_is_made_shown_once_and_opens_what_it_may(world, desk, app, work):
    console = desk("owner")
    done = make(console)
    assert done.status_code == 303
    secret = re.search(r"prt_\w{8}_[\w-]{20,}", console.text(done.location))[0]
    colleague = world.sign_in(app.test_client(), "owner")
    assert secret not in colleague.text("/lender/keys")
    bearer = {"Authorization": f"Bearer {secret}"}
    machine = app.test_client()
    assert machine.get("/api/v1/accounts", headers=bearer).status_code == 200
    assert machine.get("/api/v1/payments", headers=bearer).status_code == 403
    (key,) = keys(work)
    assert (key.label, key.scopes) == ("case system", ("accounts:read", "events:read"))
    console.post(f"/lender/keys/{key.api_key_id}/renew", page="/lender/keys")
    assert len(keys(work)) == 2
    console.post(f"/lender/keys/{key.api_key_id}/revoke", page="/lender/keys")
    assert machine.get("/api/v1/accounts", headers=bearer).status_code == 401
    told = [row.type for row in build.events_of(work) if row.type.startswith("key.")]
    assert told == ["key.created", "key.created", "key.revoked"]


def test_what_is_missing_is_said_and_what_was_chosen_stays(world, desk):
    console = desk("owner")
    nothing = make(console, scope=())
    assert nothing.status_code == 422
    assert "Tick at least one" in nothing.get_data(as_text=True)
    unnamed = make(console, label="")
    assert unnamed.status_code == 422
    assert 'value="accounts:read" checked' in unnamed.get_data(as_text=True)


def test_an_auditor_sees_keys_and_makes_none(world, desk):
    auditor = desk("auditor")
    assert "Make a key" not in auditor.text("/lender/keys")
    assert make(auditor).status_code == 403
    assert desk("agent").get("/lender/keys").status_code == 403


def test_keys_of_guests_that_reach_something_here_are_seen(world, desk, database, work, now):
    counselor = a_counselor(database)
    a_client(database, work, counselor, world.debtor_id)
    made = issue_guest_key(
        database,
        audience="counselor",
        house_id=counselor.house_id,
        guest_id=counselor.guest_id,
        label="their own words",
        scopes=("clients:read",),
        now=now,
    )
    page = desk("auditor").text("/lender/keys")
    assert made.prefix in page
    assert "Open Door Advice" in page
    assert "their own words" not in page
