"""Keys of guests' machines: made, told to each lender once, ended; a lost telling is made up for."""

import pytest

from portal.actions.guests.issue_guest_key import KEYS_MAX, issue_guest_key
from portal.actions.guests.revoke_guest_key import revoke_guest_key
from portal.actions.guests.tell_guest_keys import tell_guest_keys
from portal.store import directory, guest_keys, guest_lenders
from portal.store.debtors import new_ref
from tests import build
from tests.guests import a_counselor, a_trainer


@pytest.fixture
def counselor(database, work):
    made = a_counselor(database)
    serve(work, made)
    return made


def serve(work, guest):
    with work.begin() as tx:
        guest_lenders.note_lender(tx, house_id=guest.house_id)


def issue(database, guest, *, audience="counselor", scopes=("clients:read",), now=build.NOW):
    named = {"audience": audience, "house_id": guest.house_id, "guest_id": guest.guest_id}
    return issue_guest_key(database, label="ours", scopes=scopes, now=now, **named)


def told(work):
    return [row for row in build.events_of(work) if row.type.startswith("key.")]


def test_a_key_is_kept_as_a_digest_and_each_lender_is_told_once(database, work, counselor, now):
    key = issue(database, counselor)
    with database.shared().read() as shared:
        entry = directory.find_entry(shared, kind="guest_key", secret=key.secret)
        kept = guest_keys.find_guest_key(shared, api_key_id=entry.subject_id)
    assert (entry.subject_id, kept.prefix, kept.scopes) == (
        key.api_key_id,
        key.secret[:12],
        ("clients:read",),
    )
    assert tell_guest_keys(work, now=now) == 0
    (event,) = told(work)
    assert event.type == "key.created"
    assert event.payload["house"] == new_ref("agc", counselor.house_id)
    assert event.payload["scopes"] == ["clients:read"]
    assert key.secret not in str(event.payload)


def test_an_end_is_told_and_a_foreign_house_ends_nothing(database, work, counselor, now):
    key = issue(database, counselor)
    other = a_counselor(database)
    ask = {"api_key_id": key.api_key_id, "now": now}
    assert not revoke_guest_key(database, house_id=other.house_id, **ask)
    assert revoke_guest_key(database, house_id=counselor.house_id, **ask)
    assert not revoke_guest_key(database, house_id=counselor.house_id, **ask)
    assert [row.type for row in told(work)] == ["key.created", "key.revoked"]
    with work.read() as tx:
        assert guest_keys.list_known(tx) == []


def test_a_lender_that_is_served_later_hears_of_it_by_the_sweeper(database, work, now):
    trainer = a_trainer(database)
    issue(database, trainer, audience="trainer", scopes=("enrollments:write",))
    assert told(work) == []
    serve(work, trainer)
    assert (tell_guest_keys(work, now=now), tell_guest_keys(work, now=now)) == (1, 0)
    (event,) = told(work)
    assert event.payload["house"] == trainer.slug
    with work.read() as tx:
        (known,) = guest_keys.list_known(tx)
    assert (known.house, known.provider_slug) == ("Eastside Works", trainer.slug)


def test_a_key_that_ended_before_it_was_told_is_never_told(database, work, now):
    counselor = a_counselor(database)
    key = issue(database, counselor)
    revoke_guest_key(database, api_key_id=key.api_key_id, house_id=counselor.house_id, now=now)
    serve(work, counselor)
    assert tell_guest_keys(work, now=now) == 0


def test_no_scope_of_another_audience_and_no_end_of_keys(database, counselor):
    for scopes in ((), ("enrollments:write",), ("accounts:read",)):
        with pytest.raises(ValueError, match="scopes"):
            issue(database, counselor, scopes=scopes)
    made = [issue(database, counselor) for _ in range(KEYS_MAX + 1)]
    assert None not in made[:KEYS_MAX]
    assert made[KEYS_MAX] is None
