"""The life of one payment: an attempt by a method, success, decline, delayed money that comes later or not."""

from portal.simulators.stripe import customers
from portal.simulators.stripe.errors import ApiError, card_error, wrong_state
from portal.simulators.stripe.methods import CARDS, METHODS
from portal.simulators.stripe.vault import Thing, Vault, new_id, public

ACTIONS = {
    "promptpay": "promptpay_display_qr_code",
    "pix": "pix_display_qr_code",
    "boleto": "boleto_display_details",
    "oxxo": "oxxo_display_details",
    "konbini": "konbini_display_details",
    "customer_balance": "display_bank_transfer_instructions",
}
NEEDS_STEP = "This transaction requires authentication."


def attempt(
    vault: Vault, intent: Thing, method: Thing, *, off_session: bool = False, base_url: str = ""
) -> Thing:
    """Try to charge an intent by a method and return the intent. Raises a card error when it is declined."""
    kind = METHODS[method["type"]]
    if kind.currencies and intent["currency"] not in kind.currencies:
        raise ApiError(f"{kind.label} does not take {intent['currency']}.", param="payment_method")
    intent["payment_method"] = method["id"]
    intent["last_payment_error"] = None
    if kind.nature == "card":
        return _by_card(vault, intent, method, off_session=off_session, base_url=base_url)
    if kind.nature == "debit":
        return _begin_debit(vault, intent, method)
    if off_session and not kind.is_reusable:
        raise wrong_state(f"{kind.label} cannot be used off session.", "payment_method_not_available")
    if off_session:
        return succeed(vault, intent)
    return wait_for_customer(vault, intent, _next_action(kind.nature, kind.name, intent, base_url))


def _next_action(nature: str, name: str, intent: Thing, base_url: str) -> Thing:
    step = f"{base_url}/c/step/{intent['id']}"
    if nature == "redirect":
        return {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": step, "return_url": intent.get("_return_url")},
        }
    return {
        "type": ACTIONS[name],
        ACTIONS[name]: {"hosted_instructions_url": step, "number": intent["id"][-12:]},
    }


def _by_card(vault: Vault, intent: Thing, method: Thing, *, off_session: bool, base_url: str) -> Thing:
    card = CARDS[method["_number"]]
    if card.answer in ("declines", "later"):
        return decline(vault, intent, card.message, card.code, decline_code=card.decline_code)
    if card.answer == "asks" and not (method.get("_authenticated") and not card.off_session_needs_step):
        if off_session:
            text = f"Your card was declined. {NEEDS_STEP}"
            return decline(
                vault, intent, text, "authentication_required", decline_code="authentication_required"
            )
        return wait_for_customer(vault, intent, _next_action("redirect", "card", intent, base_url))
    return succeed(vault, intent)


def wait_for_customer(vault: Vault, intent: Thing, action: Thing) -> Thing:
    intent["status"] = "requires_action"
    intent["next_action"] = action
    vault.save(intent)
    vault.emit("payment_intent.requires_action", intent)
    return intent


def _begin_debit(vault: Vault, intent: Thing, method: Thing) -> Thing:
    charge = new_charge(vault, intent, "pending")
    intent |= {"status": "processing", "next_action": None, "latest_charge": charge["id"]}
    vault.save(intent)
    _keep_method(vault, intent, method)
    vault.emit("charge.pending", charge)
    vault.emit("payment_intent.processing", intent)
    return intent


def new_charge(vault: Vault, intent: Thing, status: str) -> Thing:
    method = vault.get("payment_method", intent["payment_method"])
    paid = status == "succeeded"
    charge: Thing = {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "balance_transaction": new_id("txn") if paid else None,
        "billing_details": method["billing_details"],
        "captured": status != "failed",
        "created": vault.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": {"network_status": "approved_by_network", "type": "authorized"},
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"type": method["type"], method["type"]: dict(method[method["type"]])},
        "receipt_url": None,
        "refunded": False,
        "status": status,
        "transfer_data": intent["transfer_data"],
    }
    return vault.save(charge)


def succeed(vault: Vault, intent: Thing) -> Thing:
    """Let the money arrive: the charge succeeds and the intent with it."""
    charge = vault.find(intent["latest_charge"])
    if charge is None or charge["status"] != "pending":
        charge = new_charge(vault, intent, "succeeded")
    charge |= {"status": "succeeded", "paid": True, "amount_captured": charge["amount"]}
    charge["balance_transaction"] = charge["balance_transaction"] or new_id("txn")
    vault.save(charge)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "next_action": None,
        "last_payment_error": None,
    }
    vault.save(intent)
    _keep_method(vault, intent, vault.get("payment_method", intent["payment_method"]))
    vault.emit("charge.succeeded", charge)
    vault.emit("payment_intent.succeeded", intent)
    return intent


def _keep_method(vault: Vault, intent: Thing, method: Thing) -> None:
    wants_it = intent["setup_future_usage"] and intent["customer"]
    if wants_it and METHODS[method["type"]].is_reusable:
        customers.attach(vault, method, intent["customer"])
    elif not method["customer"]:
        method["_spent"] = True
        vault.save(method)


def refuse(vault: Vault, intent: Thing, message: str, code: str, *, decline_code: str | None = None) -> Thing:
    """Let a payment come to nothing; the intent asks for another method, and keeps the reason."""
    charge = vault.find(intent["latest_charge"])
    if charge is None or charge["status"] != "pending":
        charge = new_charge(vault, intent, "failed")
    charge |= {
        "status": "failed",
        "paid": False,
        "failure_code": code,
        "failure_message": message,
        "outcome": {
            "network_status": "declined_by_network",
            "reason": decline_code or code,
            "type": "issuer_declined",
        },
    }
    vault.save(charge)
    method = vault.get("payment_method", intent["payment_method"])
    kind = "card_error" if method["type"] == "card" else "invalid_request_error"
    error = {
        "type": kind,
        "code": code,
        "message": message,
        "charge": charge["id"],
        "payment_method": public(method),
    }
    if decline_code:
        error["decline_code"] = decline_code
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "last_payment_error": error,
    }
    vault.save(intent)
    vault.emit("charge.failed", charge)
    vault.emit("payment_intent.payment_failed", intent)
    return intent


def decline(
    vault: Vault, intent: Thing, message: str, code: str, *, decline_code: str | None = None
) -> Thing:
    """Refuse and tell the caller. Raises the card error, always."""
    refuse(vault, intent, message, code, decline_code=decline_code)
    raise card_error(
        message, code, decline_code=decline_code, charge=intent["latest_charge"], payment_intent=public(intent),
        payment_method=intent["last_payment_error"]["payment_method"],
    )  # fmt: skip


def authenticate(vault: Vault, intent: Thing, *, is_approved: bool) -> Thing:
    """Finish the step that the bank or the wallet asked for."""
    if intent["status"] != "requires_action":
        raise wrong_state("This payment waits for nothing.", "payment_intent_unexpected_state")
    if not is_approved:
        text = "The customer did not approve the PaymentIntent."
        return refuse(vault, intent, text, "payment_intent_authentication_failure")
    method = vault.get("payment_method", intent["payment_method"])
    method["_authenticated"] = True
    vault.save(method)
    return succeed(vault, intent)
