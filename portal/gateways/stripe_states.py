"""What Stripe knows of an attempt, and what its errors mean, in our words."""

from typing import Any

import stripe

from portal.core.payments import (
    PaymentAbsent,
    PaymentBusy,
    PaymentDeclined,
    PaymentRefused,
    PaymentState,
    PaymentTrouble,
    PaymentUnknown,
    is_hard_decline,
)
from portal.gateways.stripe_amounts import from_wire
from portal.gateways.stripe_notices import waiting_for

_OF_INTENT = {"succeeded": "succeeded", "processing": "pending", "canceled": "canceled"}
_NEEDS_DEBTOR = frozenset({"authentication_required", "incorrect_cvc", "incorrect_number", "expired_card"})


def trouble(error: stripe.StripeError) -> PaymentTrouble:
    """Say what an error of the library means for the attempt; the provider's own text goes nowhere."""
    code = error.code or error.__class__.__name__
    if isinstance(error, stripe.CardError):
        return _declined(error, code)
    if isinstance(error, stripe.IdempotencyError) or error.code == "idempotency_key_in_use":
        # Still in progress elsewhere: its end is not known yet. Other parameters: a mistake of ours.
        return PaymentUnknown(code=code) if error.http_status == 409 else PaymentRefused(code="idempotency")
    if isinstance(error, stripe.RateLimitError) or error.http_status in (409, 429):
        return PaymentBusy(code=code)
    if isinstance(error, stripe.InvalidRequestError):
        return PaymentAbsent() if error.http_status == 404 else PaymentRefused(code=code)
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        return PaymentRefused(code=code)
    return PaymentUnknown(code="no_answer" if isinstance(error, stripe.APIConnectionError) else code)


def _declined(error: stripe.CardError, code: str) -> PaymentDeclined:
    body: Any = error.json_body or {}
    details = body.get("error") or {}
    reason = details.get("decline_code") or code
    intent = details.get("payment_intent") or {}
    return PaymentDeclined(
        code=reason,
        is_final=is_hard_decline(reason) or is_hard_decline(code),
        needs_debtor=reason in _NEEDS_DEBTOR or code in _NEEDS_DEBTOR,
        payment_ref=intent.get("id"),
    )


def plain(thing: Any) -> dict[str, Any]:
    """Give an object of the library as a dictionary; nothing becomes an empty one."""
    return dict(thing.to_dict()) if thing else {}


def state_of_intent(intent: Any, *, session: Any = None) -> PaymentState:
    """Say where a payment stands by its intent (with its latest charge written out) and its session, if any."""
    charge = intent["latest_charge"] if isinstance(intent["latest_charge"], stripe.Charge) else None
    error = plain(intent["last_payment_error"])
    code = error.get("decline_code") or error.get("code")
    refunded = charge["amount_refunded"] if charge else 0
    _waits, waiting_method, voucher = waiting_for(plain(intent))
    return PaymentState(
        state=_state(intent, charge, session),
        session_ref=session["id"] if session else None,
        payment_ref=intent["id"],
        customer_ref=intent["customer"],
        method_ref=intent["payment_method"],
        method=charge["payment_method_details"]["type"] if charge else waiting_method,
        voucher_url=voucher,
        amount=from_wire(intent["amount"], intent["currency"]),
        refunded=from_wire(refunded, intent["currency"]) if refunded else None,
        decline_code=code,
        is_final=is_hard_decline(code),
    )


def _state(intent: Any, charge: Any, session: Any) -> str:
    status = intent["status"]
    if status == "succeeded" and charge is not None:
        if charge["disputed"]:
            return "disputed"
        return "refunded" if charge["refunded"] else "succeeded"
    if status in _OF_INTENT:
        return _OF_INTENT[status]
    is_open = session is not None and session["status"] == "open"
    if is_open:
        return "started"
    if status == "requires_action":
        return "pending"
    return "failed" if intent["last_payment_error"] or session is not None else "started"


def state_of_session(session: Any) -> PaymentState:
    """Say where an attempt stands by its Checkout Session, its intent written out."""
    intent = session["payment_intent"] or session["setup_intent"]
    if session["mode"] == "payment" and intent is not None and session["status"] != "expired":
        return state_of_intent(intent, session=session)
    states = {"open": "started", "expired": "canceled", "complete": "succeeded"}
    kept = intent["payment_method"] if intent else None
    is_whole = isinstance(kept, stripe.PaymentMethod)
    return PaymentState(
        state=states[session["status"]],
        session_ref=session["id"],
        payment_ref=intent["id"] if intent else None,
        customer_ref=session["customer"],
        method_ref=kept["id"] if is_whole else kept,
        method=kept["type"] if is_whole else None,
        amount=from_wire(session["amount_total"], session["currency"]) if session["amount_total"] else None,
    )
