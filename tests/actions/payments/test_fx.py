"""A debt paid in another currency: priced, charged, booked in both, valued by the market, given back."""

import secrets
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.actions.lenders.change_payments import set_fx
from portal.actions.payments.money_sides import stays, worth_of
from portal.actions.payments.quote_payment import quote_payment
from portal.actions.payments.start_payment import Wish, charge_of, start_payment
from portal.actions.payments.value_payment import value_payment
from portal.actions.refunds.ask_refund import ask_refund
from portal.actions.refunds.decide_refund import decide_refund
from portal.actions.refunds.send_refund import send_refund
from portal.core.actors import staff_actor
from portal.core.fx import FxRules, Rate
from portal.core.money import Money
from portal.core.payments import Kind, PageWish, RefundStarted
from portal.store import sessions
from portal.store.tables.payments import ledger_entries
from tests import build
from tests.actions.chain import PageGateway, a_chain, a_notice
from tests.actions.payments.test_record_payment import payment_of, tell

AMOUNT = Money(10_000, "USD")


class RatesFake:
    """One rate, as somebody sets it."""

    def __init__(self, value="0.9", at=build.NOW):
        self.value, self.at = Decimal(value), at

    def find_rate(self, *, base, other):
        return Rate(base=base, other=other, value=self.value, source="Test bank", at=self.at)


@pytest.fixture
def chain(work, lender):
    chain = a_chain(work, lender)
    chain.signed()
    assert set_fx(
        work, rules=FxRules(currencies=("EUR",), margin_bp=150), actor=staff_actor("stf_1"), now=build.NOW
    )
    return chain


@pytest.fixture
def session_id(chain):
    with chain.work.begin() as tx:
        token = sessions.start_session(tx, kind="debtor", subject_id=chain.debtor_id, now=chain.now, state={})
        return sessions.find_session(tx, token=token, now=chain.now).session_id


def price(chain, session_id, *, rates=None, currency="EUR", amount=AMOUNT, debtor_id=None):
    return quote_payment(
        chain.work,
        session_id=session_id,
        account_id=chain.account_id,
        debtor_id=debtor_id or chain.debtor_id,
        amount=amount,
        currency=currency,
        choice="part",
        pays_again=False,
        rates=rates or RatesFake(),
        now=chain.now,
    )


def begin(chain, quote, gateway=None):
    return start_payment(
        chain.work,
        wish=Wish(account_id=chain.account_id, amount=AMOUNT, purpose="part", fx=quote),
        debtor_id=chain.debtor_id,
        gateway=gateway or PageGateway(),
        page_for=lambda ref: PageWish(
            success_url=f"https://x.example/{ref}", cancel_url="https://x.example/"
        ),
        form_token=secrets.token_urlsafe(24),
        now=chain.now,
    )


def books(chain):
    with chain.work.read() as tx:
        rows = tx.execute(
            select(
                ledger_entries.c.book,
                ledger_entries.c.currency,
                func.sum(ledger_entries.c.amount_minor).label("n"),
            )
            .where(ledger_entries.c.lender_id == tx.lender_id)
            .group_by(ledger_entries.c.book, ledger_entries.c.currency)
        ).all()
    return {(row.book, row.currency): int(row.n) for row in rows if row.n}


def sums(found):
    return {code: sum(n for (_, one), n in found.items() if one == code) for code in ("USD", "EUR")}


def paid(chain, session_id):
    payment = payment_of(chain, begin(chain, price(chain, session_id).quote))
    notice = replace(a_notice(payment), amount=Money(9_135, "EUR"))
    assert tell(chain, notice) == "applied"
    return payment_of(chain, payment)


def test_the_price_is_charged_told_and_booked_in_both_currencies(chain, session_id):
    before = chain.account().balance_minor
    gateway = PageGateway()
    found = price(chain, session_id).quote
    payment = payment_of(chain, begin(chain, found, gateway))
    assert gateway.asked[0][1] == charge_of(payment) == Money(9_135, "EUR")
    assert tell(chain, replace(a_notice(payment), amount=Money(9_135, "EUR"))) == "applied"
    after = payment_of(chain, payment)
    assert (after.state, after.amount_minor, after.currency) == ("succeeded", 10_000, "USD")
    kept = books(chain)
    assert (kept["cash", "EUR"], kept["fx_position", "EUR"]) == (9_135, -9_135)
    assert (kept["fx_position", "USD"], kept["fx_margin", "USD"]) == (10_150, -150)
    assert sums(kept) == {"USD": 0, "EUR": 0}
    placed = after.allocation
    assert before - chain.account().balance_minor == 10_000 - placed["plan_interest"] - placed["credit"]
    (told,) = [row for row in build.events_of(chain.work) if row.type == "payment.succeeded"]
    assert told.payload["fx"] | {"rate_at": "", "locked_until": ""} == {
        "paid": {"minor": 9_135, "currency": "EUR"},
        "rate": "0.9",
        "source": "Test bank",
        "rate_at": "",
        "margin_bp": 150,
        "locked_until": "",
    }


