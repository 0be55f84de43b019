import pytest

from portal.actions.cases.choose_plan import Chosen, NotChosen
from portal.core.plans.record import plan_from_dict
from portal.store import offers
from tests import build
from tests.actions.chain import a_chain


@pytest.mark.parametrize("family", ["installment", "restructure", "skills"])
def test_a_simulated_plan_becomes_a_firm_offer_and_is_told(work, lender, family):
    chain = a_chain(work, lender)
    chosen = chain.choose(family=family)
    assert isinstance(chosen, Chosen)
    with work.read() as tx:
        offer = offers.find_offer(tx, offer_ref=chosen.offer_ref)
    plan = plan_from_dict(offer.plan)
    assert offer.state == "firm"
    assert plan.family == family
    assert sum(row.amount for row in plan.schedule) == plan.total
    told = [row.type for row in build.events_of(work, account_ref=chain.account().account_ref)]
    assert told == ["plan.simulated", "offer.shown"]


def test_a_payment_below_the_lowest_is_answered_with_the_nearest_plan(work, lender):
    answered = a_chain(work, lender).choose(payment_minor=100)
    assert isinstance(answered, NotChosen)
    assert answered.nearest is not None
    assert answered.codes


def test_the_same_form_twice_makes_one_offer(work, lender):
    chain = a_chain(work, lender)
    first = chain.choose(token="t" * 32)
    again = chain.choose(token="t" * 32, payment_minor=50_000)
    assert first == again
    assert len(build.events_of(work)) == 2


def test_another_debtors_account_does_not_exist(work, lender):
    chain = a_chain(work, lender)
    chain.debtor_id = build.a_debtor(work)
    assert chain.choose() == NotChosen(cause="unknown")


def test_a_lender_without_bounds_says_so(work, lender):
    debtor_id = build.a_debtor(work)
    chain = a_chain(work, lender)
    chain.debtor_id = debtor_id
    chain.account_id = build.an_account(
        work, creditor_id=lender.creditor_id, debtor_id=debtor_id, currency="JPY"
    )
    assert chain.choose() == NotChosen(cause="no_bounds")
