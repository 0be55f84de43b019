import secrets
from datetime import timedelta

import pytest

from portal.actions.grants.offer_grant import offer_grant
from portal.actions.grants.revoke_grant import revoke_grant
from tests import build
from tests.guests import PASSWORD, a_client, a_counselor, a_trainer
from tests.web.debtor.walk import Walk

NOW = build.NOW


def told(work, type_):
    return [row.payload for row in build.events_of(work) if row.type == type_]


def test_a_counselor_signs_in_by_both_factors(app, counselor):
    walk = Walk(app.test_client()).go("/counselor/")
    assert walk.path.startswith("/counselor/sign-in")
    walk.submit(login=counselor.login, password=PASSWORD, code="000000")
    assert walk.page.status_code == 422
    walk.submit(login=counselor.login, password=PASSWORD, code=counselor.code(NOW))
    assert walk.path == "/counselor/"
    assert walk.heading == "0 clients."


def test_a_client_is_taken_by_the_code(desk, work, debtor_id, account_id):
    code = offer_grant(
        work, debtor_id=debtor_id, scopes=["view"], days=30, form_token=secrets.token_urlsafe(24), now=NOW
    ).code
    desk.go("/counselor/add").submit(code="nonsense")
    assert desk.page.status_code == 422
    assert "No client waits under this code" in desk.text
    desk.submit(code=code.lower())
    assert desk.heading == "Maria Lopez"
    desk.go("/counselor/add").submit(code=code)
    assert desk.page.status_code == 422


def test_the_caseload_joins_several_lenders(desk, database, counselor, client_of):
    client_of()
    other = build.a_lender(database)
    work = database.work(other.lender_id)
    debtor = build.a_debtor(work, full_name="Nok Suwan")
    build.an_account(work, creditor_id=other.creditor_id, debtor_id=debtor)
    a_client(database, work, counselor, debtor, days=10)
    desk.go("/counselor/")
    assert desk.heading.startswith("2 clients.")
    assert "Nok Suwan" in desk.text
    assert "Maria Lopez" in desk.text
    assert "Ask for consent again" in desk.text


@pytest.mark.parametrize(
    ("scopes", "seen", "hidden"),
    [
        (("view",), ["Owed today", "What your client got"], ["Comes in", "Propose a plan"]),
        (("budget",), ["Fill in the budget"], ["Owed today", "$1,416.40", "Propose a plan"]),
        (("propose",), ["Propose a plan"], ["Owed today", "$1,416.40", "Fill in the budget"]),
    ],
)
def test_the_page_shows_exactly_what_was_granted(desk, client_of, account_id, scopes, seen, hidden):
    client = client_of(*scopes)
    desk.go(client.path)
    assert all(words in desk.text for words in seen), desk.text
    assert not any(words in desk.text for words in hidden), desk.text
    for scope, page in (("budget", "budget"), ("propose", "propose")):
        status = desk.client.get(f"{client.path}/accounts/{account_id}/{page}").status_code
        assert status == (200 if scope in scopes else 404)


def test_one_look_a_visit_is_told(desk, work, client_of):
    client = client_of()
    before = len(told(work, "counselor.viewed"))
    for _ in range(3):
        desk.go(client.path)
    assert len(told(work, "counselor.viewed")) == before + 1


def test_a_budget_is_kept_with_the_sums_on_the_page(desk, work, client_of, account_id):
    client = client_of()
    desk.go(f"{client.path}/accounts/{account_id}/budget")
    desk.submit(income="nothing", outgoings="")
    assert desk.page.status_code == 422
    desk.submit(income="2,400.00", outgoings="2300")
    assert "Kept by you" in desk.go(client.path).text
    assert "$100.00" in desk.text
    (payload,) = told(work, "budget.recorded")
    assert payload["source"] == "counselor"


