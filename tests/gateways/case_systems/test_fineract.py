"""The connector against a small server that speaks Fineract's documented wire shapes."""

import base64
import json
from datetime import date
from decimal import Decimal

import httpx
import pytest

from portal.core.money import Money
from portal.gateways.case_systems.fineract import Fineract
from portal.gateways.case_systems.shapes import CaseSystemError, PaymentBack, PlanBack, minor


def a_loan(number, **changes):
    loan = {
        "id": number,
        "accountNo": f"{number:09d}",
        "externalId": f"AC-{number}",
        "clientId": 40 + number,
        "loanProductName": "Personal",
        "status": {"id": 300, "code": "loanStatusType.active", "value": "Active", "closed": False},
        "currency": {"code": "USD", "decimalPlaces": 2},
        "annualInterestRate": 18.5,
        "timeline": {"actualDisbursementDate": [2024, 3, 5]},
        "summary": {
            "principalOutstanding": 1200.1,
            "interestOutstanding": 186.4,
            "feeChargesOutstanding": 20,
            "penaltyChargesOutstanding": 9.99,
            "overdueSinceDate": [2026, 8, 3],
        },
    }
    return loan | changes


class Wire:
    """What Fineract answers, as its reference documents it; unknown external ids are booked, known ones refused."""

    def __init__(self, loans):
        self.loans = {loan["id"]: loan | {"transactions": []} for loan in loans}
        self.asked, self.reschedules = [], []

    def answer(self, request):
        self.asked.append(request)
        if request.headers.get("Fineract-Platform-TenantId") != "default":
            return httpx.Response(400, json={"defaultUserMessage": "tenant"})
        if request.headers.get("Authorization") != "Basic " + base64.b64encode(b"mifos:word").decode():
            return httpx.Response(401, json={})
        parts = request.url.path.removeprefix("/api/v1/").split("/")
        if parts == ["loans"]:
            return self._list(request.url.params)
        return self._reschedule(request) if parts == ["rescheduleloans"] else self._loan(request, parts)

    def _list(self, params):
        wanted = params.get("externalId")
        ids = [one for one in sorted(self.loans) if wanted in (None, self.loans[one]["externalId"])]
        start, most = (int(params[name]) for name in ("offset", "limit"))
        page = [{"id": row, "accountNo": "x"} for row in ids[start : start + most]]
        return httpx.Response(200, json={"totalFilteredRecords": len(ids), "pageItems": page})

    def _reschedule(self, request):
        if request.method == "GET":
            wanted = int(request.url.params["loanId"])
            return httpx.Response(200, json=[one for one in self.reschedules if one["loanId"] == wanted])
        self.reschedules.append(json.loads(request.content))
        return httpx.Response(200, json={"officeId": 1, "resourceId": len(self.reschedules)})

    def _loan(self, request, parts):
        loan = self.loans.get(int(parts[1]))
        if loan is None:
            return httpx.Response(404, json={"userMessageGlobalisationCode": "error.msg.loan.id.invalid"})
        if request.method == "GET":
            return httpx.Response(200, json=loan)
        body = json.loads(request.content)
        if any(one["externalId"] == body["externalId"] for one in loan["transactions"]):
            return httpx.Response(403, json={})
        assert body["dateFormat"] == "yyyy-MM-dd"
        assert body["locale"] == "en"
        assert request.url.params["command"] == "repayment"
        loan["transactions"].append(body)
        return httpx.Response(200, json={"loanId": loan["id"], "resourceId": 7})


def connect(wire, password="word"):  # noqa: S107 - of the stand-in
    transport = httpx.MockTransport(wire.answer)
    client = httpx.Client(base_url="https://core.example/api/v1/", transport=transport)
    return Fineract(client, tenant="default", username="mifos", password=password, reason_id=54)


def test_loans_are_read_page_by_page_to_the_cent(monkeypatch):
    monkeypatch.setattr("portal.gateways.case_systems.fineract.PAGE_ROWS", 2)
    loans = list(connect(Wire([a_loan(number) for number in range(1, 6)])).walk_loans())
    assert [one.account_ref for one in loans] == [f"AC-{number}" for number in range(1, 6)]
    one = loans[0]
    assert (one.principal_minor, one.interest_minor, one.fees_minor) == (120_010, 18_640, 2_999)
    assert (one.opened_on, one.overdue_since) == (date(2024, 3, 5), date(2026, 8, 3))
    assert (one.annual_rate_percent, one.customer_ref, one.is_closed) == (Decimal("18.5"), "41", False)


def test_a_loan_without_a_summary_owes_nothing():
    bare = a_loan(1, summary=None, timeline={}, externalId=None, status={"closed": True})
    one = connect(Wire([bare])).read_loan("1")
    assert (one.principal_minor, one.opened_on, one.account_ref, one.is_closed) == (
        0,
        None,
        "000000001",
        True,
    )


def test_a_payment_is_booked_once_and_exactly():
    wire = Wire([a_loan(1)])
    payment = PaymentBack(reference="pay_1", amount=Money(12_345, "USD"), paid_on=date(2026, 12, 1))
    core = connect(wire)
    assert core.write_payment("1", payment) is True
    assert core.write_payment("1", payment) is False
    (booked,) = wire.loans[1]["transactions"]
    assert (booked["transactionAmount"], booked["transactionDate"]) == ("123.45", "2026-12-01")
    posts = [one for one in wire.asked if one.method == "POST"]
    assert [one.headers["Idempotency-Key"] for one in posts] == ["pay_1"]


def test_a_plan_becomes_a_reschedule_that_waits_for_approval():
    wire = Wire([a_loan(1)])
    plan = PlanBack(
        reference="agr_1",
        signed_on=date(2026, 12, 1),
        first_due_on=date(2027, 1, 1),
        payments=12,
        each=Money(9_375, "USD"),
        extra_months=6,
    )
    assert connect(wire).write_plan("1", plan) is True
    assert connect(wire).write_plan("1", plan) is False
    (asked,) = wire.reschedules
    assert (asked["loanId"], asked["rescheduleFromDate"], asked["extraTerms"]) == (1, "2027-01-01", 6)
    assert asked["rescheduleReasonId"] == 54
    assert asked["rescheduleReasonComment"] == "agr_1: 12 x 93.75"


def test_a_loan_is_found_by_the_reference_that_the_portal_has():
    core = connect(Wire([a_loan(1), a_loan(2)]))
    assert (core.find_loan("AC-2"), core.find_loan("AC-3")) == ("2", None)


def test_what_goes_wrong_is_one_kind_of_error():
    with pytest.raises(CaseSystemError) as fault:
        connect(Wire([])).read_loan("9")
    assert fault.value.status == 404
    with pytest.raises(CaseSystemError) as fault:
        connect(Wire([a_loan(1)]), password="other").read_loan("1")
    assert fault.value.status == 401
    with pytest.raises(CaseSystemError):
        connect(Wire([a_loan(1, timeline={"actualDisbursementDate": [2024, 13, 1]})])).read_loan("1")

    def gone(_request):
        raise httpx.ConnectTimeout("away")

    client = httpx.Client(base_url="https://core.example/", transport=httpx.MockTransport(gone))
    with pytest.raises(CaseSystemError) as fault:
        Fineract(client, tenant="default", username="a", password="b").read_loan("1")
    assert fault.value.status is None


def test_an_amount_finer_than_its_currency_is_not_rounded_in_silence():
    assert minor("1.10", "USD") == 110
    with pytest.raises(CaseSystemError):
        minor("1.5", "VND")
