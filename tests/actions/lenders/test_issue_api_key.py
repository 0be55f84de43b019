import pytest

from portal.actions.lenders.issue_api_key import issue_api_key
from portal.actions.lenders.revoke_api_key import revoke_api_key
from portal.core.actors import staff_actor
from portal.store import api_keys
from portal.store.directory import find_entry
from tests import build

WHO = staff_actor("stf_1")


def issue(work, scopes=("accounts:read",), label="case system"):
    return issue_api_key(work, label=label, scopes=scopes, actor=WHO, now=build.NOW)


def test_a_key_is_shown_once_found_by_its_digest_and_revoked_at_once(work, database):
    key = issue(work)
    assert key.secret.startswith(key.prefix)
    assert key.secret not in repr(key)
    with database.shared().read() as shared:
        entry = find_entry(shared, kind="api_key", secret=key.secret)
    assert (entry.lender_id, entry.subject_id) == (work.lender_id, key.api_key_id)
    assert revoke_api_key(work, api_key_id=key.api_key_id, reason="rotated", actor=WHO, now=build.NOW)
    assert not revoke_api_key(work, api_key_id=key.api_key_id, reason="rotated", actor=WHO, now=build.NOW)
    with work.read() as tx:
        assert api_keys.find_api_key(tx, api_key_id=key.api_key_id) is None
    events = build.events_of(work)
    assert [event.type for event in events] == ["key.created", "key.revoked"]
    assert key.secret not in str(events)


@pytest.mark.parametrize("wrong", [{"scopes": ()}, {"scopes": ("all",)}, {"label": ""}, {"label": "x" * 81}])
def test_a_key_has_a_label_and_scopes_that_exist(work, wrong):
    with pytest.raises(ValueError, match="a key has"):
        issue(work, **wrong)
