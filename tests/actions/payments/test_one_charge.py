"""However often somebody taps, in one tab or in many: one charge (against a provider that charges in earnest)."""

import secrets
from uuid import uuid4

import pytest

from portal.actions.payments.record_payment import record_state
from portal.actions.payments.start_payment import GoTo, Wish, start_payment
from portal.core.money import Money
from portal.core.payments import PageWish, PaymentState
from portal.store import ledger, payments
from tests import build
from tests.actions.chain import a_chain
from tests.gateways.stripe_bench import a_bench, at_once


@pytest.fixture(scope="module")
def bench():
    with a_bench() as made:
        yield made


def tap(chain, gateway, *, token):
    return start_payment(
        chain.work,
        wish=Wish(account_id=chain.account_id, amount=Money(4_200, "USD"), purpose="part"),
        debtor_id=chain.debtor_id,
        gateway=gateway,
        page_for=lambda ref: PageWish(
            success_url=f"http://portal.test/{ref}", cancel_url="http://portal.test/"
        ),
        form_token=token,
        now=build.NOW,
    )


def pay_every_open_page(bench, chain):
    """Pay whatever page still takes money, as somebody with many tabs could."""
    with chain.work.read() as tx:
        attempts = payments.list_payments(tx, account_id=chain.account_id)
    for attempt in attempts:
        state = attempt.gateway_session and bench.gateway.find_payment(session_ref=attempt.gateway_session)
        if isinstance(state, PaymentState) and state.state == "started":
            bench.control("pay", session=attempt.gateway_session, card="4242424242424242")
        if isinstance(state := bench.gateway.find_payment(session_ref=attempt.gateway_session), PaymentState):
            for _ in range(2):
                record_state(chain.work, payment_id=attempt.payment_id, state=state, now=build.NOW)


def charged(bench, chain):
    before = bench.look("state")["paid_charges"]
    pay_every_open_page(bench, chain)
    with chain.work.read() as tx:
        books = ledger.book_totals(tx, account_id=chain.account_id)
    return bench.look("state")["paid_charges"] - before, books.get("cash", 0)


def tap_at_once(bench, chain, *, count, tabs):
    """Tap so many times at the same moment; in `tabs` every tap has a form of its own."""
    gateway = bench.a_gateway(timeouts=(10.0, 30.0), retries=3)
    one = secrets.token_urlsafe(24)
    return at_once(count, lambda: tap(chain, gateway, token=secrets.token_urlsafe(24) if tabs else one))


@pytest.mark.parametrize("tabs", [False, True])
def test_many_taps_at_once_are_one_charge(bench, work, lender, tabs):
    chain = a_chain(work, lender)
    done = tap_at_once(bench, chain, count=6, tabs=tabs)
    assert any(isinstance(one, GoTo) for one in done)
    assert charged(bench, chain) == (1, 4_200)


@pytest.mark.long
@pytest.mark.parametrize("tabs", [False, True])
def test_two_hundred_times_fifty_taps_are_two_hundred_charges(bench, work, lender, tabs):
    build.active_bounds(work)
    for _ in range(100):
        chain = a_chain(work, lender)
        tap_at_once(bench, chain, count=50, tabs=tabs)
        assert charged(bench, chain) == (1, 4_200)


def test_a_page_that_was_paid_meanwhile_is_recorded_instead_of_a_new_one(bench, work, lender):
    chain = a_chain(work, lender)
    first = tap(chain, bench.gateway, token=secrets.token_urlsafe(24))
    with work.read() as tx:
        session = payments.find_payment(tx, payment_ref=first.payment_ref).gateway_session
    bench.control("pay", session=session, card="4242424242424242")
    again = tap(chain, bench.gateway, token=secrets.token_urlsafe(24))
    assert (again.reason, again.payment_ref) == ("paid", first.payment_ref)
    with work.read() as tx:
        states = [one.state for one in payments.list_payments(tx, account_id=chain.account_id)]
    assert states == ["canceled", "succeeded"]


def test_an_attempt_of_nobody_is_nothing(bench):
    assert not isinstance(bench.gateway.find_payment(attempt=uuid4()), PaymentState)
