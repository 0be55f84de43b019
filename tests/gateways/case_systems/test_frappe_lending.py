"""The connector against a small server that speaks the documented wire shapes of Frappe and its lending app."""

import json
from datetime import date
from decimal import Decimal

import httpx
import pytest

from portal.core.money import Money
from portal.gateways.case_systems.frappe_lending import FrappeLending
from portal.gateways.case_systems.shapes import CaseSystemError, PaymentBack, PlanBack

TODAY = date(2026, 12, 1)


def a_loan(number, **changes):
    loan = {
        "name": f"ACC-LOAN-2026-{number:05d}",
        "applicant": f"CUST-{number}",
        "company": "Bench",
        "loan_product": "Term Loan",
        "rate_of_interest": 14.5,
        "status": "Disbursed",
        "disbursement_date": "2024-03-05",
        "days_past_due": 30,
        "docstatus": 1,
    }
    return loan | changes


class Wire:
    """What a site answers: resources under `data`, methods under `message`."""

    def __init__(self, loans):
        self.loans = {loan["name"]: loan for loan in loans}
        self.repayments, self.restructures = [], []

    def answer(self, request):
        if request.headers.get("Authorization") != "token key:secret":
            return httpx.Response(403, json={"exc_type": "AuthenticationError"})
        parts = request.url.path.strip("/").split("/")
        if parts[:2] == ["api", "method"]:
            return self._amounts(json.loads(request.content))
        doctype = parts[2]
        if request.method == "POST":
            return self._create(doctype, json.loads(request.content))
        if len(parts) == 4:
            loan = self.loans.get(parts[3])
            return httpx.Response(200, json={"data": loan}) if loan else httpx.Response(404, json={})
        return self._list(doctype, request.url.params)

    def _amounts(self, body):
        assert body["payment_type"] == "Loan Closure"
        if body["against_loan"] not in self.loans:
            return httpx.Response(417, json={"exc_type": "ValidationError"})
        owed = {
            "pending_principal_amount": 1200.5,
            "interest_amount": 86.25,
            "penalty_amount": 10,
            "total_charges_payable": 2.5,
            "payable_amount": 1299.25,
        }
        return httpx.Response(200, json={"message": owed})

    def _create(self, doctype, body):
        kept = {"Loan Repayment": self.repayments, "Loan Restructure": self.restructures}[doctype]
        kept.append(body)
        return httpx.Response(200, json={"data": body | {"name": f"{doctype}-{len(kept)}"}})

    def _list(self, doctype, params):
        rows = {
            "Loan": list(self.loans.values()),
            "Loan Repayment": self.repayments,
            "Loan Restructure": self.restructures,
        }[doctype]
        for field, operator, value in json.loads(params["filters"]):
            assert operator == "="
            rows = [row for row in rows if row[field] == value]
        start = int(params["limit_start"])
        return httpx.Response(200, json={"data": rows[start : start + int(params["limit_page_length"])]})


def connect(wire, secret="secret"):  # noqa: S107 - of the stand-in
    client = httpx.Client(base_url="https://erp.example/", transport=httpx.MockTransport(wire.answer))
    return FrappeLending(client, api_key="key", api_secret=secret, currency="INR")


def test_loans_are_read_page_by_page_with_what_is_open(monkeypatch):
    monkeypatch.setattr("portal.gateways.case_systems.frappe_lending.PAGE_ROWS", 2)
    wire = Wire([*(a_loan(number) for number in range(5)), a_loan(9, docstatus=0)])
    loans = list(connect(wire).walk_loans(today=TODAY))
    assert [one.customer_ref for one in loans] == [f"CUST-{number}" for number in range(5)]
    one = loans[0]
    assert (one.principal_minor, one.interest_minor, one.fees_minor) == (120_050, 8_625, 1_250)
    assert (one.opened_on, one.overdue_since) == (date(2024, 3, 5), date(2026, 11, 1))
    assert (one.annual_rate_percent, one.is_closed) == (Decimal("14.5"), False)


def test_a_closed_loan_that_was_never_late_says_so():
    one = connect(Wire([a_loan(1, status="Closed", days_past_due=0)])).read_loan(
        "ACC-LOAN-2026-00001", today=TODAY
    )
    assert (one.is_closed, one.overdue_since) == (True, None)


def test_a_payment_is_submitted_once():
    wire = Wire([a_loan(1)])
    payment = PaymentBack(reference="pay_1", amount=Money(12_345, "INR"), paid_on=TODAY)
    site = connect(wire)
    assert site.write_payment("ACC-LOAN-2026-00001", payment) is True
    assert site.write_payment("ACC-LOAN-2026-00001", payment) is False
    (booked,) = wire.repayments
    assert (booked["amount_paid"], booked["docstatus"], booked["reference_number"]) == ("123.45", 1, "pay_1")


def test_a_plan_becomes_a_draft_that_staff_submit():
    wire = Wire([a_loan(1)])
    plan = PlanBack(
        reference="agr_1",
        signed_on=TODAY,
        first_due_on=date(2027, 1, 1),
        payments=12,
        each=Money(9_375, "INR"),
    )
    assert connect(wire).write_plan("ACC-LOAN-2026-00001", plan) is True
    assert connect(wire).write_plan("ACC-LOAN-2026-00001", plan) is False
    (asked,) = wire.restructures
    assert (asked["docstatus"], asked["new_monthly_repayment_amount"]) == (0, "93.75")
    assert asked["new_repayment_period_in_months"] == 12


def test_a_loan_is_found_by_its_name():
    site = connect(Wire([a_loan(1)]))
    assert site.find_loan("ACC-LOAN-2026-00001") == "ACC-LOAN-2026-00001"
    assert site.find_loan("AC-1") is None


def test_what_goes_wrong_is_one_kind_of_error():
    with pytest.raises(CaseSystemError) as fault:
        connect(Wire([]), secret="other").read_loan("x", today=TODAY)
    assert fault.value.status == 403
    with pytest.raises(CaseSystemError):
        connect(Wire([])).read_loan("x", today=TODAY)
