from datetime import timedelta

import pytest

from portal.store import lenders
from tests.web.debtor.conftest import words_of


def ask_always(work, **settings):
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"identity_code": "always"} | settings)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("17", "11", "1986"),
        ("17", "11", "2529"),
        (" 17 ", "11", "1986"),
        ("๑๗", "๑๑", "๒๕๒๙"),
        ("١٧", "١١", "١٩٨٦"),
    ],
)
def test_a_birth_date_in_any_calendar_and_script(phone, day, month, year):
    phone.open()
    answered = phone.verify(day, month, year)
    assert (answered.status_code, answered.location) == (303, "/me/rights")


def test_a_wrong_answer_says_how_many_tries_are_left_and_keeps_what_was_typed(phone):
    phone.open()
    answered = phone.verify(year="1990")
    page = answered.get_data(as_text=True)
    assert answered.status_code == 422
    assert "Tries left: 4. Or call us on \u20681-800-555-0142\u2069." in words_of(answered)
    assert 'value="1990"' in page
    assert "<title>Error: Check that it is you" in page


@pytest.mark.parametrize("typed", [("", "", ""), ("31", "2", "1990"), ("x", "y", "z"), ("1", "1", "86")])
def test_a_form_without_a_date_costs_no_try(phone, door, typed):
    phone.open()
    for _ in range(7):
        assert phone.verify(*typed).status_code == 422
    assert "identity.failed" not in door.told()
    assert phone.verify().status_code == 303


def test_five_wrong_answers_close_the_link_and_a_new_one_can_be_had(phone, door):
    phone.open()
    answers = [phone.verify(year=f"199{number}") for number in range(5)]
    assert [one.status_code for one in answers] == [422] * 4 + [303]
    closed = phone.get("/verify/closed")
    assert "This link is no longer active" in words_of(closed)
    assert phone.get("/verify").location == "/verify/closed"
    assert phone.post("/verify/new", page="/verify/closed").location == "/link-sent"
    assert phone.post(phone.link).location == "/verify"
    assert phone.verify().location == "/me/rights"


@pytest.mark.fault
def test_wrong_and_unknown_look_alike(phone, second_phone, work, lender):
    from tests.actions.door import Door

    stranger = Door(
        work=work,
        creditor_id=lender.creditor_id,
        person={"birth_date": None, "id_last4": None},
        sms=phone.door.sms,
    )
    phone.open()
    known = words_of(phone.verify(year="1990"))
    second_phone.door = stranger
    second_phone.open()
    assert words_of(second_phone.verify(year="1990")) == known


def test_the_last_four_of_an_id(phone, work):
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"identity_fact": "id_last4"})
    phone.open()
    assert "last 4 characters of your ID" in words_of(phone.get("/verify"))
    assert phone.post("/verify", last4="12").status_code == 422
    assert phone.post("/verify", last4="123-45-0056").location == "/me/rights"


def test_a_code_by_text_where_the_lender_asks(phone, work, door, clock):
    ask_always(work)
    phone.open()
    assert phone.verify().location == "/verify/code"
    page = phone.get("/verify/code").get_data(as_text=True)
    assert 'autocomplete="one-time-code"' in page
    assert phone.get("/me").status_code == 303
    assert phone.post("/verify/code", code="12").status_code == 422
    wrong = f"{(int(door.sms.last_code) + 1) % 10**6:06d}"
    answered = phone.post("/verify/code", code=wrong)
    assert (answered.status_code, "Tries left: 4" in words_of(answered)) == (422, True)
    assert phone.post("/verify/code/new", page="/verify/code").location == "/verify/code?sent=too_soon"
    clock.move(timedelta(seconds=31))
    assert phone.post("/verify/code/new", page="/verify/code").location == "/verify/code?sent=again"
    assert "Only the newest one works" in words_of(phone.get("/verify/code?sent=again"))
    code = door.sms.last_code
    assert phone.post("/verify/code", code=f" {code[:3]} {code[3:]} ").location == "/me/rights"
    assert phone.get("/me").status_code == 303


def test_no_code_page_without_the_fact(phone, work):
    ask_always(work)
    phone.open()
    assert phone.get("/verify/code").location == "/verify"
    assert phone.post("/verify/code", page="/verify", code="000000").location == "/verify"


@pytest.mark.fault
def test_the_code_of_one_session_does_not_open_another(phone, second_phone, work, door):
    ask_always(work)
    phone.open()
    second_phone.open()
    phone.verify()
    code = door.sms.last_code
    second_phone.verify()
    other = door.sms.last_code
    if code != other:
        assert second_phone.post("/verify/code", code=code).status_code == 422
    assert second_phone.post("/verify/code", code=other).location == "/me/rights"


def test_a_known_phone_comes_back_with_one_question_another_needs_a_code(phone, second_phone, door):
    phone.enter()
    phone.get("/me/rights")
    phone.post("/me/sign-out", page="/me/settings")
    phone.open()
    assert phone.verify().location == "/me"
    second_phone.open()
    assert second_phone.verify().location == "/verify/code"


def test_a_new_session_and_a_new_form_token_on_verification(phone):
    phone.open()
    with phone.client.session_transaction() as cookie:
        before = (cookie["visits"]["debtor"], cookie.get("csrf_token"))
    phone.verify()
    phone.get("/me/rights")
    with phone.client.session_transaction() as cookie:
        after = (cookie["visits"]["debtor"], cookie.get("csrf_token"))
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_a_visit_ends_after_fifteen_minutes_and_eight_hours(phone, clock):
    phone.enter()
    clock.move(timedelta(minutes=14))
    assert phone.get("/me/rights").status_code == 200
    clock.move(timedelta(minutes=15))
    assert phone.get("/me/rights").location == "/come-back"
    phone.door.wait(minutes=29)
    phone.enter()
    for _ in range(40):
        clock.move(timedelta(minutes=12))
        answered = phone.get("/me/rights")
    assert answered.location == "/come-back"


def test_an_ended_visit_gets_a_new_link_by_one_tap(phone, door, clock):
    phone.enter()
    clock.move(timedelta(minutes=20))
    door.wait(minutes=20)
    assert phone.get(phone.account).location == "/come-back"
    assert phone.post("/come-back/new", page="/come-back").location == "/link-sent"
    assert len(door.sms.sent) == 2
    assert phone.post(phone.link).location == "/verify"


def test_a_browser_without_a_visit_is_offered_none(phone, door):
    assert "Send me a new link" not in words_of(phone.get("/come-back"))
    phone.get("/language")
    assert phone.post("/come-back/new", page="/language").location == "/link-sent"
    assert door.sms.sent == []


def test_not_me_and_stop_from_the_question(phone, door):
    phone.open()
    assert phone.post("/verify/stop").location == "/stopped"
    assert door.debtor().messages_stopped_at is not None
    assert phone.post("/verify/not-me").location == "/thank-you"
    assert door.debtor().wrong_party_at is not None
    assert phone.get("/verify").location == "/come-back"


def test_a_verified_person_has_no_question_to_answer(phone):
    phone.enter()
    for path in ("/verify", "/verify/code", "/verify/closed"):
        assert phone.get(path).location == "/me"
