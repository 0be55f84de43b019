"""A creditor's money: what came in and stayed, what went straight to it, what was paid out, what is still held."""

import secrets
import threading
from datetime import timedelta

import pytest

from portal.actions.creditors.change_creditor import change_creditor
from portal.actions.creditors.record_payout import record_payout
from portal.actions.payments.close_books import close_books
from portal.core.actors import staff_actor
from portal.core.money import Money
from portal.core.payments import Kind
from portal.store import closings, lenders, payouts
from tests import build
from tests.actions.chain import PageGateway, a_chain, a_notice
from tests.actions.payments.test_record_payment import pay, payment_of, tell

KEEPER = staff_actor("stf_1")
ACCOUNT = "acct_1NorthwindCards"


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def change(chain, lender, **ways):
    given = {"payout_account": None, "range_from": None, "range_to": None} | ways
    return change_creditor(chain.work, creditor_id=lender.creditor_id, actor=KEEPER, now=chain.now, **given)


def paid(chain, minor, *, gateway=None):
    gone = pay(chain, minor, gateway=gateway)
    payment = payment_of(chain, gone)
    assert tell(chain, a_notice(payment)) == "applied"
    return payment_of(chain, gone)


def balance(chain, lender, *, after=timedelta(0)):
    with chain.work.read() as tx:
        rows = closings.list_running(tx, on=(chain.now + after).date())
    return next(row for row in rows if row.creditor_id == lender.creditor_id)


def pay_out(chain, lender, minor, *, token=None, currency="USD"):
    return record_payout(
        chain.work,
        creditor_id=lender.creditor_id,
        amount=Money(minor, currency),
        on=chain.now.date(),
        reference="SEPA 118",
        token=token or secrets.token_urlsafe(24),
        actor=KEEPER,
        now=chain.now,
    )


def test_what_came_in_is_held_until_it_is_paid_out(chain, lender):
    paid(chain, 10_000)
    assert balance(chain, lender).held == 10_000
    token = secrets.token_urlsafe(24)
    assert [pay_out(chain, lender, 6_000, token=token).kind for _ in range(2)] == ["recorded", "again"]
    assert (balance(chain, lender).paid_out, balance(chain, lender).held) == (6_000, 4_000)
    told = [event for event in build.events_of(chain.work) if event.type == "payout.recorded"]
    assert [(one.payload["amount"]["minor"], one.payload["held"]["minor"]) for one in told] == [
        (6_000, 4_000)
    ]


@pytest.mark.parametrize(("minor", "currency"), [(10_001, "USD"), (0, "USD"), (-5, "USD"), (1, "EUR")])
def test_no_more_than_is_held_goes_out(chain, lender, minor, currency):
    paid(chain, 10_000)
    assert pay_out(chain, lender, minor, currency=currency).kind == "amount"
    with chain.work.read() as tx:
        assert payouts.list_payouts(tx, creditor_id=lender.creditor_id) == []


def test_two_at_once_take_turns(chain, lender):
    paid(chain, 10_000)
    kinds = []
    pair = [threading.Thread(target=lambda: kinds.append(pay_out(chain, lender, 7_000).kind)) for _ in "ab"]
    for one in pair:
        one.start()
    for one in pair:
        one.join()
    assert sorted(kinds) == ["amount", "recorded"]


def test_another_lenders_creditor_does_not_exist(chain, lender, database):
    other = build.a_lender(database)
    assert pay_out(chain, other, 1).kind == "unknown"
    assert change(chain, other, payout_account=ACCOUNT) == "unknown"


def test_money_for_a_creditor_with_an_account_goes_straight_there(chain, lender):
    gateway = PageGateway()
    assert change(chain, lender, payout_account=ACCOUNT) == "changed"
    payment = paid(chain, 10_000, gateway=gateway)
    assert gateway.destinations == [ACCOUNT]
    now = balance(chain, lender)
    assert (now.net, now.direct, now.held) == (10_000, 10_000, 0)
    refund = a_notice(payment, Kind.REFUNDED, amount=4_000, refund_ref="re_1", is_final=True)
    assert tell(chain, refund) == "applied"
    now = balance(chain, lender)
    assert (now.net, now.direct, now.held) == (6_000, 6_000, 0)


def test_what_a_bank_takes_back_comes_out_of_our_own_cash(chain, lender):
    change(chain, lender, payout_account=ACCOUNT)
    payment = paid(chain, 10_000)
    lost = a_notice(payment, Kind.DISPUTE_LOST, dispute_ref="dp_1")
    assert tell(chain, lost) == "applied"
    now = balance(chain, lender)
    assert (now.net, now.direct, now.held) == (0, 10_000, -10_000)
    refund = a_notice(payment, Kind.REFUNDED, refund_ref="re_1", is_final=True)
    tell(chain, refund)
    assert balance(chain, lender).net == 0


def test_the_sums_are_the_same_when_their_days_are_closed(chain, lender):
    paid(chain, 3_000)
    change(chain, lender, payout_account=ACCOUNT)
    paid(chain, 10_000)
    pay_out(chain, lender, 1_000)
    before = balance(chain, lender, after=timedelta(days=2))
    close_books(chain.work, now=chain.now + timedelta(days=2))
    assert balance(chain, lender, after=timedelta(days=2)) == before
    assert (before.net, before.direct, before.paid_out, before.held) == (13_000, 10_000, 1_000, 2_000)


def test_a_changed_account_does_not_move_what_went_before(chain, lender):
    change(chain, lender, payout_account=ACCOUNT)
    payment = paid(chain, 10_000)
    change(chain, lender)
    assert payment.quote["destination"] == ACCOUNT
    tell(chain, a_notice(payment, Kind.REFUNDED, refund_ref="re_1", is_final=True))
    assert (balance(chain, lender).direct, balance(chain, lender).held) == (0, 0)


@pytest.mark.parametrize(
    ("ways", "became"),
    [
        ({"payout_account": "acct_"}, "account"),
        ({"payout_account": "ba_123456789"}, "account"),
        ({"range_from": "B", "range_to": "A"}, "range"),
        ({"range_from": "A", "range_to": "A9"}, "changed"),
    ],
)
def test_what_is_no_account_or_no_range_is_not_kept(chain, lender, ways, became):
    assert change(chain, lender, **ways) == became


@pytest.mark.parametrize(
    ("range_from", "range_to", "covered"),
    [(None, None, True), ("A", "B", False), ("B", None, True), (None, "C", True), ("C", None, False)],
)
def test_a_range_covers_what_lies_in_it(chain, lender, range_from, range_to, covered):
    change(chain, lender, range_from=range_from, range_to=range_to)
    with chain.work.read() as tx:
        assert lenders.find_creditor(tx, creditor_id=lender.creditor_id).covers("B1") is covered
