"""The gateway in bad weather: no answer after the charge, faults, double taps, lost and shuffled events."""

import json
import time
from itertools import permutations
from uuid import uuid4

import pytest

from portal.core.money import Money
from portal.core.payments import (
    CheckoutStarted,
    Kind,
    PaymentBusy,
    PaymentRefused,
    PaymentState,
    PaymentUnknown,
    RefundStarted,
)
from portal.gateways.stripe import StripeGateway
from tests.gateways.stripe_bench import PAGE, a_bench, at_once, wait_until
from tests.gateways.test_stripe import a_kept_method, debit

CHARGE = "/v1/payment_intents"


@pytest.fixture
def bench():
    with a_bench() as fresh:
        fresh.listen()
        yield fresh


def paid(bench):
    return bench.look("state")["paid_charges"]


@pytest.mark.parametrize("trouble", [{"action": "delay", "seconds": 1.2}, {"action": "drop"}])
def test_no_answer_after_the_charge_is_unknown_and_never_charges_twice(bench, trouble):
    kept = a_kept_method(bench)
    bench.control("faults", when="after", path=CHARGE, **trouble)
    assert debit(bench, kept, "late") == PaymentUnknown(code="no_answer")
    assert paid(bench) == 1
    found = bench.gateway.find_payment(attempt="late", customer_ref=kept[0])  # what the sweeper does
    assert isinstance(found, PaymentState)
    assert found.state == "succeeded"
    assert debit(bench, kept, "late") == found  # the same key: the first answer again
    assert paid(bench) == 1


@pytest.mark.parametrize("trouble", [{"action": "delay", "seconds": 1.2}, {"action": "drop"}])
def test_the_librarys_own_retry_uses_the_same_key(bench, trouble):
    kept = a_kept_method(bench)
    bench.gateway = bench.a_gateway(retries=2)
    bench.control("faults", when="after", path=CHARGE, **trouble)
    assert debit(bench, kept, "retried").state == "succeeded"
    assert paid(bench) == 1
    tries = [row for row in bench.look("requests") if row["idempotency_key"] == "retried"]
    assert [row["is_replay"] for row in tries] == [False, True]


def test_no_answer_before_the_charge_is_unknown_too(bench):
    kept = a_kept_method(bench)
    bench.control("faults", when="before", action="drop", path=CHARGE)
    assert debit(bench, kept, "early") == PaymentUnknown(code="no_answer")
    assert paid(bench) == 0
    assert debit(bench, kept, "early").state == "succeeded"
    assert paid(bench) == 1


def test_a_500_is_replayed_for_its_key_even_though_the_money_moved(bench):
    kept = a_kept_method(bench)
    bench.control("faults", when="after", action="status", status=500, path=CHARGE)
    assert isinstance(debit(bench, kept, "broken"), PaymentUnknown)
    assert isinstance(debit(bench, kept, "broken"), PaymentUnknown)  # the kept 500
    assert paid(bench) == 1
    assert bench.gateway.find_payment(attempt="broken", customer_ref=kept[0]).state == "succeeded"


@pytest.mark.parametrize(
    ("status", "expected"), [(429, PaymentBusy), (503, PaymentUnknown), (500, PaymentUnknown)]
)
def test_an_outage_before_the_work_says_whether_it_may_be_repeated(bench, status, expected):
    bench.control("faults", action="status", status=status, path="/v1/checkout/sessions")
    answer = bench.gateway.start_checkout(attempt="x", amount=Money(5000, "USD"), label="Payment", page=PAGE)
    assert isinstance(answer, expected)
    again = bench.gateway.start_checkout(attempt="x", amount=Money(5000, "USD"), label="Payment", page=PAGE)
    assert isinstance(again, PaymentUnknown if status == 500 else CheckoutStarted)  # a 500 stays with its key


def test_nobody_there_is_unknown_within_the_bounds():
    gateway = StripeGateway(
        secret_key="sk_test_x", api_base="http://127.0.0.1:9", timeouts=(1.0, 1.0), retries=0
    )
    started = time.monotonic()
    assert gateway.find_payment(payment_ref="pi_1") == PaymentUnknown(code="no_answer")
    assert time.monotonic() - started < 3


