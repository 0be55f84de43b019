"""What every case system is asked for and told, whatever its own words are."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import httpx

from portal.core.money import Money, exponent

SECONDS_MAX = 20.0


class CaseSystemError(Exception):
    """The case system did not do what it was asked; `status` is its answer, None when there was none."""

    def __init__(self, what: str, *, status: int | None = None) -> None:
        super().__init__(f"{what}: {status or 'no answer'}")
        self.status = status


@dataclass(frozen=True, kw_only=True, slots=True)
class LoanThere:
    """One loan as the case system has it today; amounts are what is open, in minor units of `currency`.

    `core_id` is its own number, `account_ref` the reference under which the portal knows it.
    """

    core_id: str
    account_ref: str
    customer_ref: str
    product: str
    currency: str
    principal_minor: int
    interest_minor: int
    fees_minor: int
    annual_rate_percent: Decimal
    opened_on: date | None
    overdue_since: date | None
    is_closed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentBack:
    """A payment that was made here; `reference` is the portal's id of it, and is booked there once."""

    reference: str
    amount: Money
    paid_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanBack:
    """A plan that was signed here: from when on, how many payments, how much each; the case system's staff decide."""

    reference: str
    signed_on: date
    first_due_on: date
    payments: int
    each: Money
    extra_months: int = 0


class CaseSystem(Protocol):
    """A lending system to which the portal writes back.

    Each write is done once for a reference, however often it is tried; all raise CaseSystemError.
    """

    def find_loan(self, account_ref: str) -> str | None:
        """Find its own number of the loan that the portal knows by a reference; None when there is none."""

    def write_payment(self, core_id: str, payment: PaymentBack) -> bool:
        """Book a payment; False when its reference is booked already."""

    def write_plan(self, core_id: str, plan: PlanBack) -> bool:
        """Write a plan change down for the staff there to decide; False when it is there already."""


def minor(amount: object, currency: str) -> int:
    """Read an amount in major units as it stands in JSON; raises CaseSystemError when it has too many decimals."""
    exact = Decimal(str(amount or 0)).scaleb(exponent(currency))
    if exact != exact.to_integral_value():
        raise CaseSystemError(f"{amount} has more decimals than {currency}", status=200)
    return int(exact)


def major(amount: Money) -> str:
    """Write an amount in major units, exactly."""
    return format(Decimal(amount.minor).scaleb(-exponent(amount.currency)), "f")


def ask(client: httpx.Client, method: str, path: str, **more: Any) -> Any:
    """Ask once and give the JSON of a 2xx; raises CaseSystemError for every other end."""
    try:
        answer = client.request(method, path, timeout=SECONDS_MAX, **more)
    except httpx.HTTPError as fault:
        raise CaseSystemError(f"{method} {path}") from fault
    if not answer.is_success:
        raise CaseSystemError(f"{method} {path}", status=answer.status_code)
    try:
        return answer.json(parse_float=Decimal)
    except ValueError as fault:
        raise CaseSystemError(f"{method} {path} is no JSON", status=answer.status_code) from fault
