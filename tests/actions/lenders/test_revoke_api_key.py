from portal.actions.lenders.issue_api_key import issue_api_key
from portal.actions.lenders.revoke_api_key import revoke_api_key
from portal.core.actors import SYSTEM
from tests import build


def test_only_the_lenders_own_live_key_can_be_revoked(work, database):
    key = issue_api_key(work, label="x", scopes=("events:read",), actor=SYSTEM, now=build.NOW)
    other = database.work(build.a_lender(database).lender_id)
    wish = {"api_key_id": key.api_key_id, "reason": "lost", "actor": SYSTEM, "now": build.NOW}
    assert not revoke_api_key(other, **wish)
    assert revoke_api_key(work, **wish)
    assert not revoke_api_key(work, **wish)
    assert build.events_of(other) == []
