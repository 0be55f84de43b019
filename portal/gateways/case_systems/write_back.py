"""From what the portal tells to what a case system is to book: payments that were made here, plans that were signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.core.money import Money
from portal.gateways.case_systems.shapes import CaseSystem, PaymentBack, PlanBack

PLANS = frozenset({"agreement.signed", "agreement.amended"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One event of an account, as the log has it."""

    type: str
    account_ref: str
    at: datetime
    payload: Mapping[str, Any]


def read_back(told: Told) -> PaymentBack | PlanBack | None:
    """Read what a case system is to know of an event; None where that is nothing.

    A payment of the channel `elsewhere` came from there. A plan is told by its first date and its equal payments.
    """
    payload = told.payload
    if told.type == "payment.succeeded" and payload.get("channel") != "elsewhere" and "amount" in payload:
        paid_on = (
            datetime.fromisoformat(payload["paid_at"]).date() if "paid_at" in payload else told.at.date()
        )
        return PaymentBack(reference=payload["id"], amount=_money(payload["amount"]), paid_on=paid_on)
    terms = payload.get("terms", {})
    if told.type in PLANS and "first_on" in terms:
        return PlanBack(
            reference=f"{payload['id']} v{payload.get('version', 1)}",
            signed_on=told.at.date(),
            first_due_on=date.fromisoformat(terms["first_on"]),
            payments=terms["installments"],
            each=_money(terms["amount"]),
        )
    return None


def write_back(system: CaseSystem, told: Told) -> str:
    """Write one event back; gives what became of it: nothing, no_loan, booked, drafted, or known (it was there).

    May be repeated at will: what a crash cut off is written by the next try, what was written is met as known. Raises
    CaseSystemError.
    """
    what = read_back(told)
    if what is None:
        return "nothing"
    core_id = system.find_loan(told.account_ref)
    if core_id is None:
        return "no_loan"
    if isinstance(what, PaymentBack):
        return "booked" if system.write_payment(core_id, what) else "known"
    return "drafted" if system.write_plan(core_id, what) else "known"


def _money(amount: Mapping[str, Any]) -> Money:
    return Money(amount["minor"], amount["currency"])
