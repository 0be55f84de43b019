"""Life changed: told as a code, no proof, and what it does is done at once."""

import pytest

from tests.web.debtor.conftest import words_of
from tests.web.debtor.planned import a_planned, go_on


def test_one_is_needed_and_none_is_chosen(phone):
    phone.enter()
    page = phone.get(phone.account + "/changed").get_data(as_text=True)
    assert " checked" not in page
    answered = phone.post(phone.account + "/changed")
    assert (answered.status_code, "Please choose one" in words_of(answered)) == (422, True)


@pytest.mark.parametrize("what", ["disaster", "prison", "bankrupt", "deceased", "urgent_help"])
def test_the_plan_rests_at_once(phone, door, clock, what):
    plan = a_planned(door, clock)
    phone.enter()
    assert phone.post(phone.account + "/changed", what=what).status_code == 303
    assert door.told("circumstance.declared")[0]["circumstance"] == what
    assert door.told("account.held")[0]["stops"][:2] == ["contact", "payments"]
    go_on(plan, door, clock, plan.after(plan.rows[0], days=-1))
    assert plan.types("installment") == []


def test_a_disaster_ends_by_itself_and_prison_does_not(phone, door, clock):
    phone.enter()
    phone.post(phone.account + "/changed", what="disaster")
    assert "until" in door.told("account.held")[0]
    phone.post(phone.account + "/changed", what="prison")
    assert "until" not in door.told("account.held")[1]
    assert [one["reason"] for one in door.told("case.handed_off")] == ["prison"]


def test_the_way_stands_where_one_cannot_pay(phone):
    phone.enter()
    assert f'href="{phone.account}/changed"' in phone.get("/cannot-pay").get_data(as_text=True)
