"""Money back: asked by one, approved by another, sent once, and the books follow the provider."""

from datetime import timedelta

import pytest

from portal.actions.payments.record_payment import apply_notice
from portal.actions.refunds.ask_refund import ask_credit_back, ask_refund
from portal.actions.refunds.decide_refund import decide_refund
from portal.actions.refunds.send_refund import send_refund
from portal.core.actors import staff_actor
from portal.core.payments import Kind, PaymentRefused, PaymentUnknown, RefundStarted
from portal.store import ledger, payments, refunds
from portal.store.paying import lock_paying
from tests import build
from tests.actions.chain import a_chain, a_notice
from tests.actions.payments.test_record_payment import pay, payment_of, tell

ANN, BEN = "stf_ann", "stf_ben"


class Back:
    """A provider that gives money back as it is told."""

    name = "stripe"

    def __init__(self, state="succeeded"):
        self.state, self.asked = state, []

    def refund(self, *, key, payment_ref, amount, reason=None, takes_back=False):
        self.asked.append((key, payment_ref, amount.minor))
        self.took_back = takes_back
        if not isinstance(self.state, str):
            return self.state
        return RefundStarted(refund_ref="re_1", state=self.state, amount=amount)


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def a_paid(chain, minor=6_000, **more):
    payment = payment_of(chain, pay(chain, minor))
    tell(chain, a_notice(payment, **more))
    return payment_of(chain, payment)


def ask(chain, payment, minor=2_000, *, by=ANN, now=None):
    return ask_refund(
        chain.work,
        payment_ref=payment.payment_ref,
        amount_minor=minor,
        reason="goodwill",
        by=by,
        actor=staff_actor(by),
        now=now or chain.now,
    )


def decide(chain, asked, decision="approved", *, by=BEN):
    return decide_refund(
        chain.work,
        refund_ref=asked.refund_ref,
        decision=decision,
        by=by,
        actor=staff_actor(by),
        now=chain.now,
    )


def state_of(chain, asked):
    with chain.work.begin() as tx:
        return refunds.lock_refund(tx, refund_id=asked.refund_id).state


def books(chain):
    with chain.work.read() as tx:
        return ledger.book_totals(tx, account_id=chain.account_id)


def test_one_asks_another_approves_and_it_goes_back_once(chain):
    payment, gateway = a_paid(chain), Back()
    before = chain.account().balance_minor
    asked = ask(chain, payment)
    assert send_refund(chain.work, refund_id=asked.refund_id, gateway=gateway, now=chain.now) == "nothing"
    assert decide(chain, asked, by=ANN) == "own_work"
    assert decide(chain, asked) == "decided"
    assert decide(chain, asked) == "not_waiting"
    assert [
        send_refund(chain.work, refund_id=asked.refund_id, gateway=gateway, now=chain.now) for _ in range(2)
    ] == ["done", "nothing"]
    assert gateway.asked == [(asked.refund_id, payment.gateway_ref, 2_000)]
    assert payment_of(chain, payment).refunded_minor == 2_000
    assert chain.account().balance_minor == before + 2_000
    assert sum(books(chain).values()) == 0


def test_the_providers_own_notice_of_the_same_refund_changes_nothing(chain):
    payment = a_paid(chain)
    asked = ask(chain, payment)
    decide(chain, asked)
    send_refund(chain.work, refund_id=asked.refund_id, gateway=Back(), now=chain.now)
    again = a_notice(payment, Kind.REFUNDED, amount=2_000, refund_ref="re_1")
    assert tell(chain, again) == "nothing_new"


def test_a_refund_that_fails_later_counts_for_the_account_again(chain):
    payment = a_paid(chain)
    before = chain.account().balance_minor
    asked = ask(chain, payment)
    decide(chain, asked)
    assert (
        send_refund(chain.work, refund_id=asked.refund_id, gateway=Back("pending"), now=chain.now) == "sent"
    )
    assert chain.account().balance_minor == before + 2_000
    assert tell(chain, a_notice(payment, Kind.REFUND_FAILED, amount=2_000, refund_ref="re_1")) == "applied"
    assert chain.account().balance_minor == before
    assert state_of(chain, asked) == "failed"
    assert books(chain)["refunds"] == 0
    assert [r.type for r in build.events_of(chain.work)].count("payment.refund_failed") == 1


