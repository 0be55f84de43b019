"""The debits' round against a provider that charges in earnest: told, taken on the day, twice in a row is once."""

from datetime import timedelta

import pytest

from portal.actions.payments.record_mandate import record_setup
from portal.core.payments import PageWish, PaymentState
from portal.gateways.clock import FrozenClock
from portal.jobs.house import House
from portal.jobs.payments import run_debits_of
from portal.settings import Settings
from portal.store import agreements, mandates, payments
from tests import build
from tests.actions.chain import a_chain
from tests.actions.mandates.rig import ask
from tests.gateways.stripe_bench import a_bench


@pytest.fixture(scope="module")
def bench():
    with a_bench() as made:
        yield made


@pytest.fixture
def clock():
    return FrozenClock(build.NOW)


@pytest.fixture
def house(database, database_urls, bench, clock):
    settings = Settings.from_environment({"PORTAL_ENV": "test", "DATABASE_URL": database_urls["app"]})
    return House(settings=settings, database=database, clock=clock, stripe=bench.gateway)


def a_kept_card(bench, chain, card):
    """Consent, and type a card on the provider's page."""
    asked = ask(chain, bench.gateway)
    with chain.work.read() as tx:
        mandate = mandates.find_mandate(tx, mandate_ref=asked.mandate_ref)
    bench.control("pay", session=mandate.setup_ref, card=card)
    state = bench.gateway.find_payment(session_ref=mandate.setup_ref)
    assert isinstance(state, PaymentState)
    assert record_setup(chain.work, mandate_id=mandate.mandate_id, state=state, now=chain.now)
    with chain.work.read() as tx:
        return mandates.find_mandate(tx, mandate_ref=asked.mandate_ref)


def test_debits_are_told_and_taken_once(work, lender, bench, house, clock):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    mandate = a_kept_card(bench, chain, "4242424242424242")
    assert mandate.method == "card"
    with work.read() as tx:
        first = agreements.list_installments(tx, agreement_id=agreement.agreement_id)[0]
    clock.move(timedelta(days=(first.due_on - chain.today).days - 4, hours=8))
    assert [run_debits_of(house, work.lender_id) for _ in range(2)] == [(1, 0), (0, 0)]
    clock.move(timedelta(days=4))
    before = bench.look("state")["paid_charges"]
    assert [run_debits_of(house, work.lender_id)[1] for _ in range(2)] == [1, 0]
    assert bench.look("state")["paid_charges"] - before == 1
    with work.read() as tx:
        paid = payments.list_payments(tx, account_id=chain.account_id)
        row = agreements.list_installments(tx, agreement_id=agreement.agreement_id)[0]
    assert [(one.state, one.channel) for one in paid] == [("succeeded", "mandate")]
    assert row.state == "paid"


def test_a_card_that_declines_later_is_not_taken_and_the_round_goes_on(work, lender, bench, house, clock):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    a_kept_card(bench, chain, "4000000000000341")
    with work.read() as tx:
        first = agreements.list_installments(tx, agreement_id=agreement.agreement_id)[0]
    clock.move(timedelta(days=(first.due_on - chain.today).days - 4, hours=8))
    run_debits_of(house, work.lender_id)
    clock.move(timedelta(days=4))
    assert run_debits_of(house, work.lender_id)[1] == 1
    with work.read() as tx:
        told = mandates.list_debits(tx, agreement_id=agreement.agreement_id)[0]
    assert (told.state, told.tries) == ("told", 1)
    assert told.debit_on > clock.now().date()


def test_a_page_for_keeping_a_way_to_pay_is_made_in_the_language_of_the_debtor(bench):
    kept = bench.gateway.keep_customer(debtor_ref="dbt_bench")
    page = PageWish(success_url="http://x.test/", cancel_url="http://x.test/", language="th")
    started = bench.gateway.start_setup(
        attempt="m-1", customer_ref=kept.customer_ref, currency="USD", page=page
    )
    assert started.url.startswith("http")
