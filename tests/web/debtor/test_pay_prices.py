"""Paying in another currency: offered where the lender takes it, priced before it is paid, refused honestly."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from portal.actions.lenders.change_payments import set_fx
from portal.core.actors import staff_actor
from portal.core.fx import FxRules
from portal.core.money import Money
from portal.gateways.clock import FrozenClock
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.actions.chain import PageGateway, a_chain, a_notice
from tests.actions.payments.test_fx import RatesFake
from tests.actions.payments.test_record_payment import tell
from tests.web.conftest import LookingClient
from tests.web.debtor.walk import Walk


@pytest.fixture
def rates():
    return RatesFake()


@pytest.fixture
def gateway():
    return PageGateway()


@pytest.fixture
def clock():
    return FrozenClock(build.NOW)


@pytest.fixture
def app(settings, database, clock, gateway, rates):
    made = create_app(
        Services(settings=settings, database=database, clock=clock, stripe=gateway, fx_rates=rates)
    )
    made.testing = True
    made.test_client_class = LookingClient
    return made


@pytest.fixture
def chain(work, lender):
    chain = a_chain(work, lender)
    chain.signed()
    set_fx(
        work,
        rules=FxRules(currencies=("EUR",), margin_bp=150, locked_minutes=10),
        actor=staff_actor("stf_1"),
        now=build.NOW,
    )
    return chain


@pytest.fixture
def walk(chain, signed_in):
    return Walk(signed_in("debtor", subject_id=chain.debtor_id).client)


def path(chain):
    return f"/me/accounts/{chain.account_id}/pay"


def priced(chain, walk, currency="EUR"):
    return walk.go(path(chain)).submit(action="/pay", which="part", amount="100", currency=currency)


def test_a_price_is_shown_with_all_that_makes_it_and_then_paid(chain, walk, gateway):
    assert "USD, as on your account" in walk.go(path(chain)).text
    assert priced(chain, walk).path.endswith("/pay/price")
    for words in ("€91.35", "$100.00", "0.90", "Test bank", "1.5%"):
        assert words in walk.text
    assert walk.submit(action="/pay/price").page.status_code == 303
    assert gateway.asked[0][1] == Money(9_135, "EUR")


def test_the_receipt_shows_both_currencies(chain, walk, gateway):
    priced(chain, walk).submit(action="/pay/price")
    attempt, charged, ref, _page = gateway.asked[0]
    paid = SimpleNamespace(payment_id=attempt, currency=charged.currency, amount_minor=charged.minor)
    assert tell(chain, a_notice(paid)) == "applied"
    walk.go(f"/me/payments/{ref}")
    assert "We received $100.00" in walk.text
    assert "€91.35" in walk.text


def test_a_price_that_is_over_leads_back_to_the_choice(chain, walk, clock):
    price = priced(chain, walk).path
    clock.at = build.NOW + timedelta(minutes=10)
    assert walk.go(price).path.endswith("/pay")


def test_without_a_rate_that_serves_it_says_so_and_keeps_what_was_typed(chain, walk, rates):
    rates.at = build.NOW - timedelta(days=3)
    assert priced(chain, walk).page.status_code == 422
    assert "no current price" in walk.text
    assert any(field.get("value") == "100" for field in walk.tree.iter("input"))


def test_a_currency_that_is_not_offered_is_not_taken(chain, walk):
    assert priced(chain, walk, "THB").page.status_code == 422


def test_nobody_sees_a_price_of_another_account_or_of_none(chain, walk):
    assert walk.go(f"{path(chain)}/price").path.endswith("/pay")
    other = f"/me/accounts/{build.a_debtor(chain.work)}/pay/price"
    assert walk.client.get(other).status_code == 404
