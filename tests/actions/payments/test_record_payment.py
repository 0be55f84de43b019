import itertools
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.payments.receive_payment_event import receive_payment_event
from portal.actions.payments.record_payment import record_payment, record_state
from portal.actions.payments.settle_unknown import settle_unknown
from portal.actions.payments.start_payment import GoTo, NoPage, Wish, start_payment
from portal.core.money import Money
from portal.core.payments import Kind, PageWish, PaymentAbsent, PaymentState, PaymentUnknown
from portal.store import accounts, agreements, ledger, payments
from tests import build
from tests.actions.chain import PageGateway, a_chain, a_notice


def pay(chain, amount, *, token=None, gateway=None, purpose="installment", **wish):
    return start_payment(
        chain.work,
        wish=Wish(account_id=chain.account_id, amount=Money(amount, "USD"), purpose=purpose, **wish),
        debtor_id=chain.debtor_id,
        gateway=gateway or PageGateway(),
        page_for=lambda ref: PageWish(
            success_url=f"https://x.example/{ref}", cancel_url="https://x.example/"
        ),
        form_token=token or secrets.token_urlsafe(24),
        now=chain.now,
    )


def payment_of(chain, gone):
    with chain.work.read() as tx:
        return payments.find_payment(tx, payment_ref=gone.payment_ref)


def tell(chain, notice):
    receive_payment_event(chain.work, source="stripe", notice=notice, now=chain.now)
    return record_payment(chain.work, source="stripe", outside_id=notice.event_id, now=chain.now).result


def types_of(chain):
    return [row.type for row in build.events_of(chain.work, account_ref=chain.account().account_ref)]


def books(chain):
    with chain.work.read() as tx:
        return ledger.book_totals(tx, account_id=chain.account_id)


def test_a_payment_settles_installments_and_the_debt_is_booked_and_told(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    with work.read() as tx:
        first, second, *_ = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    amount = first.amount_minor + second.amount_minor // 2
    before = chain.account().balance_minor
    payment = payment_of(chain, pay(chain, amount))
    assert tell(chain, a_notice(payment)) == "applied"
    with work.read() as tx:
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    assert (rows[0].state, rows[0].paid_minor) == ("paid", first.amount_minor)
    assert (rows[1].state, rows[1].paid_minor) == ("upcoming", second.amount_minor // 2)
    assert chain.account().balance_minor == before - amount
    assert sum(books(chain).values()) == 0
    assert types_of(chain)[-4:] == [
        "payment.started",
        "payment.succeeded",
        "receipt.issued",
        "installment.paid",
    ]
    assert payment_of(chain, payment).receipt_number.startswith("R-2026-")


def test_told_twice_is_once(work, lender):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 5_000))
    notice = a_notice(payment)
    assert tell(chain, notice) == "applied"
    assert tell(chain, notice) == "nothing_new"
    assert tell(chain, a_notice(payment)) == "nothing_new"
    assert books(chain)["cash"] == 5_000
    assert types_of(chain).count("payment.succeeded") == 1


def test_paying_everything_completes_the_plan_and_settles_the_account(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed(family="restructure")
    with work.read() as tx:
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    payment = payment_of(chain, pay(chain, sum(row.amount_minor for row in rows)))
    tell(chain, a_notice(payment))
    with work.read() as tx:
        assert agreements.find_agreement(tx, agreement_id=agreement.agreement_id).state == "completed"
        assert agreements.find_active(tx, account_id=chain.account_id) is None
    assert (chain.account().state, chain.account().balance_minor) == ("settled", 0)
    assert sum(books(chain).values()) == 0
    assert "agreement.completed" in types_of(chain)
    assert pay(chain, 100) == NoPage(reason="settled")


def test_what_was_paid_too_much_is_credit(work, lender):
    chain = a_chain(work, lender)
    balance = chain.account().balance_minor
    payment = payment_of(chain, pay(chain, balance))
    tell(chain, a_notice(payment, amount=balance + 700))
    assert books(chain)["credit"] == -700
    assert chain.account().state == "settled"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_every_order_of_the_providers_notices_ends_alike(work, lender, order):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 6_000))
    told = [
        a_notice(payment, Kind.PENDING),
        a_notice(payment, Kind.SUCCEEDED),
        a_notice(payment, Kind.REFUNDED, amount=2_000),
        a_notice(payment, Kind.REFUNDED, amount=6_000),
    ]
    for place in order:
        receive_payment_event(work, source="stripe", notice=told[place], now=chain.now)
        record_payment(work, source="stripe", outside_id=told[place].event_id, now=chain.now)
    for notice in told * 2:  # the sweeper's second look at what had to wait
        record_payment(work, source="stripe", outside_id=notice.event_id, now=chain.now)
    after = payment_of(chain, payment)
    assert (after.state, after.refunded_minor) == ("refunded", 6_000)
    assert chain.account().balance_minor == 141_640
    assert sum(books(chain).values()) == 0