def test_the_market_values_it_once_and_gain_or_loss_is_booked(chain, session_id):
    payment = paid(chain, session_id)
    later = RatesFake("0.92")
    for expected in ("valued", "nothing"):
        assert (
            value_payment(chain.work, payment_id=payment.payment_id, rates=later, now=chain.now) == expected
        )
    kept, now = books(chain), payment_of(chain, payment)
    assert (stays(now), worth_of(now)) == (10_000, 9_929)
    assert (kept["fx_position", "USD"], kept["fx_margin", "USD"], kept["fx_result", "USD"]) == (
        9_929,
        -150,
        221,
    )
    assert sums(kept) == {"USD": 0, "EUR": 0}
    (told,) = [row for row in build.events_of(chain.work) if row.type == "payment.valued"]
    assert told.payload["result"] == {"minor": -221, "currency": "USD"}


@pytest.mark.parametrize(
    ("at", "reason"), [(build.NOW - timedelta(hours=30), "stale"), (build.NOW + timedelta(hours=1), "ahead")]
)
def test_a_rate_that_does_not_serve_is_refused_and_values_nothing(chain, session_id, at, reason):
    payment = paid(chain, session_id)
    rates = RatesFake(at=at)
    assert price(chain, session_id, rates=rates).reason == reason
    assert value_payment(chain.work, payment_id=payment.payment_id, rates=rates, now=chain.now) == reason
    assert "payment.valued" not in [row.type for row in build.events_of(chain.work)]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"currency": "THB"}, "off"),
        ({"amount": Money(1, "EUR")}, "off"),
        ({"debtor_id": uuid4()}, "unknown"),
        ({"rates": RatesFake("0.0001"), "amount": Money(1, "USD")}, "amount"),
    ],
)
def test_what_is_not_switched_on_or_not_theirs_has_no_price(chain, session_id, asked, reason):
    assert price(chain, session_id, **asked).reason == reason


def test_a_price_that_is_over_or_of_another_amount_begins_nothing(chain, session_id):
    quote = price(chain, session_id).quote
    assert begin(chain, replace(quote, debt=Money(9_999, "USD"))).reason == "quote_over"
    chain.now += timedelta(minutes=30)
    assert begin(chain, quote).reason == "quote_over"


def test_money_of_a_third_currency_is_parked_for_a_person(chain, session_id):
    payment = payment_of(chain, begin(chain, price(chain, session_id).quote))
    assert tell(chain, replace(a_notice(payment), amount=Money(9_135, "GBP"))) == "parked"
    assert payment_of(chain, payment).state == "started"


class GivesBack:
    """A gateway that gives back what it is asked to."""

    name = "stripe"

    def __init__(self):
        self.asked = []

    def refund(self, *, key, payment_ref, amount, reason=None, takes_back=False):
        del payment_ref, reason, takes_back
        self.asked.append(amount)
        return RefundStarted(refund_ref=f"re_{key.hex}", state="succeeded", amount=amount)


@pytest.mark.parametrize("valued", [False, True])
def test_what_goes_back_goes_in_the_currency_it_came_in_and_leaves_no_trace(chain, session_id, valued):
    payment = paid(chain, session_id)
    if valued:
        value_payment(chain.work, payment_id=payment.payment_id, rates=RatesFake("0.92"), now=chain.now)
    gateway = GivesBack()
    for minor in (4_000, 6_000):
        asked = ask_refund(
            chain.work,
            payment_ref=payment.payment_ref,
            amount_minor=minor,
            reason="other",
            by="stf_1",
            actor=staff_actor("stf_1"),
            now=chain.now,
        )
        decide_refund(
            chain.work,
            refund_ref=asked.refund_ref,
            decision="approved",
            by="stf_2",
            actor=staff_actor("stf_2"),
            now=chain.now,
        )
        assert send_refund(chain.work, refund_id=asked.refund_id, gateway=gateway, now=chain.now) == "done"
    assert gateway.asked == [Money(3_654, "EUR"), Money(5_481, "EUR")]
    assert payment_of(chain, payment).state == "refunded"
    kept = books(chain)
    assert sums(kept) == {"USD": 0, "EUR": 0}
    assert {book: n for book, n in kept.items() if book[0].startswith("fx")} == {}
    assert kept == {("cash", "EUR"): 9_135, ("refunds", "EUR"): -9_135}


def test_a_bank_takes_it_back_in_the_same_currency(chain, session_id):
    payment = paid(chain, session_id)
    lost = a_notice(payment, Kind.DISPUTE_LOST, dispute_ref="dp_1")
    assert tell(chain, replace(lost, amount=Money(9_135, "EUR"))) == "applied"
    assert (payment_of(chain, payment).state, books(chain)) == ("returned", {})
