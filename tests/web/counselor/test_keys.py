"""A counselor makes keys by self-service: shown once, renewed, revoked; a colleague's are out of reach."""

import re

from portal.store import guest_keys
from tests.guests import a_counselor
from tests.web.debtor.walk import Walk

KEYS = "/counselor/keys"


def own(database, counselor):
    with database.shared().read() as shared:
        return guest_keys.list_guest_keys(shared, house_id=counselor.house_id)


def test_a_key_is_shown_once_opens_the_door_and_ends(app, desk, database, counselor, client_of):
    client_of()
    desk.go(KEYS).submit(action="/keys", label="our software", scope="clients:read")
    secret = re.search(r"prg_\w{8}_[\w-]{20,}", desk.text)[0]
    headers = {"Authorization": f"Bearer {secret}"}
    machine = app.test_client()
    assert machine.get("/api/v1/clients", headers=headers).status_code == 200
    (key,) = own(database, counselor)
    desk.submit(action="/renew")
    fresh = re.search(r"prg_\w{8}_[\w-]{20,}", desk.text)[0]
    assert fresh != secret
    assert len(own(database, counselor)) == 2
    desk.submit(action=f"{key.api_key_id}/revoke")
    assert machine.get("/api/v1/clients", headers=headers).status_code == 401
    assert machine.get("/api/v1/clients", headers={"Authorization": f"Bearer {fresh}"}).status_code == 200


def test_what_is_missing_is_said_and_nothing_is_made(desk, database, counselor):
    desk.go(KEYS).submit(action="/keys", label="our software")
    assert desk.page.status_code == 422
    assert "Tick at least one" in desk.text
    desk.go(KEYS).submit(action="/keys", scope="clients:read")
    assert desk.page.status_code == 422
    assert own(database, counselor) == []


def test_a_colleagues_key_does_not_exist(desk, signed_in, database, counselor):
    desk.go(KEYS).submit(action="/keys", label="mine", scope="clients:read")
    (key,) = own(database, counselor)
    colleague = a_counselor(database, house_id=counselor.house_id)
    other = Walk(signed_in("counselor", subject_id=colleague.guest_id).client).go(KEYS)
    assert "mine" not in other.text
    token = other.forms()[0].find(".//input[@name='csrf_token']").get("value")
    for act in ("renew", "revoke"):
        answer = other.client.post(f"{KEYS}/{key.api_key_id}/{act}", data={"csrf_token": token})
        assert answer.status_code == 404
    assert [one.api_key_id for one in own(database, counselor)] == [key.api_key_id]
