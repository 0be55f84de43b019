from portal.actions.accounts.release_account import release_account
from portal.store import accounts
from tests import build
from tests.actions.accounts.acts import WHO, hold


def release(work, cause="dispute", ref="AC-1"):
    return release_account(work, account_ref=ref, cause=cause, reason="answered", **WHO)


def test_only_the_holds_of_the_cause_end(chain, work):
    hold(work)
    hold(work, cause="complaint")
    assert release(work).holds == 1
    with work.read() as tx:
        left = accounts.list_holds(tx, account_id=chain.account_id, now=build.NOW)
    assert [one.kind for one in left] == ["complaint"]
    assert release(work).kind == "nothing_held"
    assert release(work, ref="none").kind == "not_found"
