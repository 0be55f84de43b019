"""How much to pay: what is offered, what is refused kindly, and what leads to the provider's page."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.core.money import Money
from portal.core.payments import Kind
from portal.gateways.clock import FrozenClock
from portal.store import accounts, agreements, lenders, payments
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.actions.chain import PageGateway, a_chain, a_notice
from tests.actions.payments.test_record_payment import pay, payment_of, tell
from tests.web.conftest import LookingClient
from tests.web.debtor.walk import Walk


@pytest.fixture
def gateway():
    return PageGateway()


@pytest.fixture
def clock():
    return FrozenClock(build.NOW)


@pytest.fixture
def app(settings, database, clock, gateway):
    made = create_app(Services(settings=settings, database=database, clock=clock, stripe=gateway))
    made.testing = True
    made.test_client_class = LookingClient
    return made


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


@pytest.fixture
def walk(chain, signed_in):
    return come_back(chain, signed_in)


def come_back(chain, signed_in):
    """Sign in, at the time that it is now."""
    return Walk(signed_in("debtor", subject_id=chain.debtor_id).client)


def path(chain):
    return f"/me/accounts/{chain.account_id}/pay"


def asked_minor(gateway):
    return gateway.asked[-1][1].minor


def test_without_a_plan_all_or_an_own_amount(walk, chain, gateway):
    walk.go(path(chain))
    assert "All of it, $1,416.40" in walk.text
    assert "The next payment" not in walk.text
    walk.submit(which="part", amount="25")
    assert walk.page.location.startswith("https://pay.example/")
    assert asked_minor(gateway) == 2_500


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the amount"),
        ("0.50", "Choose an amount from $1.00 to $1,416.40"),
        ("1416.41", "Choose an amount from $1.00 to $1,416.40"),
        ("-5", "Choose an amount from $1.00 to $1,416.40"),
        ("lots", "Please type an amount"),
    ],
)
def test_an_amount_that_cannot_be_paid_is_explained_and_kept(walk, chain, gateway, typed, said):
    walk.go(path(chain)).submit(which="part", amount=typed)
    assert walk.page.status_code == 422
    assert said in walk.text
    assert f'value="{typed}"' in html.unescape(walk.page.get_data(as_text=True))
    assert gateway.asked == []


def test_the_lenders_least_amount_holds_but_never_keeps_anybody_from_paying_all(walk, chain, work, database):
    with database.shared().begin() as shared:
        lenders.save_settings(shared, lender_id=work.lender_id, settings={"payment_least": {"USD": 200_000}})
    walk.go(path(chain))
    assert "From $1,416.40 ." in walk.text


def test_the_next_payment_the_overdue_ones_and_all_of_it(walk, chain, work, clock, gateway, signed_in):
    agreement = chain.signed()
    with work.read() as tx:
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    walk.go(path(chain))
    assert "Everything past its date" not in walk.text
    clock.move((rows[1].due_on - chain.today) + timedelta(days=1))
    walk = come_back(chain, signed_in)
    walk.go(path(chain)).submit(which="overdue")
    assert asked_minor(gateway) == rows[0].amount_minor + rows[1].amount_minor


def test_paying_all_today_shows_its_saving_and_ends_the_plan(walk, chain, work, gateway):
    agreement = chain.signed(family="restructure", interest_minor=77)
    with work.read() as tx:
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    interest = sum(row.interest_minor for row in rows)
    assert interest > 0
    walk.go(path(chain))
    assert f"Saves ${interest / 100:,.2f} of interest." in walk.text
    walk.submit(which="balance")
    assert asked_minor(gateway) == sum(row.amount_minor for row in rows) - interest
    with work.read() as tx:
        payment = payments.list_payments(tx, account_id=chain.account_id)[0]
    tell(chain, a_notice(payment))
    with work.read() as tx:
        assert agreements.find_agreement(tx, agreement_id=agreement.agreement_id).state == "completed"
    assert (chain.account().state, chain.account().balance_minor) == ("settled", 0)
    walk.go(path(chain))
    assert "There is nothing to pay" in walk.text


def test_a_payoff_that_is_taken_back_brings_the_interest_back(work, chain):
    agreement = chain.signed(family="restructure", interest_minor=77)
    with work.read() as tx:
        before = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    total = sum(row.principal_minor for row in before)
    payment = payment_of(chain, pay(chain, total, purpose="balance", payoff_on=chain.today.isoformat()))
    assert tell(chain, a_notice(payment)) == "applied"
    assert tell(chain, a_notice(payment, Kind.DISPUTE_LOST)) == "applied"
    with work.read() as tx:
        assert agreements.list_installments(tx, agreement_id=agreement.agreement_id) == before


def test_what_is_on_its_way_is_said_and_a_second_payment_needs_a_tick(walk, chain, gateway):
    tell(chain, a_notice(payment_of(chain, pay(chain, 2_000, gateway=gateway)), Kind.PENDING))
    walk.go(path(chain))
    assert "A payment of $20.00 is on its way already" in walk.text
    walk.submit(which="balance")
    assert walk.page.status_code == 422
    walk.submit(which="balance", again="1")
    assert walk.page.location.startswith("https://pay.example/")


def test_an_older_page_is_closed_when_a_new_one_opens(walk, chain, gateway):
    walk.go(path(chain)).submit(which="part", amount="25")
    walk.go(path(chain)).submit(which="part", amount="30")
    assert gateway.closed == [f"cs_{gateway.asked[0][0].hex}"]


def test_the_same_form_again_leads_to_the_same_page(walk, chain, gateway):
    walk.go(path(chain))
    form = {"which": "part", "amount": "25"}
    page = walk.page
    walk.submit(**form)
    first = walk.page.location
    walk.page = page
    walk.submit(**form)
    assert walk.page.location == first
    assert gateway.closed == []


def test_nothing_is_asked_of_somebody_who_disputes(walk, chain, work):
    walk.go(path(chain))
    with work.begin() as tx:
        accounts.save_hold(tx, account_id=chain.account_id, kind="dispute", now=chain.now)
    walk.submit(which="balance")
    assert walk.page.status_code == 409
    assert "nothing is asked of you" in walk.text


def test_a_form_of_yesterday_shows_what_became_of_its_payment(walk, chain, clock, signed_in):
    walk.go(path(chain))
    token = re.search(r'name="form_token" value="([^"]+)"', walk.page.get_data(as_text=True))[1]
    walk.submit(which="part", amount="25")
    clock.move(timedelta(hours=23, minutes=30))
    walk = come_back(chain, signed_in)
    walk.go(path(chain)).submit(which="part", amount="25", form_token=token)
    assert walk.heading == "We are still checking. Please do not pay again."


def test_the_most_overdue_account_is_one_tap_away(walk, chain, work, lender):
    from tests import build

    older = build.an_account(
        work, creditor_id=lender.creditor_id, debtor_id=chain.debtor_id, days_past_due=400
    )
    assert walk.client.get("/me/pay").location == f"/me/accounts/{older}/pay"


@pytest.mark.parametrize(
    ("kinds", "heading"),
    [
        ([Kind.SUCCEEDED], "Thank you. We received $50.00."),
        ([Kind.PENDING], "Your bank has the order for $50.00."),
        ([Kind.FAILED], "This payment did not go through. No money was taken."),
        ([Kind.SUCCEEDED, Kind.REFUNDED], "$50.00 was given back to you."),
        (
            [Kind.SUCCEEDED, Kind.DISPUTED, Kind.DISPUTE_LOST],
            "Your bank took $50.00 back. Nothing is held against you.",
        ),
    ],
)
def test_a_payment_says_where_it_stands(walk, chain, kinds, heading):
    payment = payment_of(chain, pay(chain, 5_000))
    for kind in kinds:
        tell(chain, replace(a_notice(payment, kind), amount=Money(5_000, "USD")))
    walk.go(f"/me/payments/{payment.payment_ref}")
    assert walk.heading.replace(" .", ".") == heading
    assert not re.search(r"\b(debtor|default|failure)\b", walk.text)


@pytest.mark.parametrize(
    ("picked", "methods"),
    [
        ({}, ()),
        ({"US": ["us_bank_account"]}, ("us_bank_account",)),
        ({"US": ["card", "us_bank_account"]}, ("card", "us_bank_account")),
        ({"TH": ["promptpay"]}, ()),
    ],
)
def test_the_page_offers_exactly_what_the_lender_picked(
    walk, chain, work, database, gateway, picked, methods
):
    with database.shared().begin() as shared:
        lenders.save_settings(shared, lender_id=work.lender_id, settings={"payment_methods": picked})
    walk.go(path(chain)).submit(which="part", amount="25")
    assert gateway.asked[-1][3].methods == methods


def test_a_voucher_is_there_to_be_opened(walk, chain):
    payment = payment_of(chain, pay(chain, 5_000))
    waiting = replace(
        a_notice(payment, Kind.PENDING), method="oxxo", voucher_url="https://voucher.example/v/1"
    )
    tell(chain, waiting)
    walk.go(f"/me/payments/{payment.payment_ref}")
    assert walk.heading.startswith("Your voucher for $50.00")
    assert 'href="https://voucher.example/v/1"' in walk.page.get_data(as_text=True)


def test_a_debit_says_when_the_money_usually_is_there(walk, chain):
    payment = payment_of(chain, pay(chain, 5_000))
    tell(chain, replace(a_notice(payment, Kind.PENDING), method="us_bank_account"))
    walk.go(f"/me/payments/{payment.payment_ref}")
    assert "It is usually here by December 7, 2026" in walk.text


def test_what_was_paid_too_much_is_offered_back(walk, chain):
    payment = payment_of(chain, pay(chain, 141_640))
    tell(chain, a_notice(payment, amount=141_640 + 700))
    walk.go(f"/me/payments/{payment.payment_ref}")
    assert "You paid $7.00 too much. It is yours." in walk.text
    walk.submit(action="/give-back")
    assert "$7.00 is on its way back to you." in walk.text


def test_where_nothing_can_go_back_the_page_says_who_helps(walk, chain):
    payment = payment_of(chain, pay(chain, 141_640))
    tell(chain, replace(a_notice(payment, amount=141_640 + 700), method="oxxo"))
    walk.go(f"/me/payments/{payment.payment_ref}").submit(action="/give-back")
    assert "A person will send it to you another way" in walk.text
