"""PaymentIntents: create, confirm, change, cancel, list, search."""

import copy
from typing import Any

from portal.simulators.stripe import charging, customers, forms
from portal.simulators.stripe.errors import ApiError, missing, wrong_state
from portal.simulators.stripe.forms import Params
from portal.simulators.stripe.listing import listed, searched
from portal.simulators.stripe.methods import choose_types
from portal.simulators.stripe.money import check_amount, read_amount, read_currency
from portal.simulators.stripe.operations import Call, fetching, operation
from portal.simulators.stripe.vault import Thing, Vault, new_id, public

REDIRECTS = ("always", "never")
_SHARED = (
    "customer description metadata payment_method payment_method_options receipt_email setup_future_usage "
    "shipping statement_descriptor statement_descriptor_suffix transfer_group application_fee_amount "
)
_CREATE = (
    "amount currency automatic_payment_methods allowed_payment_method_types capture_method "
    "excluded_payment_method_types confirm "
    "confirmation_method error_on_requires_action mandate mandate_data off_session on_behalf_of "
    "payment_method_data return_url transfer_data use_stripe_sdk "
)
_CONFIRM = (
    "payment_method payment_method_data payment_method_options off_session return_url setup_future_usage mandate "
    "mandate_data error_on_requires_action receipt_email shipping use_stripe_sdk capture_method"
)


_BLANK: Thing = {
    "object": "payment_intent",
    "amount_capturable": 0,
    "amount_received": 0,
    "automatic_payment_methods": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "capture_method": "automatic",
    "confirmation_method": "automatic",
    "last_payment_error": None,
    "latest_charge": None,
    "livemode": False,
    "next_action": None,
    "payment_method": None,
    "payment_method_options": {},
    "processing": None,
    "shipping": None,
    "status": "requires_payment_method",
    "_session": None,
}


def new_intent(
    vault: Vault, *, amount: int, currency: str, customer: str | None, types: list[str], data: Params
) -> Thing:
    """Make an intent from checked figures and the loose parameters of a request or of `payment_intent_data`."""
    if forms.text(data, "capture_method") == "manual":
        text = "This test provider captures at once: capture_method manual is not offered."
        raise ApiError(text, param="capture_method")
    identifier = new_id("pi")
    intent: Thing = {
        **copy.deepcopy(_BLANK),
        "id": identifier,
        "amount": amount,
        "application_fee_amount": forms.integer(data, "application_fee_amount"),
        "client_secret": f"{identifier}_secret_{new_id('s')[2:]}",
        "created": vault.now(),
        "currency": currency,
        "customer": customer,
        "description": forms.text(data, "description"),
        "metadata": forms.metadata(data),
        "on_behalf_of": forms.text(data, "on_behalf_of"),
        "payment_method_types": types,
        "receipt_email": forms.text(data, "receipt_email"),
        "setup_future_usage": forms.choice(data, "setup_future_usage", ("on_session", "off_session")),
        "statement_descriptor": _descriptor(data),
        "statement_descriptor_suffix": forms.text(data, "statement_descriptor_suffix", size_max=22),
        "transfer_data": _transfer(vault, data),
        "transfer_group": forms.text(data, "transfer_group"),
    }
    vault.save(intent)
    vault.emit("payment_intent.created", intent)
    return intent


def _descriptor(data: Params) -> str | None:
    value = forms.text(data, "statement_descriptor", size_max=22)
    if value is not None and (len(value) < 5 or any(sign in value for sign in "<>\\'\"*")):
        text = "The statement descriptor must have 5 to 22 characters and none of <>\\'\"*."
        raise ApiError(text, param="statement_descriptor")
    return value


def _transfer(vault: Vault, data: Params) -> Thing | None:
    given = forms.mapping(data, "transfer_data")
    if not given:
        return None
    account = vault.get("account", forms.required(given, "destination"), param="transfer_data[destination]")
    amount = forms.integer(given, "amount")
    return {"destination": account["id"]} | ({"amount": amount} if amount is not None else {})


def create_intent(call: Call) -> Thing:
    params, vault = call.params, call.vault
    if "amount" not in params:
        raise missing("amount")
    currency = read_currency(params)
    amount = read_amount(params, currency)
    types = choose_types(params, currency)
    customer = customers.find_customer(vault, params)
    method = _method_of(call, customer)
    if forms.boolean(params, "off_session") and not forms.boolean(params, "confirm"):
        raise ApiError("You can only set off_session when confirm is true.", param="off_session")
    intent = new_intent(
        vault,
        amount=amount,
        currency=currency,
        customer=customer,
        types=types,
        data=params,
    )
    redirects = forms.choice(
        forms.mapping(params, "automatic_payment_methods"), "allow_redirects", REDIRECTS, "always"
    )
    if not forms.listing(params, "allowed_payment_method_types"):
        intent["automatic_payment_methods"] = {"allow_redirects": redirects, "enabled": True}
    intent["_return_url"] = forms.text(params, "return_url")
    _choose(vault, intent, method)
    return _confirm(call, intent) if forms.boolean(params, "confirm") else vault.save(intent)


