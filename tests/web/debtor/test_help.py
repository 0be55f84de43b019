import json
from pathlib import Path

import html5lib
import pytest
from flask.testing import FlaskClient

from portal.core.actors import SYSTEM
from portal.gateways.ids import new_id
from portal.store import debtors
from tests import build
from tests.actions.care.test_find_pause_room import a_plan
from tests.web.debtor.conftest import Phone, words_of
from tests.web.debtor.walk import Walk

VECTORS = Path(__file__).parents[4] / "shared" / "vectors"
PAGES = ("", "/help", "/pause", "/wrong", "/talk")


def test_none_is_chosen_beforehand_and_a_choice_is_needed(phone):
    phone.enter()
    page = phone.get(phone.account + "/help").get_data(as_text=True)
    assert page.count('type="radio"') == 6
    assert " checked" not in page
    answered = phone.post(phone.account + "/help")
    assert (answered.status_code, "Please choose one" in words_of(answered)) == (422, True)


@pytest.mark.parametrize(
    ("choice", "way"),
    [("pay", "/pay"), ("spread", "/plan?kind=installment"), ("less", "/plan?kind=restructure"), ("pause", "/pause"),
     ("wrong", "/wrong"), ("talk", "/talk")],
)  # fmt: skip
def test_each_choice_leads_to_its_page(phone, choice, way):
    phone.enter()
    assert phone.post(phone.account + "/help", way=choice).location == phone.account + way


def test_an_answer_that_was_not_offered_is_no_answer(phone):
    phone.enter()
    assert phone.post(phone.account + "/help", way="jail").status_code == 422


def test_paused_in_two_taps_from_the_shelf(phone, door):
    phone.enter()
    shelf = phone.get(phone.account).get_data(as_text=True)
    assert 'href="/cannot-pay"' in shelf
    answered = phone.post(phone.account + "/pause", page="/cannot-pay")
    assert answered.location == phone.account + "/pause"
    assert "Paused until December 31, 2026" in words_of(phone.get(phone.account + "/pause"))
    assert "This account rests until" in words_of(phone.get(phone.account))
    assert door.send(requested_by=SYSTEM).reason == "held"


def test_the_pause_page_says_what_stops_and_what_does_not(phone):
    phone.enter()
    page = words_of(phone.get(phone.account + "/pause"))
    assert "Pause this account for 30 days" in page
    assert "Interest goes on if your agreement says so" in page


def test_another_pause_is_for_a_person(phone, door, clock):
    from datetime import timedelta

    phone.enter()
    phone.post(phone.account + "/pause")
    clock.move(timedelta(days=40))
    door.wait(days=40)
    phone.enter()
    assert "You had a pause not long ago" in words_of(phone.get(phone.account + "/pause"))
    assert phone.post(phone.account + "/pause").location == phone.account + "/talk"
    assert "A person will answer you" in words_of(phone.get(phone.account + "/talk"))


def test_speaking_to_someone_has_a_promised_time(phone, door):
    phone.enter()
    assert phone.post(phone.account + "/talk", words="Bitte auf Deutsch").location == phone.account + "/talk"
    page = words_of(phone.get(phone.account + "/talk"))
    assert "December 3, 2026" in page
    assert door.told("case.handed_off")[0]["reason"] == "asked_for_person"
    assert phone.get("/me/talk").location == phone.account + "/talk"


def test_an_adviser_makes_us_wait(phone, door):
    phone.enter()
    assert phone.post(phone.account + "/adviser", page="/cannot-pay").location == phone.account
    assert "while you talk to your adviser" in words_of(phone.get(phone.account))
    assert door.told("account.held")[0]["cause"] == "adviser"


def test_a_dispute_stops_contact_and_its_page_survives_a_bookmark(phone, door):
    phone.enter()
    path = phone.account + "/wrong"
    assert phone.post(path).status_code == 422
    assert phone.post(path, reason="already_paid", words="In May").location == path
    page = words_of(phone.get(path))
    assert "Thank you. We look into it." in page
    assert "December 31, 2026" in page
    assert "You told us that something is not right" in words_of(phone.get(phone.account))
    assert door.told().count("dispute.opened") == 1


def test_a_form_sent_twice_is_one(phone, door):
    phone.enter()
    token = "t" * 32
    for _ in range(2):
        phone.post(phone.account + "/talk", form_token=token, words="hello")
    assert door.told().count("case.handed_off") == 1
    assert phone.post(phone.account + "/talk", form_token="short").status_code == 400