def test_a_hundred_taps_make_one_page_and_one_charge(bench):
    attempt = str(uuid4())
    ask = {"attempt": attempt, "amount": Money(5000, "USD"), "label": "Payment", "page": PAGE}
    bench.gateway = bench.a_gateway(timeouts=(5.0, 5.0), retries=2)
    answers = at_once(25, lambda: [bench.gateway.start_checkout(**ask) for _ in range(4)])
    pages = {page.session_id for row in answers for page in row if isinstance(page, CheckoutStarted)}
    assert len(pages) == 1
    assert bench.look("state")["counts"]["checkout.session"] == 1
    results = at_once(10, lambda: _pay_or_error(bench, next(iter(pages))))
    assert results.count("paid") == 1
    assert paid(bench) == 1


def _pay_or_error(bench, session):
    try:
        bench.control("pay", session=session)
    except OSError:
        return "no"
    return "paid"


def test_the_same_key_with_other_figures_is_refused(bench):
    attempt, _ = bench.checkout(Money(5000, "USD"))
    other = bench.gateway.start_checkout(
        attempt=attempt, amount=Money(5001, "USD"), label="Payment A-1", page=PAGE
    )
    assert other == PaymentRefused(code="idempotency")


def test_a_refund_without_an_answer_is_made_once(bench):
    _, started = bench.checkout(Money(5000, "USD"))
    bench.control("pay", session=started.session_id)
    ref = bench.gateway.find_payment(session_ref=started.session_id).payment_ref
    bench.control("faults", when="after", action="drop", path="/v1/refunds")
    ask = {"key": "r", "payment_ref": ref, "amount": Money(1000, "USD")}
    assert bench.gateway.refund(**ask) == PaymentUnknown(code="no_answer")
    assert isinstance(bench.gateway.refund(**ask), RefundStarted)
    assert bench.look("state")["counts"]["refund"] == 1


def test_duplicates_carry_the_same_event_id(bench):
    bench.control("delivery", copies=5)
    attempt, started = bench.checkout()
    bench.control("pay", session=started.session_id)
    posts = bench.receiver.wait_for("payment_intent.succeeded", count=5)
    notices = {bench.read(post).event_id for post in posts}
    assert len(posts) == 5
    assert len(notices) == 1
    bench.control("resend", event=notices.pop(), copies=3)
    bench.receiver.wait_for("payment_intent.succeeded", count=8)
    assert attempt in {notice.attempt for notice in bench.notices()}


def test_held_events_are_let_go_in_any_order(bench):
    bench.control("delivery", hold=True)
    _, started = bench.checkout()
    bench.control("pay", session=started.session_id)
    made = [row["id"] for row in bench.look("events")]
    assert bench.receiver.posts == []
    orders = list(permutations(made))
    wanted = list(orders[len(orders) // 2])
    assert bench.control("release", order="given", ids=wanted)["released"] == wanted
    wait_until(lambda: len(bench.receiver.posts) == len(made), "all events")
    assert [json.loads(body)["id"] for body, _ in bench.receiver.posts] == wanted
    assert {n.kind for n in bench.notices()} == {Kind.IGNORED, Kind.SUCCEEDED}
    bench.checkout()
    shuffled = bench.control("release", order="shuffled", seed=7)["released"]
    assert bench.control("release") == {"released": []}
    assert isinstance(shuffled, list)


def test_a_receiver_that_fails_gets_the_event_again(bench):
    bench.receiver.statuses = [500, 302, 404]
    _, started = bench.checkout()
    bench.control("pay", session=started.session_id)
    bench.receiver.wait_for("payment_intent.succeeded")
    wait_until(lambda: all(d["state"] == "done" for row in bench.look("events") for d in row["deliveries"]))
    statuses = [s for row in bench.look("events") for d in row["deliveries"] for s in d["statuses"]]
    assert sorted(set(statuses)) == [200, 302, 404, 500]
