"""Apache Fineract loans: read accounts, write back payments and plan changes.

Wire shapes from its public API reference (fineract.apache.org, Loans, Loan Transactions, Reschedule Loans): dates are
arrays [year, month, day], writes name their `dateFormat` and `locale`, lists are pages with `pageItems`.
"""

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
_FORM = {"dateFormat": "yyyy-MM-dd", "locale": "en"}


class Fineract:
    """One tenant of a Fineract installation, asked through a client whose base is `…/fineract-provider/api/v1`.

    `reason_id` is a code value of the installation's own list of reschedule reasons; plan changes need it.
    """

    def __init__(
        self, client: httpx.Client, *, tenant: str, username: str, password: str, reason_id: int = 0
    ) -> None:
        self._client, self._reason_id = client, reason_id
        client.auth = httpx.BasicAuth(username, password)
        client.headers["Fineract-Platform-TenantId"] = tenant

    def walk_loans(self) -> Iterator[LoanThere]:
        """Walk over every loan, page by page; each is then read with its open amounts. Raises CaseSystemError."""
        start = 0
        while True:
            page = ask(
                self._client, "GET", "loans", params={"offset": start, "limit": PAGE_ROWS, "orderBy": "id"}
            )
            for row in page["pageItems"]:
                yield self.read_loan(str(row["id"]))
            start += len(page["pageItems"])
            if not page["pageItems"] or start >= page["totalFilteredRecords"]:
                return

    def read_loan(self, core_id: str) -> LoanThere:
        """Read one loan; raises CaseSystemError."""
        return _loan(ask(self._client, "GET", f"loans/{core_id}"))

    def write_payment(self, core_id: str, payment: PaymentBack) -> bool:
        """Book a payment; False when this reference is booked already. Raises CaseSystemError.

        The external id of a transaction is unique there, so a second booking of one reference is refused in any case.
        """
        known = ask(self._client, "GET", f"loans/{core_id}", params={"associations": "transactions"})
        if any(one.get("externalId") == payment.reference for one in known.get("transactions", ())):
            return False
        body = _FORM | {
            "transactionDate": payment.paid_on.isoformat(),
            "transactionAmount": major(payment.amount),
            "externalId": payment.reference,
            "note": "debtor portal",
        }
        headers = {"Idempotency-Key": payment.reference}
        path = f"loans/{core_id}/transactions"
        ask(self._client, "POST", path, params={"command": "repayment"}, json=body, headers=headers)
        return True

    def find_loan(self, account_ref: str) -> str | None:
        """Find the number of the loan that the portal knows by this reference; raises CaseSystemError."""
        page = ask(self._client, "GET", "loans", params={"externalId": account_ref, "offset": 0, "limit": 2})
        found = [str(row["id"]) for row in page["pageItems"]]
        return found[0] if len(found) == 1 else None

    def write_plan(self, core_id: str, plan: PlanBack) -> bool:
        """Ask for a reschedule, which the lender's staff approve there; False when this plan was asked for before.

        Raises CaseSystemError.
        """
        comment = f"{plan.reference}: {plan.payments} x {major(plan.each)}"
        known = ask(self._client, "GET", "rescheduleloans", params={"loanId": core_id})
        if any(one.get("rescheduleReasonComment") == comment for one in known):
            return False
        body: dict[str, Any] = _FORM | {
            "loanId": int(core_id),
            "rescheduleFromDate": plan.first_due_on.isoformat(),
            "submittedOnDate": plan.signed_on.isoformat(),
            "rescheduleReasonId": self._reason_id,
            "rescheduleReasonComment": comment,
        }
        if plan.extra_months:
            body["extraTerms"] = plan.extra_months
        ask(self._client, "POST", "rescheduleloans", params={"command": "reschedule"}, json=body)
        return True


def _loan(row: Mapping[str, Any]) -> LoanThere:
    currency = str(row["currency"]["code"])
    summary: Mapping[str, Any] = row.get("summary") or {}
    try:
        status: Mapping[str, Any] = row["status"]
        return LoanThere(
            core_id=str(row["id"]),
            account_ref=str(row.get("externalId") or row["accountNo"]),
            customer_ref=str(row["clientId"]),
            product=str(row.get("loanProductName", "loan")),
            currency=currency,
            principal_minor=minor(summary.get("principalOutstanding"), currency),
            interest_minor=minor(summary.get("interestOutstanding"), currency),
            fees_minor=minor(summary.get("feeChargesOutstanding"), currency)
            + minor(summary.get("penaltyChargesOutstanding"), currency),
            annual_rate_percent=Decimal(str(row.get("annualInterestRate") or 0)),
            opened_on=_date(row.get("timeline", {}).get("actualDisbursementDate")),
            overdue_since=_date(summary.get("overdueSinceDate")),
            is_closed=bool(status.get("closed")),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise CaseSystemError(f"loan {row.get('id')} is not as documented", status=200) from fault


def _date(parts: Any) -> date | None:
    return date(*parts) if parts else None
