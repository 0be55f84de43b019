"""Every movement with what it settled, every date that moved."""

from tests.web.debtor.conftest import words_of
from tests.web.debtor.planned import a_planned, go_on


def test_each_movement_says_where_it_went(phone, door, clock):
    plan = a_planned(door, clock)
    first = plan.rows[0]
    plan.pay(first.amount_minor)
    phone.enter()
    page = words_of(phone.get(phone.account + "/history"))
    assert "Where it went" in page
    assert f"for the payment of {first.due_on:%B} {first.due_on.day}" in page
    assert "You signed on" in page


def test_dates_that_moved_by_the_plan_are_there_too(phone, door, clock):
    plan = a_planned(door, clock)
    go_on(plan, door, clock, plan.after(plan.rows[1], days=7))
    phone.enter()
    assert "It was missed, and your plan allows this." in words_of(phone.get(phone.account + "/history"))


def test_an_account_without_a_plan_has_no_history(phone):
    phone.enter()
    assert phone.get(phone.account + "/history").status_code == 404