def _choose(vault: Vault, intent: Thing, method: Thing | None) -> None:
    if method is not None:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
        vault.save(intent)


def _method_of(call: Call, customer: str | None) -> Thing | None:
    """Find or make the method that a request names; it must belong to the intent's customer or to nobody."""
    if named := forms.text(call.params, "payment_method"):
        method = customers.use_method(call.vault, named)
    elif data := forms.mapping(call.params, "payment_method_data"):
        method = customers.read_method(call.vault, data)
    else:
        return None
    if method["customer"] and method["customer"] != customer:
        text = "The provided PaymentMethod belongs to another Customer. You must provide that Customer."
        raise ApiError(text, param="payment_method")
    if method.get("_spent"):
        text = "The provided PaymentMethod was previously used without being attached to a Customer."
        raise ApiError(text, code="payment_method_unexpected_state", param="payment_method")
    return method


def _confirm(call: Call, intent: Thing) -> Thing:
    if intent["payment_method"] is None:
        text = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise wrong_state(text, "payment_intent_unexpected_state", payment_intent=public(intent))
    method = call.vault.get("payment_method", intent["payment_method"])
    if method["type"] not in intent["payment_method_types"]:
        text = f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent."
        raise ApiError(text, param="payment_method")
    automatic = intent["automatic_payment_methods"]
    if automatic and automatic["allow_redirects"] == "always" and not intent.get("_return_url"):
        text = (
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of "
            "these payment methods might redirect your customer off of your page, you must provide a `return_url`."
        )
        raise ApiError(text, param="return_url")
    off_session = forms.boolean(call.params, "off_session")
    return charging.attempt(call.vault, intent, method, off_session=off_session, base_url=call.base_url)


def _expect(intent: Thing, verb: str, *states: str) -> None:
    if intent["status"] not in states:
        text = f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}."
        raise wrong_state(text, "payment_intent_unexpected_state", payment_intent=public(intent))


def confirm_intent(call: Call) -> Thing:
    intent = call.vault.get("payment_intent", call.id, status=404)
    _expect(intent, "confirm", "requires_payment_method", "requires_confirmation", "requires_action")
    intent["_return_url"] = forms.text(call.params, "return_url") or intent.get("_return_url")
    _choose(call.vault, intent, _method_of(call, intent["customer"]))
    return _confirm(call, intent)


def update_intent(call: Call) -> Thing:
    intent = call.vault.get("payment_intent", call.id, status=404)
    figures = [name for name in ("amount", "currency", "customer", "payment_method") if name in call.params]
    if figures:
        _expect(intent, "update", "requires_payment_method", "requires_confirmation", "requires_action")
    method = _method_of(call, intent["customer"])
    if "currency" in figures:
        intent["currency"] = read_currency(call.params)
    if "amount" in figures:
        intent["amount"] = read_amount(call.params, intent["currency"])
    check_amount(intent["amount"], intent["currency"])
    if "customer" in figures:
        intent["customer"] = customers.find_customer(call.vault, call.params)
    for name in ("description", "receipt_email", "setup_future_usage", "transfer_group"):
        if name in call.params:
            intent[name] = forms.text(call.params, name)
    intent["metadata"] = forms.metadata(call.params, intent["metadata"])
    _choose(call.vault, intent, method)
    return call.vault.save(intent)


def cancel_intent(call: Call) -> Any:
    intent = call.vault.get("payment_intent", call.id, status=404)
    _expect(intent, "cancel", "requires_payment_method", "requires_confirmation", "requires_action")
    session = call.vault.find(intent["_session"])
    if session is not None and session["status"] == "open":
        raise wrong_state("Expire the Checkout Session instead.", "payment_intent_unexpected_state")
    reasons = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    intent |= {
        "status": "canceled",
        "canceled_at": call.vault.now(),
        "cancellation_reason": forms.choice(call.params, "cancellation_reason", reasons),
        "next_action": None,
    }
    call.vault.save(intent)
    call.vault.emit("payment_intent.canceled", intent)
    return intent


OPERATIONS = (
    operation("POST", "payment_intents", create_intent, _SHARED + _CREATE),
    searched("payment_intents", "payment_intent"),
    fetching("payment_intents", "payment_intent"),
    operation("POST", "payment_intents/<id>", update_intent, f"{_SHARED} amount currency transfer_data"),
    operation("POST", "payment_intents/<id>/confirm", confirm_intent, _CONFIRM),
    operation("POST", "payment_intents/<id>/cancel", cancel_intent, "cancellation_reason"),
    listed("payment_intents", "payment_intent", "customer"),
)