def test_a_lost_chargeback_opens_the_installment_again_without_a_mark(work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    with work.read() as tx:
        first = agreements.list_installments(tx, agreement_id=agreement.agreement_id)[0]
    payment = payment_of(chain, pay(chain, first.amount_minor))
    for kind in (Kind.SUCCEEDED, Kind.DISPUTED, Kind.DISPUTE_LOST):
        assert tell(chain, a_notice(payment, kind)) == "applied"
    with work.read() as tx:
        row = agreements.list_installments(tx, agreement_id=agreement.agreement_id)[0]
    assert (row.state, row.paid_minor) == ("upcoming", 0)
    assert payment_of(chain, payment).state == "returned"
    assert types_of(chain)[-2:] == ["payment.disputed", "payment.returned"]


def test_a_decline_takes_nothing_and_a_second_try_can_succeed(work, lender):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 5_000))
    assert tell(chain, a_notice(payment, Kind.FAILED, decline_code="card_declined")) == "applied"
    assert (payment_of(chain, payment).state, books(chain)) == ("failed", {})
    assert tell(chain, a_notice(payment)) == "applied"
    assert payment_of(chain, payment).state == "succeeded"


def test_what_the_provider_answers_when_asked_is_recorded_like_a_notice(work, lender):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 5_000))
    state = PaymentState(state="succeeded", payment_ref="pi_1", amount=Money(5_000, "USD"), method="card")
    assert record_state(work, payment_id=payment.payment_id, state=state, now=chain.now).result == "applied"
    assert (
        record_state(work, payment_id=payment.payment_id, state=state, now=chain.now).result == "nothing_new"
    )


def test_the_same_form_twice_is_one_attempt(work, lender):
    chain, gateway = a_chain(work, lender), PageGateway()
    first = pay(chain, 5_000, token="t" * 32, gateway=gateway)
    again = pay(chain, 5_000, token="t" * 32, gateway=gateway)
    assert isinstance(first, GoTo)
    assert first == again
    assert len({attempt for attempt, *_ in gateway.asked}) == 1
    assert types_of(chain).count("payment.started") == 1


class Asking:
    name = "stripe"

    def __init__(self, state):
        self.state = state

    def find_payment(self, **named):
        return self.state


def test_the_sweeper_settles_what_nobody_told(work, lender):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 5_000))
    state = PaymentState(state="succeeded", payment_ref="pi_1", amount=Money(5_000, "USD"))
    later = chain.now + timedelta(minutes=10)
    assert settle_unknown(work, gateway=Asking(state), now=chain.now) == 0
    assert settle_unknown(work, gateway=Asking(PaymentUnknown(code="time_out")), now=later) == 0
    assert settle_unknown(work, gateway=Asking(state), now=later) == 1
    assert settle_unknown(work, gateway=Asking(state), now=later) == 0
    assert payment_of(chain, payment).state == "succeeded"


def test_an_attempt_without_a_page_is_closed_after_a_day_and_never_repeated(work, lender):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 5_000))
    absent = Asking(PaymentAbsent())
    assert settle_unknown(work, gateway=absent, now=chain.now + timedelta(hours=3)) == 0
    assert settle_unknown(work, gateway=absent, now=chain.now + timedelta(hours=25)) == 1
    assert payment_of(chain, payment).state == "canceled"


def test_what_a_person_must_look_at_is_parked(work, lender):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 5_000))
    assert tell(chain, a_notice(payment, Kind.UNREADABLE)) == "parked"


def test_a_notice_about_nothing_of_ours_is_ignored(work, lender):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 5_000))
    stray = a_notice(payment)
    stray = type(stray)(
        event_id=stray.event_id, event_type="test", kind=Kind.SUCCEEDED, at=stray.at, attempt="not-ours"
    )
    assert tell(chain, stray) == "ignored"


@pytest.mark.parametrize(("kind", "expected"), [("deceased", "held"), ("bankruptcy", "held")])
def test_no_payment_page_where_the_law_stops_payments(work, lender, kind, expected):
    chain = a_chain(work, lender)
    with work.begin() as tx:
        accounts.save_hold(tx, account_id=chain.account_id, kind=kind, now=chain.now)
    assert pay(chain, 100) == NoPage(reason=expected)


def test_money_goes_to_the_debt_that_the_debtor_named(work, lender):
    """Of several debts the debtor says which is paid (in Germany BGB section 366 (1)): never the older one instead."""
    older = a_chain(work, lender)
    named = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=older.debtor_id, days_past_due=0)
    chain = replace(older, account_id=named)
    before = older.account()
    payment = payment_of(chain, pay(chain, 1_000, purpose="part"))
    assert tell(chain, a_notice(payment)) == "applied"
    assert older.account() == before
    assert before.balance_minor - chain.account().balance_minor == 1_000
