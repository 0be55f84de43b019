"""After a miss the ways on come before anything else; each is one tap or two."""

import re
from datetime import timedelta

import pytest

from tests.web.debtor.conftest import words_of
from tests.web.debtor.planned import a_planned, go_on


@pytest.fixture
def plan(door, clock):
    return a_planned(door, clock)


@pytest.fixture
def late(phone, plan, door, clock):
    go_on(plan, door, clock, plan.after(plan.rows[0], days=7))
    phone.enter()
    return plan


def test_after_a_miss_the_ways_on_come_first(phone, late):
    answered = phone.get(phone.account + "/home")
    assert answered.location == phone.account + "/payments/1"
    page = words_of(phone.get(answered.location))
    assert "We did not receive" in page
    for way in (
        "Pay now",
        "Move this payment",
        "Spread this payment",
        "Tell us",
        "Pause for now",
        "free help",
    ):
        assert way in page
    assert phone.get(phone.account + "/home?view=plan").status_code == 200


def test_no_day_is_chosen_beforehand_and_one_is_needed(phone, late):
    page = phone.get(phone.account + "/payments/1").get_data(as_text=True)
    assert " checked" not in page
    answered = phone.post(phone.account + "/payments/1/move", page=phone.account + "/payments/1")
    assert (answered.status_code, "Please choose a day" in words_of(answered)) == (422, True)


def test_a_payment_is_moved_in_one_form(phone, late):
    page = phone.get(phone.account + "/payments/1").get_data(as_text=True)
    day = re.findall(r'name="day" value="([0-9-]+)"', page)[0]
    answered = phone.post(phone.account + "/payments/1/move", page=phone.account + "/payments/1", day=day)
    assert answered.location == phone.account + "/home?view=plan"
    assert late.rows[0].due_on.isoformat() == day
    assert phone.get(phone.account + "/home").status_code == 200


def test_a_payment_goes_to_the_end_of_the_plan(phone, late):
    phone.post(phone.account + "/payments/1/move", page=phone.account + "/payments/1", day="end")
    assert late.rows[-1].number == 1


def test_a_payment_is_spread(phone, late):
    answered = phone.post(phone.account + "/payments/1/split", page=phone.account + "/payments/1")
    assert answered.status_code == 303
    page = words_of(phone.get(phone.account + "/history"))
    assert "was spread over the next ones" in page


def test_what_happened_is_told_as_a_code(phone, late, door):
    phone.post(phone.account + "/cause", page=phone.account + "/payments/1", cause="income_less")
    assert door.told("hardship.declared") == [{"cause": "income_less"}]
    assert phone.post(phone.account + "/cause", page=phone.account + "/payments/1").status_code == 303


def test_a_coming_payment_can_be_changed_from_home(phone, plan):
    phone.enter()
    home = phone.get(phone.account + "/home").get_data(as_text=True)
    assert f'href="{phone.account}/payments/1"' in home
    assert "You can pay it early, move it, or spread it" in words_of(phone.get(phone.account + "/payments/1"))


def test_a_payment_that_is_not_there_does_not_exist(phone, plan):
    phone.enter()
    assert phone.get(phone.account + "/payments/99").status_code == 404
    assert (
        phone.post(phone.account + "/payments/99/move", page=phone.account + "/payments/1").status_code == 404
    )


def test_paused_in_two_taps_from_home_and_home_says_so(phone, plan, clock, door):
    phone.enter()
    assert 'href="/cannot-pay"' in phone.get(phone.account + "/home").get_data(as_text=True)
    phone.post(phone.account + "/pause", page="/cannot-pay")
    assert "Your plan rests until" in words_of(phone.get(phone.account + "/home"))
    go_on(plan, door, clock, clock.now() + timedelta(days=29))
    assert plan.types("installment") == []


def test_the_days_to_catch_up_are_shown_while_a_plan_is_broken(phone, plan, door, clock):
    go_on(plan, door, clock, plan.after(plan.rows[3], days=7))
    phone.enter()
    page = words_of(phone.get(phone.get(phone.account + "/home").location))
    assert "The same plan comes back as it was" in page
    assert "How the days are counted" in page
