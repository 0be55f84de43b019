"""What happens after the customer has gone: delayed money arrives or does not, steps are finished."""

from portal.simulators.stripe import charging, checkout, setups
from portal.simulators.stripe.errors import wrong_state
from portal.simulators.stripe.methods import METHODS
from portal.simulators.stripe.vault import Thing, Vault

FAILURES = {
    "qr": ("payment_intent_payment_attempt_expired", "The payment was not made in time."),
    "voucher": ("payment_intent_payment_attempt_expired", "The voucher was not paid in time."),
    "debit": ("insufficient_funds", "The customer's account has insufficient funds to cover this payment."),
}


def settle(vault: Vault, intent: Thing, *, is_paid: bool, code: str | None = None) -> Thing:
    """End a delayed payment. Raises `ApiError` when it does not wait for money."""
    if intent["status"] not in ("processing", "requires_action"):
        raise wrong_state(
            f"{intent['id']} has a status of {intent['status']}.", "payment_intent_unexpected_state"
        )
    if is_paid:
        charging.succeed(vault, intent)
    else:
        nature = METHODS[vault.get("payment_method", intent["payment_method"])["type"]].nature
        usual, message = FAILURES.get(
            nature, ("payment_intent_authentication_failure", "The payment was not approved.")
        )
        charging.refuse(vault, intent, message, code or usual)
    checkout.settled(vault, intent)
    return intent


def finish_step(vault: Vault, intent: Thing, *, is_approved: bool) -> Thing:
    """Finish an authentication step of a payment or a set-up, and close its session when it went well."""
    if intent["object"] == "setup_intent":
        setups.authenticate(vault, intent, is_approved=is_approved)
    else:
        charging.authenticate(vault, intent, is_approved=is_approved)
    session = vault.find(intent.get("_session"))
    if session is not None and session["status"] == "open" and intent["status"] == "succeeded":
        checkout.complete(vault, session, intent)
    return intent


def waiting(vault: Vault) -> list[Thing]:
    """List the payments that wait for delayed money."""
    states = ("processing", "requires_action")
    return [
        intent
        for intent in vault.all("payment_intent")
        if intent["status"] in states and intent["payment_method"]
    ]
