"""The plan's days in a phone's calendar: by a private address or as a file, without an amount."""

import re

import pytest

from tests.web.debtor.conftest import words_of
from tests.web.debtor.planned import a_planned, go_on


@pytest.fixture
def plan(phone, door, clock):
    made = a_planned(door, clock)
    phone.enter()
    return made


def address_of(phone):
    phone.post(phone.account + "/calendar")
    page = words_of(phone.get(phone.account + "/calendar"))
    return re.search(r"(/calendar/[0-9a-f]{40}\.ics)", page)[1]


def test_the_private_address_gives_days_and_nothing_else(phone, plan, app):
    found = app.test_client().get(address_of(phone))
    text = found.get_data(as_text=True)
    assert found.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert text.count("BEGIN:VEVENT") == len(plan.rows)
    amount = f"{plan.rows[0].amount_minor / 100:.2f}"
    assert amount not in text
    assert "Tamarind" not in text


def test_a_moved_payment_keeps_its_name_and_gets_a_higher_number(phone, plan, door, app, clock):
    address = address_of(phone)
    first = plan.rows[0]
    uid = f"UID:{plan.agreement_ref}-{first.number}@"
    assert uid in app.test_client().get(address).get_data(as_text=True)
    go_on(plan, door, clock, plan.after(plan.rows[1], days=7))
    moved = app.test_client().get(address).get_data(as_text=True)
    assert uid in moved
    assert f"DTSTART;VALUE=DATE:{first.due_on:%Y%m%d}" not in moved
    assert "SEQUENCE:1" in moved


def test_a_closed_address_leads_nowhere(phone, plan, app):
    address = address_of(phone)
    phone.post(phone.account + "/calendar/close", page=phone.account + "/calendar")
    assert app.test_client().get(address).status_code == 404
    assert app.test_client().get("/calendar/nothing.ics").status_code == 404


def test_the_days_can_be_saved_as_a_file(phone, plan):
    found = phone.get(phone.account + "/calendar.ics")
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert "SEQUENCE:0" in found.get_data(as_text=True)
