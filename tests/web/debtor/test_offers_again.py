import pytest

from portal.core.plans.record import plan_from_dict
from portal.store import accounts, cases, offers
from tests import build
from tests.web.debtor.walk import Walk


@pytest.fixture
def debtor_id(work):
    return build.a_debtor(work)


@pytest.fixture
def account_id(work, lender, debtor_id):
    build.active_bounds(work)
    return build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)


@pytest.fixture
def walk(signed_in, debtor_id):
    return Walk(signed_in("debtor", subject_id=debtor_id).client)


def firm(work, account_id, clock):
    with work.read() as tx:
        case = cases.find_case_of_account(tx, account_id=account_id)
        return offers.list_firm_offers(tx, case_id=case.case_id, today=clock.now().date())


def outdated(walk, account_id, work, clock):
    """Make plans, let the case system send a lower balance, and try to go on with one of them."""
    walk.go(f"/me/accounts/{account_id}/plan?kind=installment")
    walk.submit(action="/offers")
    old = firm(work, account_id, clock)[0]
    with work.begin() as tx:
        owed = accounts.find_account(tx, account_id=account_id)
        accounts.save_balance(
            tx,
            account_id=account_id,
            principal_minor=owed.principal_minor - 10_000,
            interest_minor=owed.interest_minor,
            fees_minor=owed.fees_minor,
            now=clock.now(),
        )
    walk.go(f"/me/offers/{old.offer_ref}")
    walk.submit(action="/agreement")
    return old


def test_a_plan_with_old_figures_is_made_again_in_one_tap(walk, account_id, work, clock):
    old = outdated(walk, account_id, work, clock)
    assert walk.page.status_code == 409
    assert walk.heading == "This plan is not open any more"
    before = {offer.offer_ref for offer in firm(work, account_id, clock)}
    walk.submit(action=f"/me/offers/{old.offer_ref}/again")
    (new,) = [offer for offer in firm(work, account_id, clock) if offer.offer_ref not in before]
    assert walk.path == f"/me/offers/{new.offer_ref}"
    was, now = plan_from_dict(old.plan), plan_from_dict(new.plan)
    assert now.balance == was.balance - 10_000
    assert (now.family, now.params.freq) == (was.family, was.params.freq)
    assert now.payment <= was.payment
    walk.submit(action="/agreement")
    assert walk.path.startswith("/me/agreements/")


def test_the_same_form_twice_makes_one_plan(walk, account_id, work, clock):
    old = outdated(walk, account_id, work, clock)
    form = {"csrf_token": walk.tree.find(".//input[@name='csrf_token']").get("value"), "form_token": "t" * 32}
    path = f"/me/offers/{old.offer_ref}/again"
    first, second = (walk.client.post(path, data=form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location


def test_nothing_is_made_again_of_what_is_somebody_elses(walk, account_id, work, clock, signed_in):
    old = outdated(walk, account_id, work, clock)
    token = walk.tree.find(".//input[@name='csrf_token']").get("value")
    stranger = signed_in("debtor", subject_id=build.a_debtor(work)).client
    answer = stranger.post(f"/me/offers/{old.offer_ref}/again", data={"csrf_token": token})
    assert answer.status_code == 404
