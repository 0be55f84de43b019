from datetime import timedelta

import pytest

from portal.actions.accounts.release_account import release_account
from tests import build
from tests.actions.accounts.acts import WHO, hold, told


def test_a_hold_is_told_once_and_its_release_too(chain, work):
    until = build.NOW + timedelta(days=30)
    assert hold(work, until=until).kind == "held"
    assert hold(work).kind == "there_already"
    assert build.events_of(work, account_ref="AC-1")[0].payload["until"] == "2026-12-31"
    done = release_account(work, account_ref="AC-1", cause="dispute", reason="answered", **WHO)
    assert (done.kind, done.holds) == ("released", 1)
    again = release_account(work, account_ref="AC-1", cause="dispute", reason="answered", **WHO)
    assert again.kind == "nothing_held"
    assert told(work) == ["account.held", "account.released"]


def test_an_unknown_cause_and_a_past_end_are_a_callers_mistake(chain, work):
    for wrong in ({"cause": "illness"}, {"until": build.NOW}):
        with pytest.raises(ValueError, match="no hold"):
            hold(work, **wrong)


def test_what_the_lender_does_not_have_is_not_held(work):
    assert hold(work, ref="none").kind == "not_found"
