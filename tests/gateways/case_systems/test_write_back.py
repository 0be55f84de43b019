"""What of the portal's events a case system is told, and that it is told once."""

from datetime import UTC, date, datetime

import pytest

from portal.core.events.catalog import CATALOG
from portal.core.money import Money
from portal.gateways.case_systems.shapes import PaymentBack, PlanBack
from portal.gateways.case_systems.write_back import Told, read_back, write_back
from tests.gateways.case_systems.test_fineract import Wire, a_loan, connect

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def a_told(type_, **changes):
    """Take the catalog's own example of an event."""
    payload = dict(CATALOG[type_].example) | changes
    return Told(type=type_, account_ref="AC-1", at=AT, payload=payload)


def test_a_payment_that_was_made_here_is_told_and_one_made_there_is_not():
    told = read_back(a_told("payment.succeeded", channel="portal"))
    assert told == PaymentBack(
        reference=CATALOG["payment.succeeded"].example["id"],
        amount=Money(9_375, "GBP"),
        paid_on=date(2027, 1, 5),
    )
    assert read_back(a_told("payment.succeeded", channel="elsewhere")) is None


@pytest.mark.parametrize("type_", ["agreement.signed", "agreement.amended"])
def test_a_signed_plan_is_told_by_its_dates_and_payments(type_):
    told = read_back(a_told(type_))
    terms = CATALOG[type_].example["terms"]
    assert isinstance(told, PlanBack)
    assert (told.payments, told.each.minor) == (terms["installments"], terms["amount"]["minor"])
    assert (told.first_due_on.isoformat(), told.signed_on) == (terms["first_on"], AT.date())
    assert told.reference.startswith(CATALOG[type_].example["id"])


def test_nothing_else_is_told():
    silent = [type_ for type_ in CATALOG if read_back(a_told(type_, channel="portal")) is None]
    assert sorted(set(CATALOG) - set(silent)) == [
        "agreement.amended",
        "agreement.signed",
        "payment.succeeded",
    ]


def test_each_is_written_once_and_a_stranger_never():
    wire = Wire([a_loan(1)])
    core = connect(wire)
    payment, plan = a_told("payment.succeeded", channel="portal"), a_told("agreement.signed")
    assert [write_back(core, one) for one in (payment, plan, payment, plan)] == [
        "booked",
        "drafted",
        "known",
        "known",
    ]
    assert (len(wire.loans[1]["transactions"]), len(wire.reschedules)) == (1, 1)
    stranger = Told(type=payment.type, account_ref="AC-9", at=AT, payload=payment.payload)
    assert write_back(core, stranger) == "no_loan"
