"""The gateway against the provider, over HTTP, with the real library: what happens to money."""

import json

import pytest

from portal.core.money import Money
from portal.core.payments import (
    CheckoutStarted,
    CustomerKept,
    Kind,
    MethodDetached,
    PageWish,
    PaymentAbsent,
    PaymentDeclined,
    PaymentRefused,
    PaymentState,
    RefundStarted,
)
from tests.gateways.stripe_bench import PAGE, a_bench, at_once, wait_until


@pytest.fixture(scope="module")
def shared():
    with a_bench() as bench:
        bench.listen()
        yield bench


@pytest.fixture
def bench(shared):
    shared.control("delivery", hold=False, copies=1)
    shared.receiver.posts.clear()
    return shared


def kinds(bench, attempt):
    return [
        notice.kind for notice in bench.notices() if notice.attempt == attempt and notice.kind != Kind.IGNORED
    ]


def test_a_paid_page_is_told_and_found(bench):
    attempt, started = bench.checkout()
    assert bench.gateway.find_payment(session_ref=started.session_id).state == "started"
    bench.control("pay", session=started.session_id)
    bench.receiver.wait_for("checkout.session.completed")
    assert set(kinds(bench, attempt)) == {Kind.SUCCEEDED}
    notice = bench.read(bench.receiver.wait_for("payment_intent.succeeded")[0])
    assert (notice.amount, notice.kind) == (Money(12345, "THB"), Kind.SUCCEEDED)
    found = bench.gateway.find_payment(session_ref=started.session_id)
    assert (found.state, found.amount, found.method) == ("succeeded", Money(12345, "THB"), "card")
    assert found.payment_ref == notice.payment_ref
    assert bench.gateway.find_payment(payment_ref=found.payment_ref).state == "succeeded"
    assert bench.gateway.find_payment(attempt=attempt).payment_ref == found.payment_ref


@pytest.mark.parametrize(
    ("card", "code", "is_final"),
    [
        ("4000000000000002", "generic_decline", False),
        ("4000000000009995", "insufficient_funds", False),
        ("4000000000009987", "lost_card", True),
        ("4000000000000069", "expired_card", True),
    ],
)
def test_a_declined_card_leaves_the_page_open(bench, card, code, is_final):
    attempt, started = bench.checkout()
    with pytest.raises(OSError, match="402"):
        bench.control("pay", session=started.session_id, card=card)
    notice = bench.read(bench.receiver.wait_for("payment_intent.payment_failed")[0])
    assert (notice.kind, notice.decline_code, notice.is_final) == (Kind.DECLINED, code, is_final)
    assert (notice.attempt, notice.method) == (attempt, "card")
    assert bench.gateway.find_payment(session_ref=started.session_id).state == "started"
    bench.control("pay", session=started.session_id)
    assert bench.gateway.find_payment(session_ref=started.session_id).state == "succeeded"


@pytest.mark.parametrize(
    ("method", "amount"),
    [
        ("promptpay", Money(50000, "THB")),
        ("pix", Money(50000, "BRL")),
        ("boleto", Money(50000, "BRL")),
        ("oxxo", Money(50000, "MXN")),
        ("konbini", Money(5000, "JPY")),
        ("sepa_debit", Money(5000, "EUR")),
        ("bacs_debit", Money(5000, "GBP")),
        ("us_bank_account", Money(5000, "USD")),
    ],
)
@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_delayed_money_is_pending_and_then_arrives_or_not(bench, method, amount, outcome):
    attempt, started = bench.checkout(amount)
    bench.control("pay", session=started.session_id, method=method)
    assert bench.gateway.find_payment(session_ref=started.session_id).state == "pending"
    bench.receiver.wait_for("checkout.session.completed")
    wait_until(lambda: kinds(bench, attempt), "a notice of the attempt")
    assert set(kinds(bench, attempt)) == {Kind.PENDING}
    bench.control("settle", session=started.session_id, outcome=outcome)
    bench.receiver.wait_for(f"checkout.session.async_payment_{outcome}")
    wait_until(lambda: kinds(bench, attempt)[-1] == Kind(outcome), outcome)
    assert bench.gateway.find_payment(session_ref=started.session_id).state == outcome


def test_a_page_that_nobody_pays_is_canceled(bench):
    attempt, started = bench.checkout()
    assert bench.gateway.close_checkout(session_ref=started.session_id).state == "canceled"
    assert bench.gateway.close_checkout(session_ref=started.session_id) == PaymentRefused(
        code="checkout_session_not_open"
    )
    bench.receiver.wait_for("checkout.session.expired")
    assert kinds(bench, attempt) == [Kind.CANCELED]


def test_refunds_go_back_once_a_key(bench):
    attempt, started = bench.checkout()
    bench.control("pay", session=started.session_id)
    paid = bench.gateway.find_payment(session_ref=started.session_id)
    part = {"key": "r1" + attempt, "payment_ref": paid.payment_ref, "amount": Money(345, "THB")}
    first = bench.gateway.refund(**part, reason="requested_by_customer")
    assert first == RefundStarted(refund_ref=first.refund_ref, state="succeeded", amount=Money(345, "THB"))
    assert bench.gateway.refund(**part, reason="requested_by_customer") == first
    rest = bench.gateway.refund(key="r2" + attempt, payment_ref=paid.payment_ref, amount=Money(12000, "THB"))
    assert isinstance(rest, RefundStarted)
    more = bench.gateway.refund(key="r3" + attempt, payment_ref=paid.payment_ref, amount=Money(1, "THB"))
    assert more == PaymentRefused(code="charge_already_refunded")
    told = [bench.read(post) for post in bench.receiver.wait_for("charge.refunded", count=2)]
    assert [notice.amount.minor for notice in told] == [345, 12345]  # what was paid back so far, in all
    assert {(notice.kind, notice.attempt) for notice in told} == {(Kind.REFUNDED, attempt)}
    assert bench.gateway.find_payment(payment_ref=paid.payment_ref).state == "refunded"


