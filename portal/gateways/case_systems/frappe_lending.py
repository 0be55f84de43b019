"""ERPNext with Frappe Lending: read loans, write back payments and plan changes.

Wire shapes from its public documentation (docs.frappe.io: REST API of the framework; Lending, API documentation) and
its published document types: `Loan`, `Loan Repayment`, `Loan Restructure`.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import httpx

from portal.gateways.case_systems.shapes import (
    CaseSystemError,
    LoanThere,
    PaymentBack,
    PlanBack,
    ask,
    major,
    minor,
)

PAGE_ROWS = 100
SUBMITTED, DRAFT = 1, 0
_AMOUNTS = "lending.loan_management.doctype.loan_repayment.loan_repayment.calculate_amounts"
_FIELDS = (
    "name", "applicant", "company", "loan_product", "rate_of_interest", "status", "disbursement_date", "days_past_due",
)  # fmt: skip
_CLOSED = frozenset({"Closed", "Settled", "Written Off"})


class FrappeLending:
    """One site, asked through a client whose base is the site's address; `currency` is its company's."""

    def __init__(self, client: httpx.Client, *, api_key: str, api_secret: str, currency: str) -> None:
        self._client = client
        self._currency = currency
        client.headers["Authorization"] = f"token {api_key}:{api_secret}"

    def walk_loans(self, *, today: date) -> Iterator[LoanThere]:
        """Walk over every submitted loan, page by page, with what is open on a day. Raises CaseSystemError."""
        start = 0
        while True:
            page = self._list("Loan", [["docstatus", "=", SUBMITTED]], _FIELDS, start=start)
            for row in page:
                yield self._with_amounts(row, today)
            start += len(page)
            if len(page) < PAGE_ROWS:
                return

    def read_loan(self, name: str, *, today: date) -> LoanThere:
        """Read one loan with what is open on a day; raises CaseSystemError."""
        return self._with_amounts(ask(self._client, "GET", f"api/resource/Loan/{name}")["data"], today)

    def write_payment(self, name: str, payment: PaymentBack) -> bool:
        """Submit a repayment; False when its reference is there already. Raises CaseSystemError."""
        filters = [["against_loan", "=", name], ["reference_number", "=", payment.reference]]
        if self._list("Loan Repayment", filters, ("name",)):
            return False
        body = {
            "against_loan": name,
            "posting_date": payment.paid_on.isoformat(),
            "value_date": payment.paid_on.isoformat(),
            "amount_paid": major(payment.amount),
            "reference_number": payment.reference,
            "reference_date": payment.paid_on.isoformat(),
            "docstatus": SUBMITTED,
        }
        ask(self._client, "POST", "api/resource/Loan Repayment", json=body)
        return True

    def find_loan(self, account_ref: str) -> str | None:
        """Find the name of the loan that the portal knows by this reference: the same; raises CaseSystemError."""
        return account_ref if self._list("Loan", [["name", "=", account_ref]], ("name",)) else None

    def write_plan(self, name: str, plan: PlanBack) -> bool:
        """Draft a restructure, which the lender's staff complete and submit there; False when it was drafted before.

        Raises CaseSystemError.
        """
        reason = f"debtor portal {plan.reference}"
        if self._list(
            "Loan Restructure", [["loan", "=", name], ["reason_for_restructure", "=", reason]], ("name",)
        ):
            return False
        body = {
            "loan": name,
            "restructure_type": "Normal Restructure",
            "restructure_date": plan.signed_on.isoformat(),
            "repayment_start_date": plan.first_due_on.isoformat(),
            "new_repayment_method": "Repay Fixed Amount per Period",
            "new_monthly_repayment_amount": major(plan.each),
            "new_repayment_period_in_months": plan.payments,
            "reason_for_restructure": reason,
            "docstatus": DRAFT,
        }
        ask(self._client, "POST", "api/resource/Loan Restructure", json=body)
        return True

    def _list(
        self, doctype: str, filters: list[list[Any]], fields: tuple[str, ...], *, start: int = 0
    ) -> list[dict[str, Any]]:
        params: dict[str, Any] = {
            "filters": json.dumps(filters),
            "fields": json.dumps(list(fields)),
            "order_by": "name asc",
            "limit_start": start,
            "limit_page_length": PAGE_ROWS,
        }
        found: list[dict[str, Any]] = ask(self._client, "GET", f"api/resource/{doctype}", params=params)[
            "data"
        ]
        return found

    def _with_amounts(self, row: Mapping[str, Any], today: date) -> LoanThere:
        body = {
            "against_loan": row["name"],
            "posting_date": today.isoformat(),
            "payment_type": "Loan Closure",
        }
        owed = ask(self._client, "POST", f"api/method/{_AMOUNTS}", json=body)["message"]
        late = int(row.get("days_past_due") or 0)
        opened = row.get("disbursement_date")
        try:
            return LoanThere(
                core_id=str(row["name"]),
                account_ref=str(row["name"]),
                customer_ref=str(row["applicant"]),
                product=str(row["loan_product"]),
                currency=self._currency,
                principal_minor=minor(owed["pending_principal_amount"], self._currency),
                interest_minor=minor(owed["interest_amount"], self._currency),
                fees_minor=minor(owed.get("penalty_amount"), self._currency)
                + minor(owed.get("total_charges_payable"), self._currency),
                annual_rate_percent=Decimal(str(row.get("rate_of_interest") or 0)),
                opened_on=date.fromisoformat(opened) if opened else None,
                overdue_since=date.fromordinal(today.toordinal() - late) if late else None,
                is_closed=row["status"] in _CLOSED,
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise CaseSystemError(f"loan {row['name']} is not as documented", status=200) from fault
