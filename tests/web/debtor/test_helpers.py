import re

import pytest

from portal.actions.grants.take_grant import take_grant
from portal.actions.proposals.propose_for_client import Counselor, propose_for_client
from portal.core.negotiation.ask import Ask
from tests import build
from tests.guests import a_client, a_counselor, a_learner, a_trainer
from tests.web.debtor.walk import Walk

NOW = build.NOW
NAUGHTY = ["", "0", "-1", "366", "1e9", "\x00", "<script>", "' OR 1=1", "٩٩٩٩"]


@pytest.fixture
def clock(clock):
    clock.at = NOW
    return clock


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


def test_a_code_is_made_shown_once_and_leads_a_counselor_in(walk, database, debtor_id, account_id):
    counselor = a_counselor(database)
    walk.go("/me/helpers/new").submit(scope=["view", "propose"], days="30")
    code = re.search(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}", walk.text)[0]
    assert "January" in walk.text or "December" in walk.text
    walk.go("/me/helpers")
    assert "A code that waits" in walk.text
    assert code not in walk.page.get_data(as_text=True)
    take_grant(database, counselor_id=counselor.guest_id, agency_id=counselor.house_id, code=code, now=NOW)
    walk.go("/me/helpers")
    assert "Hanna Berg" in walk.text
    assert "Open Door Advice" in walk.text
    assert "Took your code" in walk.text
    walk.submit(action="/stop")
    assert "Stopped." in walk.text
    assert "Hanna Berg" in walk.text.partition("Ended before")[2]


def test_nothing_is_chosen_beforehand_and_something_must_be(walk):
    walk.go("/me/helpers/new")
    assert "checked" not in walk.page.get_data(as_text=True)
    walk.submit()
    assert walk.page.status_code == 422
    assert "Choose at least one thing" in walk.text


@pytest.mark.parametrize("days", NAUGHTY)
def test_days_that_are_none_keep_the_page(walk, days):
    walk.go("/me/helpers/new").submit(scope="view", days=days)
    assert walk.page.status_code == 422
    assert 'value="view" checked' in walk.page.get_data(as_text=True)


def test_what_cannot_be_granted_is_not_heard(walk, work):
    walk.go("/me/helpers/new").submit(scope=["sign", "pay", "view", "<b>"], days="30")
    (given,) = [row.payload for row in build.events_of(work) if row.type == "grant.given"]
    assert given["scopes"] == ["view"]


def test_a_proposal_stands_where_the_debtor_looks_and_is_signed_the_usual_way(
    walk, database, work, debtor_id, account_id
):
    guest = a_counselor(database)
    grant_ref = a_client(database, work, guest, debtor_id)
    propose_for_client(
        work,
        counselor=Counselor(counselor_id=guest.guest_id, agency_id=guest.house_id),
        grant_ref=grant_ref,
        account_id=account_id,
        ask=Ask(pay_minor=15_000, freq="monthly"),
        course=None,
        words=None,
        form_token="x" * 32,
        today=NOW.date(),
        now=NOW,
    )
    for path in ("/me/helpers", "/me/answers", f"/me/accounts/{account_id}/help"):
        assert "Hanna Berg proposed a plan for you" in walk.go(path).text
    assert "Proposed a plan for you" in walk.go("/me/helpers").text
    offer = re.search(r"/me/offers/\w+", walk.page.get_data(as_text=True))[0]
    walk.go(offer).submit(action="/agreement")
    walk.agree_to_records().submit(name="Maria Lopez", agreed="1")
    assert walk.heading == "Thank you. Your plan is signed."
    assert "proposed a plan for you" not in walk.go("/me/helpers").text.partition("What they did")[0]


def test_another_persons_helper_does_not_exist(walk, database, work):
    other = build.a_debtor(work)
    grant_ref = a_client(database, work, a_counselor(database), other)
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', walk.go("/me/helpers/new").page.get_data(as_text=True)
    )[1]
    for ref in (grant_ref, "grt_0", "x", "é"):
        answer = walk.client.post(f"/me/helpers/{ref}/stop", data={"csrf_token": token})
        assert answer.status_code == 404


def test_the_course_page_gives_the_code_and_stopping_costs_nothing(signed_in, database, work, lender):
    learner = a_learner(work, lender, a_trainer(database))
    walk = Walk(signed_in("debtor", subject_id=learner.chain.debtor_id).client)
    home = f"/me/accounts/{learner.chain.account_id}/home"
    assert "My course" in walk.go(home).text
    walk.go(home.replace("/home", "/course"))
    assert learner.code in walk.text.replace(" ", "")
    assert "Never your name" in walk.text
    before = [row.payload for row in build.events_of(work)]
    walk.submit(action="/stop")
    assert walk.heading == "You are not on this course any more. The plain plan goes on."
    assert learner.state() == "ended"
    assert len(build.events_of(work)) == len(before) + 1
    other = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(work))
    assert walk.client.get(f"/me/accounts/{other}/course").status_code == 404


def test_a_plan_without_a_course_has_no_course_page(walk, account_id):
    assert walk.client.get(f"/me/accounts/{account_id}/course").status_code == 404
