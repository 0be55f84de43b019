"""Change a running plan: every term is shown as it is and as it would be, then signed as a new version."""

import re

import pytest

from portal.core.agreements.records import reading_code
from portal.store import agreements
from tests.web.debtor.conftest import words_of
from tests.web.debtor.planned import a_planned, go_on


@pytest.fixture
def plan(door, clock):
    return a_planned(door, clock)


@pytest.fixture
def page(phone, plan):
    phone.enter()
    return phone.account + "/change"


def test_the_ways_are_shown_and_nothing_is_chosen(phone, page):
    said = words_of(phone.get(page))
    for words in ("On another day", "Less or more each time", "No payments for a while", "Speak to someone"):
        assert words in said
    assert page in phone.get(phone.account + "/home?view=plan").get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        pytest.param(
            {"kind": "calendar", "due_day": "11", "freq": "monthly"},
            "Next payment on",
            marks=pytest.mark.long,
        ),
        ({"kind": "calendar", "due_day": "", "freq": "fortnightly"}, "How oftenEvery monthEvery 2 weeks"),
        pytest.param({"kind": "amount", "amount": "300.00"}, "Each payment", marks=pytest.mark.long),
        pytest.param({"kind": "pause", "months": "1"}, "Last payment on", marks=pytest.mark.long),
    ],
)
def test_a_change_leads_to_a_text_with_every_term_before_and_after(phone, page, fields, line):
    answered = phone.post(page, **fields)
    assert answered.location.startswith("/me/agreements/"), words_of(answered)
    said = words_of(phone.get(answered.location))
    assert "What changes" in said
    assert line in said
    assert "Still to pay in all" in said
    assert "stays the same" in said


def test_it_is_signed_and_the_old_text_says_what_took_its_place(phone, page, plan, door):
    path = phone.post(page, kind="pause", months="1").location
    ref = path.rpartition("/")[2]
    phone.post(path + "/consent", page=path, records="1", code=reading_code(ref))
    shown = re.search(r'name="shown" value="([^"]+)"', phone.get(path + "/sign").get_data(as_text=True))[1]
    done = phone.post(path + "/sign", agreed="1", name="Maria Lopez", shown=shown)
    assert done.location == path + "/done", words_of(done)
    old = words_of(phone.get(f"/me/agreements/{plan.agreement_ref}"))
    assert "A newer version has taken its place" in old
    with door.work.read() as tx:
        active = agreements.find_active(tx, account_id=door.account_id)
    assert (active.agreement_ref, active.version) == (ref, 2)
    assert phone.get(phone.account + "/home").status_code == 200


def test_what_is_not_open_says_why_and_what_comes_nearest(phone, page):
    answered = phone.post(page, kind="amount", amount="1.00")
    said = words_of(answered)
    assert answered.status_code == 422
    assert "The longest plan for this account is" in said
    assert "What comes nearest" in said
    assert "Your plan goes on as it is" in said
    again = phone.post(page, kind="amount", amount="")
    assert "Type the amount that you can pay" in words_of(again)
    assert phone.post(page, kind="nothing").status_code == 404


@pytest.mark.long
def test_where_payments_are_late_the_plan_can_be_changed_too(phone, plan, door, clock):
    go_on(plan, door, clock, plan.after(plan.rows[0], days=7))
    phone.enter()
    page = phone.account + "/change"
    answered = phone.post(page, kind="calendar", due_day="20", freq="monthly")
    assert answered.location.startswith("/me/agreements/"), words_of(answered)


@pytest.mark.long
def test_a_plan_that_rests_says_so(phone, page):
    phone.post(phone.account + "/pause", page=phone.account + "/pause", days="30")
    answered = phone.post(page, kind="calendar", due_day="20", freq="monthly")
    assert (answered.status_code, "rests at the moment" in words_of(answered)) == (422, True)


def test_without_a_plan_there_is_no_such_page(phone):
    phone.enter()
    assert phone.get(phone.account + "/change").status_code == 404


def test_what_is_late_can_be_put_behind_or_spread_where_something_is(phone, page, plan, door, clock):
    ways = ("Put what is late behind me", "Spread what is late over the payments to come")
    assert not [words for words in ways if words in words_of(phone.get(page))]
    assert phone.post(page, kind="re_age").status_code == 404
    go_on(plan, door, clock, plan.after(plan.rows[0], days=1))
    phone.enter()
    said = words_of(phone.get(page))
    assert all(words in said for words in ways)
    assert "After 3 payments on time" in said
    answered = phone.post(page, kind="re_age")
    text = words_of(phone.get(answered.location))
    assert "after which the account counts as up to date3stays the same" in text
    assert "After 3 payments on time, one after the other, nothing counts as late any more" in text
