"""A balance that changes while a plan runs is met by the declared rule, told, and never overwrites the plan."""

import copy

import pytest

from portal.actions.accounts.meet_live_plan import CAUSE
from portal.actions.accounts.reconcile_accounts import find_reconciled, list_reconciled, walk_reconciled
from portal.core.bounds.presets import preset
from portal.store import accounts, handoffs
from tests import build
from tests.actions.accounts.files import a_row, send
from tests.actions.accounts.test_put_account import put
from tests.actions.chain import Chain


def a_plan(work, bulk, rule):
    """AC-1, imported, with a signed plan under bounds of this rule."""
    send(bulk, a_row(1))
    body = copy.deepcopy(preset("USD"))
    for segment in body["segments"]:
        segment.setdefault("common", {})["balance_change"] = rule
    build.active_bounds(work, body=body)
    with work.read() as tx:
        account = accounts.find_account(tx, account_ref="AC-1")
    chain = Chain(work=work, account_id=account.account_id, debtor_id=account.debtor_id)
    chain.signed(payment_minor=10_000)
    return chain


def heard(work, since):
    return build.events_of(work, account_ref="AC-1")[since:]


def books(work):
    with work.read() as tx:
        return find_reconciled(tx, account_ref="AC-1").books


@pytest.mark.parametrize(
    ("rule", "reason", "types"),
    [
        ("keep", "kept.plan_active", ["account.balance_changed"]),
        ("requote", "kept.plan_requoted", ["account.balance_changed", "case.handed_off"]),
        ("freeze", "kept.plan_frozen", ["account.balance_changed", "account.held", "case.handed_off"]),
    ],
)
def test_each_rule_does_what_it_says_once(work, bulk, rule, reason, types):
    chain = a_plan(work, bulk, rule)
    before, since = chain.account(), len(build.events_of(work, account_ref="AC-1"))
    for _ in range(2):
        done = send(bulk, a_row(1, fees="35.00"))
        assert [one.reason for _, one in done.rejects] == [reason]
    assert chain.account() == before, "the portal's balance stays"
    told = heard(work, since)
    assert [event.type for event in told] == types
    assert told[0].payload["effect"] == rule
    assert told[0].payload["difference"] == {"minor": 500, "currency": "USD"}
    with work.read() as tx:
        held = [hold.kind for hold in accounts.list_holds(tx, account_id=chain.account_id, now=build.NOW)]
        waiting = [one.cause for one in handoffs.list_handoffs_of(tx, debtor_id=chain.debtor_id)]
    assert held == ([CAUSE] if rule == "freeze" else [])
    assert waiting == ([CAUSE] if rule != "keep" else [])
    assert (books(work).difference, dict(books(work).causes)) == (-500, {"kept": -500})


def test_another_figure_is_met_again_and_details_alone_are_not(work, bulk):
    chain = a_plan(work, bulk, "keep")
    since = len(build.events_of(work, account_ref="AC-1"))
    send(bulk, a_row(1, product="something else"))
    assert heard(work, since) == []
    send(bulk, a_row(1, fees="35.00"))
    send(bulk, a_row(1, fees="36.00"))
    assert [event.payload["difference"]["minor"] for event in heard(work, since)] == [500, 600]
    assert chain.account().fees_minor == 3_000


def test_an_account_by_put_meets_the_same_rule(work, bulk, lender):
    a_plan(work, bulk, "requote")
    done = put(work, fees="35.00")
    assert (done.kind, done.rule) == ("plan_active", "requote")
    assert put(work, fees="35.00").rule == "requote"
    assert books(work).effect == "requote"


def test_what_is_taken_over_makes_both_books_equal_until_something_is_posted(work, bulk):
    send(bulk, a_row(1), a_row(2))
    send(bulk, a_row(1, fees="35.00"), a_row(2))
    with work.read() as tx:
        page = list_reconciled(tx, after=None, limit=10, is_different_only=False)
        assert {one.account_ref: one.books.difference for one in page.rows} == {"AC-1": 0, "AC-2": 0}
        assert list_reconciled(tx, after=None, limit=10, is_different_only=True).rows == ()
        first = list_reconciled(tx, after=None, limit=1, is_different_only=False)
        second = list_reconciled(tx, after=first.after, limit=1, is_different_only=False)
    assert {one.account_ref for one in (*first.rows, *second.rows)} == {"AC-1", "AC-2"}
    assert second.after is None
    assert len(list(walk_reconciled(work, is_different_only=False))) == 2
