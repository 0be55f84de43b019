"""Hold, release, recall, adjust: what the case system does with one account."""

from datetime import timedelta

import pytest

from portal.actions.accounts.adjust_account import adjust_account
from portal.actions.accounts.find_and_lock import find_and_lock
from portal.actions.accounts.hold_account import hold_account
from portal.actions.accounts.recall_account import recall_account
from portal.actions.accounts.release_account import release_account
from portal.core.actors import LENDER_API
from portal.store import accounts
from tests import build
from tests.actions.chain import a_chain

WHO = {"actor": LENDER_API, "now": build.NOW}


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender, account_ref="AC-1")


def told(work):
    return [event.type for event in build.events_of(work, account_ref="AC-1")]


def hold(work, cause="dispute", until=None, ref="AC-1"):
    return hold_account(work, account_ref=ref, cause=cause, until=until, **WHO)


def recall(work, *, is_forced=False, ref="AC-1"):
    return recall_account(work, account_ref=ref, reason="sold", is_forced=is_forced, **WHO)


def adjust(work, amount=-1_000, component="interest", currency="USD", reason="credit", ref="AC-1"):
    return adjust_account(
        work, account_ref=ref, component=component, amount_minor=amount, currency=currency, reason=reason,
        on_date=build.NOW.date(), **WHO,
    )  # fmt: skip


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


def test_a_recall_is_refused_by_name_unless_forced(chain, work):
    chain.signed(payment_minor=10_000)
    hold(work)
    assert recall(work).guards == ("plan_active", "disputed")
    assert recall(work, is_forced=True).kind == "recalled"
    assert recall(work).kind == "there_already"
    payload = build.events_of(work, account_ref="AC-1")[-1].payload
    assert (payload["is_forced"], payload["reason"]) == (True, "sold")
    assert chain.account().state == "recalled"


def test_an_adjustment_changes_one_part_with_a_line_and_is_told(chain, work):
    done = adjust(work)
    assert (done.kind, done.balance_minor) == ("adjusted", 140_640)
    with work.read() as tx:
        lines = accounts.list_lines(tx, account_id=chain.account_id)
    assert (lines[-1].kind, lines[-1].amount_minor) == ("credit", -1_000)
    assert sum(line.amount_minor for line in lines) == chain.account().balance_minor
    payload = build.events_of(work, account_ref="AC-1")[-1].payload
    assert payload["difference"] == {"minor": -1_000, "currency": "USD"}
    assert adjust(work, amount=-500, reason="payment_elsewhere").kind == "adjusted"
    with work.read() as tx:
        assert accounts.list_lines(tx, account_id=chain.account_id)[-1].kind == "payment"


def test_an_adjustment_stays_within_the_account_and_never_alters_a_plan(chain, work):
    assert adjust(work, amount=-10_000_000).kind == "below_zero"
    assert adjust(work, currency="THB").kind == "other_currency"
    chain.signed(payment_minor=10_000)
    assert adjust(work).kind == "plan_active"
    for wrong in ({"amount": 0}, {"component": "penalty"}, {"reason": "because"}):
        with pytest.raises(ValueError, match="an adjustment names"):
            adjust(work, **wrong)


def test_what_the_lender_does_not_have_is_not_found(work):
    assert hold(work, ref="none").kind == "not_found"
    assert recall(work, ref="none").kind == "not_found"
    assert adjust(work, ref="none").kind == "not_found"
    released = release_account(work, account_ref="none", cause="dispute", reason="x", **WHO)
    assert released.kind == "not_found"
    with work.begin() as tx:
        assert find_and_lock(tx, account_ref="none") is None