def test_a_complaint_gets_a_reference_and_a_day(phone, door):
    phone.enter()
    assert phone.post("/me/complaint", topic="tone", words="").status_code == 422
    assert phone.post("/me/complaint", topic="tone", words="He shouted").location == "/me/complaint"
    page = words_of(phone.get("/me/complaint"))
    assert "Your reference: " in page
    assert "shouted" not in page
    assert door.told("complaint.opened")[0]["topic"] == "tone"


def test_several_accounts_can_be_told_apart(phone, door, lender):
    build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=door.debtor_id)
    phone.enter()
    for path in ("/cannot-pay", "/something-wrong", "/me/talk"):
        assert phone.get(path).get_data(as_text=True).count("/me/accounts/") >= 2


@pytest.mark.fault
def test_what_is_somebody_elses_does_not_exist(phone, door, lender, database):
    other = build.a_debtor(door.work, full_name="Canary Person")
    theirs = build.an_account(door.work, creditor_id=lender.creditor_id, debtor_id=other)
    elsewhere = build.a_lender(database)
    foreign = database.work(elsewhere.lender_id)
    far = build.an_account(foreign, creditor_id=elsewhere.creditor_id, debtor_id=build.a_debtor(foreign))
    phone.enter()
    before = len(door.told())
    for account_id in (theirs, far, new_id()):
        for page in PAGES:
            assert phone.get(f"/me/accounts/{account_id}{page}").status_code == 404
        for page in (*PAGES[1:], "/adviser"):
            answered = phone.post(
                f"/me/accounts/{account_id}{page}", page="/cannot-pay", way="pay", reason="other", words="x"
            )
            assert answered.status_code == 404
    assert phone.get("/me/accounts/1").status_code == 404
    assert not any("Canary" in page for page in phone.seen)
    assert len(door.told()) == before


@pytest.mark.fault
def test_extra_fields_change_nothing(phone, door):
    phone.enter()
    extra = dict.fromkeys(
        ("balance", "status", "lender_id", "apr", "approved", "debtor_id", "account_id"), "1"
    )
    phone.post(phone.account + "/talk", words="hi", **extra)
    with door.work.read() as tx:
        assert debtors.find_debtor(tx, debtor_id=door.debtor_id) == door.debtor()
    assert words_of(phone.get(phone.account)).count("$1,416.40") == 2


@pytest.mark.fault
@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")
def test_naughty_strings_never_break_a_form_and_what_was_typed_stays(app, door):
    app.test_client_class = FlaskClient  # what was typed may look like script: the tree is looked at instead
    phone = Phone(app.test_client(), door)
    strings = naughty()
    assert len(strings) > 190
    phone.open()
    for text in strings[::9]:
        assert (
            phone.post("/verify", **dict.fromkeys(("born-day", "born-month", "born-year"), text)).status_code
            == 422
        )
    phone.enter()
    for text in strings[::4]:
        for path, fields in (
            (phone.account + "/wrong", {"words": text, "reason": ""}),
            ("/me/complaint", {"words": text, "topic": text}),
            (phone.account + "/help", {"way": text}),
        ):
            answered = phone.post(path, **fields)
            assert answered.status_code == 422, text
            tree = html5lib.parse(answered.get_data(as_text=True), namespaceHTMLElements=False)
            assert not any(name.startswith("on") for element in tree.iter() for name in element.attrib)
            assert all(script.get("src") for script in tree.iter("script"))


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")
def test_typed_words_are_kept_when_something_is_missing(phone):
    phone.enter()
    page = phone.post(phone.account + "/wrong", words="Ich habe <b>bezahlt</b>")
    assert "Ich habe &lt;b&gt;bezahlt&lt;/b&gt;" in page.get_data(as_text=True)
    long = phone.post(phone.account + "/wrong", reason="other", words="x" * 2001)
    assert long.status_code == 422
    assert "at most 2,000 characters" in words_of(long)


def naughty():
    known = json.loads((VECTORS / "naughty_strings.json").read_text(encoding="utf-8"))
    return [case["text"] for case in known["cases"]]


def test_the_page_says_how_long_how_often_and_how_many_are_left(work, lender, signed_in):
    chain = a_plan(work, lender)
    walk = Walk(signed_in("debtor", subject_id=chain.debtor_id).client)
    pause = f"/me/accounts/{chain.account_id}/pause"
    walk.go(pause)
    assert [button.get("value") for button in walk.tree.iter("button") if button.get("name") == "days"] == [
        "45",
        "90",
    ]
    assert "once in 1 month." in walk.text
    assert "Pauses left in your plan: 2 of 2." in walk.text
    walk.submit(action="/pause", days="90")
    assert "Paused until" in walk.heading