def test_a_refund_that_arrives_is_done(chain):
    payment = a_paid(chain)
    asked = ask(chain, payment)
    decide(chain, asked)
    send_refund(chain.work, refund_id=asked.refund_id, gateway=Back("pending"), now=chain.now)
    arrived = a_notice(payment, Kind.REFUNDED, amount=2_000, refund_ref="re_1", is_final=True)
    tell(chain, arrived)
    assert state_of(chain, asked) == "done"


@pytest.mark.parametrize(("minor", "most"), [(0, 6_000), (-1, 6_000), (6_001, 6_000)])
def test_no_more_goes_back_than_came_in(chain, minor, most):
    refused = ask(chain, a_paid(chain), minor)
    assert (refused.reason, refused.most_minor) == ("amount", most)


def test_two_refunds_together_do_not_exceed_the_payment(chain):
    payment = a_paid(chain)
    assert ask(chain, payment, 4_000).kind == "asked"
    assert ask(chain, payment, 4_000).most_minor == 2_000


@pytest.mark.parametrize(
    ("kinds", "reason"), [([Kind.FAILED], "state"), ([Kind.SUCCEEDED, Kind.DISPUTED], "disputed")]
)
def test_what_did_not_come_or_is_disputed_does_not_go_back(chain, kinds, reason):
    payment = payment_of(chain, pay(chain, 6_000))
    for kind in kinds:
        tell(chain, a_notice(payment, kind))
    assert ask(chain, payment).reason == reason
    assert ask(chain, payment, by=BEN).kind == "refused"


def test_an_unknown_payment_is_unknown(chain):
    stray = a_paid(chain)
    object.__setattr__(stray, "payment_ref", "pay_nobody")
    assert ask(chain, stray).reason == "unknown"


def test_cash_vouchers_take_nothing_back(chain):
    payment = payment_of(chain, pay(chain, 6_000))
    notice = a_notice(payment)
    object.__setattr__(notice, "method", "oxxo")
    tell(chain, notice)
    assert ask(chain, payment).reason == "no_way_back"


def test_declined_is_the_end(chain):
    asked = ask(chain, a_paid(chain))
    assert decide(chain, asked, "declined") == "decided"
    assert send_refund(chain.work, refund_id=asked.refund_id, gateway=Back(), now=chain.now) == "nothing"
    assert state_of(chain, asked) == "declined"


@pytest.mark.parametrize(
    ("answer", "became", "state"),
    [
        (PaymentUnknown(code="no_answer"), "waits", "approved"),
        (PaymentRefused(code="charge_already_refunded"), "failed", "failed"),
    ],
)
def test_what_the_provider_does_not_say_is_asked_again_under_the_same_key(chain, answer, became, state):
    asked = ask(chain, a_paid(chain))
    decide(chain, asked)
    named = {"refund_id": asked.refund_id, "gateway": Back(answer)}
    assert send_refund(chain.work, now=chain.now, **named) == became
    assert state_of(chain, asked) == state
    if became == "waits":
        assert send_refund(chain.work, now=chain.now + timedelta(hours=24), **named) == "stale"
        assert len(named["gateway"].asked) == 1


def test_what_was_paid_too_much_goes_back_at_a_tap_without_approval(chain):
    balance = chain.account().balance_minor
    payment = payment_of(chain, pay(chain, balance))
    tell(chain, a_notice(payment, amount=balance + 700))
    stranger = build.a_debtor(chain.work)
    named = {"payment_ref": payment.payment_ref, "now": chain.now}
    assert ask_credit_back(chain.work, debtor_id=stranger, **named).reason == "unknown"
    asked = ask_credit_back(chain.work, debtor_id=chain.debtor_id, **named)
    assert asked.kind == "approved"
    assert ask_credit_back(chain.work, debtor_id=chain.debtor_id, **named).reason == "state"
    assert send_refund(chain.work, refund_id=asked.refund_id, gateway=Back(), now=chain.now) == "done"
    assert (chain.account().state, chain.account().balance_minor) == ("settled", 0)
    assert books(chain)["credit"] == 0
    with chain.work.read() as tx:
        assert payments.find_payment(tx, payment_id=payment.payment_id).refunded_minor == 700


def test_a_locked_payment_follows_one_notice_at_a_time(chain):
    payment = a_paid(chain)
    with chain.work.begin() as tx:
        paying = lock_paying(tx, payment_id=payment.payment_id)
        notice = a_notice(payment, Kind.REFUNDED, amount=1_000, refund_ref="re_9")
        assert apply_notice(tx, paying=paying, notice=notice, now=chain.now) == "applied"
    assert payment_of(chain, payment).refunded_minor == 1_000
