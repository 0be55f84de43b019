"""The page of debits: exact terms, an unticked box, stop and move in one tap, the end as near as the beginning."""

from datetime import timedelta

import pytest

from portal.actions.mandates.announce_debits import announce_debits
from portal.gateways.clock import FrozenClock
from portal.store import agreements, mandates
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.actions.chain import a_chain
from tests.actions.mandates.rig import Debits, a_mandate
from tests.web.conftest import LookingClient
from tests.web.debtor.walk import Walk


@pytest.fixture
def gateway():
    return Debits()


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
    made = a_chain(work, lender)
    made.agreement = made.signed()
    return made


@pytest.fixture
def walk(chain, signed_in):
    return come(chain, signed_in)


def come(chain, signed_in):
    return Walk(signed_in("debtor", subject_id=chain.debtor_id).client)


def path(chain):
    return f"/me/accounts/{chain.account_id}/autopay"


def a_told_debit(chain, gateway, clock):
    mandate = a_mandate(chain, gateway)
    with chain.work.read() as tx:
        first = agreements.list_installments(tx, agreement_id=chain.agreement.agreement_id)[0]
    clock.move(timedelta(days=(first.due_on - chain.today).days - 4, hours=6))
    assert announce_debits(
        chain.work, mandate_id=mandate.mandate_id, base_url="http://localhost", now=clock.now()
    )
    with chain.work.read() as tx:
        return mandate, mandates.list_debits(tx, agreement_id=mandate.agreement_id)[0]


def test_the_exact_terms_stand_above_an_unticked_box(walk, chain):
    walk.go(path(chain))
    for words in (
        "each payment of your plan, at most",
        "at least 3 days ahead, 10 days",
        "at most 2 times more",
    ):
        assert words in walk.text
    assert not walk.tree.findall(".//input[@checked]")


def test_without_the_tick_nothing_is_begun(walk, chain, gateway):
    walk.go(path(chain)).submit(action="/autopay")
    assert walk.page.status_code == 422
    assert gateway.pages == []


def test_with_the_tick_the_providers_page_opens_and_its_way_back_asks_what_became_of_it(walk, chain, gateway):
    walk.go(path(chain)).submit(action="/autopay", allows="1", payday="25")
    assert walk.page.location.startswith("https://pay.example/")
    back = gateway.pages[0][3].success_url.removeprefix("http://localhost")
    walk.go(back)
    assert "not heard yet" in walk.heading
    walk.submit(action="/check")
    assert walk.heading.startswith("Done.")
    assert "Taken from: Card" in walk.text


def test_terms_that_changed_meanwhile_are_shown_again(walk, chain, gateway):
    walk.go(path(chain)).submit(action="/autopay", allows="1", shown="0" * 64)
    assert walk.page.status_code == 422
    assert "have changed meanwhile" in walk.text
    assert gateway.pages == []


def test_one_debit_is_moved_and_stopped_by_a_tap(walk, chain, gateway, clock, signed_in):
    _mandate, one = a_told_debit(chain, gateway, clock)
    walk = come(chain, signed_in)
    walk.go(path(chain))
    assert "You can stop or move it until the end of" in walk.text
    walk.submit(action="/move", day=(one.due_on + timedelta(days=1)).isoformat())
    with chain.work.read() as tx:
        assert mandates.find_debit(tx, debit_id=one.debit_id).debit_on == one.due_on + timedelta(days=1)
    walk.submit(action="/stop")
    assert "Stopped. You can still pay it yourself" in walk.text


def test_a_day_that_is_too_late_is_explained(walk, chain, gateway, clock, signed_in):
    _mandate, one = a_told_debit(chain, gateway, clock)
    walk = come(chain, signed_in)
    walk.go(path(chain)).submit(action="/move", day=(one.due_on + timedelta(days=9)).isoformat())
    assert walk.page.status_code == 422
    assert "at the latest" in walk.text
    walk.go(path(chain)).submit(action="/move", day="never")
    assert walk.page.status_code == 422


def test_all_of_it_ends_by_one_tap(walk, chain, gateway):
    a_mandate(chain, gateway)
    walk.go(path(chain)).submit(action="/end")
    assert "Let your payments be taken by themselves" in walk.heading
    assert gateway.forgotten == ["pm_1"]


def test_without_a_plan_the_page_says_so(work, lender, signed_in):
    bare = a_chain(work, lender)
    assert "There is no payment of a plan to come." in come(bare, signed_in).go(path(bare)).text
