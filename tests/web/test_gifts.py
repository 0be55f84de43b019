"""The page of a code: an amount and a button; nothing about anybody, whatever is typed."""

import re

import pytest

from portal.gateways.clock import FrozenClock
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.actions.chain import PageGateway, a_chain
from tests.web.conftest import LookingClient
from tests.web.debtor.walk import Walk


@pytest.fixture
def gateway():
    return PageGateway()


@pytest.fixture
def app(settings, database, gateway):
    services = Services(settings=settings, database=database, clock=FrozenClock(build.NOW), stripe=gateway)
    made = create_app(services)
    made.testing = True
    made.test_client_class = LookingClient
    return made


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


@pytest.fixture
def code(chain, signed_in):
    walk = Walk(signed_in("debtor", subject_id=chain.debtor_id).client)
    walk.go(f"/me/accounts/{chain.account_id}/gift").submit(amount="25")
    assert "They see the amount and nothing else" in walk.text
    return re.search(r"[0-9]+(-[0-9A-Z]{4}){3}", walk.text)[0]


@pytest.fixture
def friend(app):
    return Walk(app.test_client())


def test_a_friend_sees_an_amount_and_goes_to_pay(friend, code, gateway):
    friend.go("/gift").submit(code=code.lower())
    assert "You can pay $25.00" in friend.heading
    page = friend.page.get_data(as_text=True)
    for told in ("Maria", "Lopez", "Tamarind", "Northwind", "AC-", "debt"):
        assert told not in page
    friend.submit(action="/gift/pay")
    assert friend.page.location.startswith("https://pay.example/")
    assert gateway.asked[0][1].minor == 2_500
    assert gateway.asked[0][2].startswith("pay_")
    assert friend.go("/gift/thanks").heading == "Thank you for helping."


@pytest.mark.parametrize("typed", ["1-AAAA-BBBB-CCCC", "999999-AAAA-BBBB-CCCC", "hello", "7-"])
def test_a_code_that_is_none_says_so_and_nothing_more(friend, code, typed):
    friend.go("/gift").submit(code=typed)
    assert friend.page.status_code == 422
    assert "This code cannot be used" in friend.text


def test_no_code_is_asked_for(friend):
    assert friend.go("/gift").submit(code="").page.status_code == 422


def test_a_code_is_ended_by_its_maker(chain, code, signed_in, friend):
    walk = Walk(signed_in("debtor", subject_id=chain.debtor_id).client)
    walk.go(f"/me/accounts/{chain.account_id}/gift").submit(action="/end")
    assert "Codes that can be used" not in walk.text
    friend.go("/gift").submit(code=code)
    assert "This code cannot be used" in friend.text


@pytest.mark.parametrize("typed", ["99999", ""])
def test_an_amount_that_cannot_be_is_explained(chain, signed_in, typed):
    walk = Walk(signed_in("debtor", subject_id=chain.debtor_id).client)
    walk.go(f"/me/accounts/{chain.account_id}/gift").submit(amount=typed)
    assert walk.page.status_code == 422
    assert "Choose an amount up to $1,416.40" in walk.text
