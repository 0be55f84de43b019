"""Which ways stand beside the partner's page: those of another rail that lender, country and amount allow."""

import urllib.error
import urllib.request
from datetime import timedelta

import pytest

from portal.actions.lenders.change_payments import choose_methods, set_fx
from portal.core.actors import SYSTEM, staff_actor
from portal.core.fx import FxRules
from portal.core.money import Money
from portal.gateways.clock import FrozenClock
from portal.gateways.qr_rail import QrRail
from portal.simulators.qr.app import Switch
from portal.simulators.serving import running
from portal.store import payments
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.actions.chain import PageGateway, a_chain
from tests.actions.payments.test_fx import RatesFake
from tests.web.conftest import LookingClient
from tests.web.debtor.walk import Walk


@pytest.fixture(scope="module")
def switch():
    made = Switch(key="k", secret="s")
    with running(made.app) as url:
        made.url = url
        yield made


@pytest.fixture
def gateway():
    return PageGateway()


@pytest.fixture
def clock():
    return FrozenClock(build.NOW)


@pytest.fixture
def app(settings, database, clock, gateway, switch):
    rail = QrRail(url=switch.url, key="k")
    made = create_app(
        Services(
            settings=settings, database=database, clock=clock, stripe=gateway, qr=rail, fx_rates=RatesFake()
        )
    )
    made.testing = True
    made.test_client_class = LookingClient
    return made


@pytest.fixture
def chain(work, lender):
    return a_chain(
        work, lender, currency="IDR", country="ID", principal_minor=5_000_000, interest_minor=0, fees_minor=0
    )


@pytest.fixture
def walk(chain, signed_in):
    return Walk(signed_in("debtor", subject_id=chain.debtor_id).client)


def path(chain):
    return f"/me/accounts/{chain.account_id}/pay"


def ways(walk):
    return [one.get("value") for one in walk.tree.iter("input") if one.get("name") == "way"]


def newest(chain):
    with chain.work.read() as tx:
        return payments.list_payments(tx, account_id=chain.account_id)[0]


def choose(chain, *names):
    choose_methods(chain.work, country="ID", methods=names, actor=SYSTEM, now=chain.now)


def test_another_rail_is_one_choice_beside_the_partners_page(chain, walk, gateway, switch):
    assert ways(walk.go(path(chain))) == ["page", "qris"]
    walk.submit(action="/pay", which="part", amount="2500", way="qris")
    assert walk.page.location.startswith(switch.url)
    payment = newest(chain)
    assert (payment.gateway, payment.amount_minor, gateway.asked) == ("qr", 250_000, [])
    code = switch.codes[payment.gateway_session]
    assert (code["scheme"], code["return_url"]) == (
        "qris",
        f"http://localhost/me/payments/{payment.payment_ref}?back=1",
    )


def test_what_the_lender_picked_decides_what_can_be_chosen(chain, walk, gateway):
    choose(chain, "card")
    assert ways(walk.go(path(chain))) == ["page"]
    assert walk.submit(action="/pay", which="part", amount="2500", way="qris").page.status_code == 422
    choose(chain, "qris")
    assert ways(walk.go(path(chain))) == ["qris"]
    walk.submit(action="/pay", which="part", amount="2500")
    assert (newest(chain).gateway, gateway.asked) == ("qr", [])


def test_a_changed_mind_closes_the_page_of_the_other_rail(chain, walk, gateway, switch):
    walk.go(path(chain)).submit(action="/pay", which="part", amount="2500", way="qris")
    first = newest(chain)
    walk.go(path(chain)).submit(action="/pay", which="part", amount="2500", way="page")
    assert switch.codes[first.gateway_session]["state"] == "canceled"
    assert len(gateway.asked) == 1
    walk.go(path(chain)).submit(action="/pay", which="part", amount="2500", way="qris")
    assert gateway.closed == [f"cs_{gateway.asked[0][0].hex}"]


def test_a_code_that_was_paid_is_found_by_the_page_that_asks(chain, walk, switch):
    walk.go(path(chain)).submit(action="/pay", which="part", amount="2500", way="qris")
    payment = newest(chain)
    posted = urllib.request.Request(f"{switch.url}/pay/{payment.gateway_session}", data=b"", method="POST")  # noqa: S310 - our own
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.URLError):  # it leads back to a portal that listens nowhere
        opener.open(posted, timeout=5)
    walk.go(f"/me/payments/{payment.payment_ref}").submit(action="/check")
    assert "We received" in walk.heading
    assert newest(chain).method == "qris"


def test_an_amount_beyond_a_ways_limit_is_explained(work, lender, signed_in):
    rich = a_chain(
        work,
        lender,
        currency="IDR",
        country="ID",
        principal_minor=2_000_000_000,
        interest_minor=0,
        fees_minor=0,
    )
    walk = Walk(signed_in("debtor", subject_id=rich.debtor_id).client)
    walk.go(path(rich)).submit(action="/pay", which="balance", way="qris")
    assert walk.page.status_code == 422
    assert "This way takes amounts" in walk.text


def test_a_price_in_the_currency_of_the_rail_can_be_paid_by_it(work, lender, signed_in, clock, switch):
    abroad = a_chain(work, lender, country="ID")
    rules = FxRules(currencies=("IDR",), locked_minutes=10)
    set_fx(work, rules=rules, actor=staff_actor("stf_1"), now=build.NOW)
    walk = Walk(signed_in("debtor", subject_id=abroad.debtor_id).client)
    walk.go(path(abroad))
    assert ways(walk) == ["page"]
    walk.submit(action="/pay", which="part", amount="100", currency="IDR")
    assert ways(walk) == ["page", "qris"]
    walk.submit(action="/price", way="qris")
    payment = newest(abroad)
    code = switch.codes[payment.gateway_session]
    assert (payment.amount_minor, payment.currency, code["currency"]) == (10_000, "USD", "IDR")
    assert Money(code["amount"], "IDR") == Money(9_000, "IDR")
    clock.at = build.NOW + timedelta(minutes=11)
    assert walk.go(f"{path(abroad)}/price").path.endswith("/pay")