@pytest.mark.parametrize(
    ("outcome", "kind", "state"),
    [("won", Kind.DISPUTE_WON, "succeeded"), ("lost", Kind.DISPUTE_LOST, "disputed")],
)
def test_a_bank_takes_a_payment_back(bench, outcome, kind, state):
    _, started = bench.checkout()
    bench.control("pay", session=started.session_id)
    dispute = bench.control("dispute", session=started.session_id, reason="product_not_received")
    told = bench.read(bench.receiver.wait_for("charge.dispute.created")[0])
    assert (told.kind, told.reason, told.amount) == (
        Kind.DISPUTED,
        "product_not_received",
        Money(12345, "THB"),
    )
    assert told.respond_by is not None
    assert bench.gateway.find_payment(session_ref=started.session_id).state == "disputed"
    bench.control("close_dispute", dispute=dispute["id"], outcome=outcome)
    assert bench.read(bench.receiver.wait_for("charge.dispute.closed")[0]).kind == kind
    assert bench.gateway.find_payment(session_ref=started.session_id).state == state


def a_kept_method(bench, card="4242424242424242"):
    customer = bench.gateway.keep_customer(debtor_ref=f"dbt_{card}")
    assert isinstance(customer, CustomerKept)
    attempt = f"setup-{card}-{len(bench.receiver.posts)}-{bench.look('state')['counts']['event']}"
    page = PageWish(success_url=PAGE.success_url, cancel_url=PAGE.cancel_url, methods=("card",))
    started = bench.gateway.start_setup(
        attempt=attempt, customer_ref=customer.customer_ref, currency="THB", page=page
    )
    assert isinstance(started, CheckoutStarted)
    bench.control("pay", session=started.session_id, card=card)
    wait_until(lambda: any(n.kind == Kind.SETUP_DONE and n.attempt == attempt for n in bench.notices()))
    told = next(n for n in bench.notices() if n.kind == Kind.SETUP_DONE and n.attempt == attempt)
    assert told.customer_ref == customer.customer_ref
    return customer.customer_ref, told.method_ref


def debit(bench, kept, attempt, minor=5000, **more):
    return bench.gateway.charge_kept(
        attempt=attempt,
        amount=Money(minor, "THB"),
        customer_ref=kept[0],
        method_ref=kept[1],
        label="Payment 2 of 12",
        **more,
    )


def test_a_kept_card_is_debited_once_an_attempt_and_can_be_forgotten(bench):
    kept = a_kept_method(bench)
    before = bench.look("state")["paid_charges"]
    answers = at_once(20, lambda: debit(bench, kept, "debit-1"))
    final = debit(bench, kept, "debit-1")
    assert isinstance(final, PaymentState)
    assert final.state == "succeeded"
    assert bench.look("state")["paid_charges"] == before + 1
    assert all(answer == final or not isinstance(answer, PaymentState) for answer in answers)
    assert bench.gateway.find_payment(attempt="debit-1", customer_ref=kept[0]) == final
    assert debit(bench, kept, "debit-1", minor=6000) == PaymentRefused(code="idempotency")
    assert bench.gateway.forget_method(method_ref=kept[1]) == MethodDetached(method_ref=kept[1])
    assert isinstance(debit(bench, kept, "debit-2"), PaymentRefused)
    told = bench.read(bench.receiver.wait_for("payment_method.detached")[0])
    assert (told.kind, told.method_ref) == (Kind.METHOD_REMOVED, kept[1])


def test_a_debit_that_is_declined_says_whether_to_try_again(bench):
    kept = a_kept_method(bench, "4000000000000341")
    answer = debit(bench, kept, "debit-declined")
    assert isinstance(answer, PaymentDeclined)
    assert (answer.code, answer.is_final, answer.needs_debtor) == ("generic_decline", False, False)
    told = bench.read(bench.receiver.wait_for("payment_intent.payment_failed")[0])
    assert (told.kind, told.attempt, told.payment_ref) == (Kind.FAILED, "debit-declined", answer.payment_ref)
    assert bench.gateway.find_payment(payment_ref=answer.payment_ref).state == "failed"


def test_nothing_under_a_name_is_absent(bench):
    assert bench.gateway.find_payment(payment_ref="pi_nothing") == PaymentAbsent()
    assert bench.gateway.find_payment(session_ref="cs_nothing") == PaymentAbsent()
    assert bench.gateway.find_payment(attempt="never-made") == PaymentAbsent()
    with pytest.raises(ValueError, match="name the payment"):
        bench.gateway.find_payment()


def test_what_the_provider_cannot_charge_is_refused_in_our_words(bench):
    small = {"attempt": "small", "label": "Payment", "page": PAGE}
    assert bench.gateway.start_checkout(amount=Money(1, "USD"), **small) == PaymentRefused(
        code="amount_too_small"
    )
    assert bench.gateway.start_checkout(amount=Money(30, "CLF"), **small) == PaymentRefused(
        code="amount_not_payable"
    )
    stranger = bench.a_gateway(secret_key="sk_test_stranger")
    assert isinstance(stranger.start_checkout(amount=Money(5000, "USD"), **small), PaymentRefused)


def test_no_name_number_or_address_leaves_the_house(bench):
    bench.gateway.keep_customer(debtor_ref="dbt_private")
    bodies = [row["body"] for row in bench.look("requests") if row["path"] == "/v1/customers"]
    assert bodies
    assert all("name" not in body and "phone" not in body and "email" not in body for body in bodies)
    assert json.dumps(bodies)