def test_a_plan_is_looked_at_then_proposed_and_waits_for_the_client(
    desk, database, work, client_of, account_id
):
    client, school = client_of(), a_trainer(database)
    desk.go(f"{client.path}/accounts/{account_id}/propose")
    desk.submit(amount="150", move="look")
    assert desk.page.status_code == 200
    assert "Each payment" in desk.text
    assert told(work, "counselor.proposed") == []
    desk.submit(amount="150", kind="skills", course=school.course_ref, move="propose")
    assert "/proposals/" in desk.path
    assert "With the client" in desk.text
    assert len(told(work, "counselor.proposed")) == 1
    assert "With the client" in desk.go(client.path).text
    assert "Your client decides" in desk.go("/counselor/").text


def test_what_does_not_fit_is_answered_by_the_nearest_plan_or_a_person(desk, client_of, account_id):
    client = client_of()
    desk.go(f"{client.path}/accounts/{account_id}/propose").submit(amount="0.50", move="propose")
    assert desk.heading in (
        "Not possible right now. This comes nearest.",
        "A person at the lender looks at it.",
    )


def test_a_proposal_of_another_grant_does_not_exist(desk, client_of, account_id):
    first, second = client_of(), client_of()
    desk.go(f"{first.path}/accounts/{account_id}/propose").submit(amount="150", move="propose")
    proposal = desk.path.rpartition("/")[2]
    assert desk.client.get(f"{second.path}/proposals/{proposal}").status_code == 404
    assert desk.client.get(f"{first.path}/proposals/prp_0").status_code == 404


def test_after_the_client_stopped_it_every_page_is_gone(desk, work, debtor_id, client_of, account_id):
    client = client_of()
    desk.go(f"{client.path}/accounts/{account_id}/propose")
    revoke_grant(work, grant_ref=client.ref, debtor_id=debtor_id, now=NOW)
    desk.submit(amount="150", move="propose")
    assert desk.page.status_code == 404
    for page in ("", f"/accounts/{account_id}/budget", f"/accounts/{account_id}/propose"):
        assert desk.client.get(client.path + page).status_code == 404
    assert "Maria Lopez" not in desk.go("/counselor/").text
    assert told(work, "counselor.proposed") == []


def test_after_its_date_a_grant_is_nothing(desk, signed_in, counselor, clock, client_of):
    client = client_of(days=1)
    assert desk.client.get(client.path).status_code == 200
    clock.move(timedelta(days=1))
    signed_in("counselor", subject_id=counselor.guest_id)
    assert desk.client.get(client.path).status_code == 404


def test_handing_a_client_back_ends_it(desk, client_of):
    client = client_of()
    desk.go(client.path).submit(action="/return")
    assert desk.path == "/counselor/"
    assert desk.client.get(client.path).status_code == 404


def test_no_client_of_another_counselor_lender_or_account_exists(
    signed_in, desk, database, work, lender, counselor, client_of, account_id
):
    client = client_of()
    other_account = build.an_account(work, creditor_id=lender.creditor_id, debtor_id=build.a_debtor(work))
    other_lender = build.a_lender(database)
    for path in (
        f"{client.path}/accounts/{other_account}/propose",
        f"{client.path}/accounts/{other_account}/budget",
        f"/counselor/clients/{other_lender.slug}/{client.ref}",
        f"/counselor/clients/nobody/{client.ref}",
        f"/counselor/clients/{lender.slug}/grt_0",
    ):
        assert desk.client.get(path).status_code == 404, path
    for house_id in (None, counselor.house_id):
        stranger = a_counselor(database, house_id=house_id)
        signed_in("counselor", subject_id=stranger.guest_id)
        for page in ("", f"/accounts/{account_id}/propose", f"/accounts/{account_id}/budget"):
            assert desk.client.get(client.path + page).status_code == 404
        token = desk.go("/counselor/add").forms()[0].find(".//input[@name='csrf_token']").get("value")
        answer = desk.client.post(f"{client.path}/return", data={"csrf_token": token})
        assert answer.status_code == 404


def test_who_does_not_work_there_any_more_finds_nothing(signed_in):
    gone = signed_in("counselor")
    assert gone.client.get("/counselor/").status_code == 404
