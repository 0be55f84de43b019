"""The books at the desk: a statement at any date, a day of each creditor, as a page and as a file."""

import csv
import io

import pytest

from tests import build
from tests.actions.life.living import a_living
from tests.actions.payments.abroad import paid_abroad


@pytest.fixture
def paid(world):
    plan = a_living(world.work, world.lender)
    plan.pay(10_000)
    return plan


def rows_of(answer):
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def test_a_statement_ends_where_the_balance_stands(paid, desk):
    path = f"/lender/accounts/{paid.chain.account_id}/statement"
    span = f"?since={build.NOW:%Y-%m-%d}&until={build.NOW:%Y-%m-%d}"
    console = desk("auditor")
    assert "Owed at the end of the day" in console.text(path + span)
    opening, payment, closing = rows_of(console.get(f"{path}.csv{span}"))
    assert int(opening["balance_minor"]) + int(payment["amount_minor"]) == int(closing["balance_minor"])
    assert int(closing["balance_minor"]) == paid.chain.account().balance_minor
    assert payment["cause"] == "payment"


def test_days_that_are_none_are_the_last_ninety(paid, desk):
    path = f"/lender/accounts/{paid.chain.account_id}/statement"
    assert desk("agent").get(f"{path}?since=soon&until=never").status_code == 200


def test_a_day_says_what_is_to_be_paid_out_to_each_creditor(paid, desk):
    console = desk("agent")
    day = f"?day={build.NOW:%Y-%m-%d}"
    assert "$100.00" in console.text(f"/lender/books{day}")
    rows = rows_of(console.get(f"/lender/books/{paid.chain.account().creditor_id}.csv{day}"))
    assert sum(int(row["amount_minor"]) for row in rows) == 0
    assert {row["account_ref"] for row in rows} == {paid.chain.account().account_ref}
    assert "Nothing was booked on this day." in console.text("/lender/books?day=2020-01-01")


def test_another_lenders_books_do_not_exist(desk, other_world):
    plan = a_living(other_world.work, other_world.lender)
    console = desk("agent")
    assert console.get(f"/lender/accounts/{plan.chain.account_id}/statement").status_code == 404
    assert console.get(f"/lender/books/{other_world.lender.creditor_id}.csv").status_code == 404


def test_a_statement_says_what_was_paid_in_which_currency_and_at_which_rate(world, desk):
    plan = a_living(world.work, world.lender)
    paid_abroad(plan.chain)
    path = f"/lender/accounts/{plan.chain.account_id}/statement"
    span = f"?since={build.NOW:%Y-%m-%d}&until={build.NOW:%Y-%m-%d}"
    console = desk("auditor")
    text = console.text(path + span)
    assert all(words in text for words in ("€91.35", ">0.90<", "Test bank"))
    opening, payment, _closing = rows_of(console.get(f"{path}.csv{span}"))
    told = {"paid_minor": "9135", "paid_currency": "EUR", "rate_source": "Test bank", "margin_bp": "150"}
    assert told.items() <= payment.items()
    assert float(payment["rate"]) == 0.9
    assert {opening[name] for name in told} == {""}
