"""Customers and their saved payment methods."""

from typing import Any

from portal.simulators.stripe import forms
from portal.simulators.stripe.errors import ApiError, card_error, missing, no_such, wrong_state
from portal.simulators.stripe.forms import Params
from portal.simulators.stripe.listing import listed, page, searched
from portal.simulators.stripe.methods import CARDS, MAGIC, METHODS, TOKENS, TestCard, read_card
from portal.simulators.stripe.operations import LIST_PARAMETERS, Call, fetching, operation
from portal.simulators.stripe.vault import Thing, Vault, new_id

FIELDS = ("name", "email", "phone", "description")
_CUSTOMER = (
    "address description email invoice_settings metadata name phone preferred_locales shipping tax_exempt"
)


def create_customer(call: Call) -> Thing:
    params, vault = call.params, call.vault
    customer: Thing = {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": forms.mapping(params, "address") or None,
        "balance": 0,
        "created": vault.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "invoice_settings": {"default_payment_method": None, **forms.mapping(params, "invoice_settings")},
        "livemode": False,
        "metadata": forms.metadata(params),
        "preferred_locales": forms.listing(params, "preferred_locales"),
        "shipping": None,
        "tax_exempt": "none",
    } | {name: forms.text(params, name) for name in FIELDS}
    _check_email(customer["email"])
    vault.save(customer)
    if named := forms.text(params, "payment_method"):
        attach(vault, use_method(vault, named), customer["id"])
    vault.emit("customer.created", customer)
    return customer


def _check_email(email: str | None) -> None:
    if email is not None and ("@" not in email or len(email) > 512):
        raise ApiError(f"Invalid email address: {email}", code="email_invalid", param="email")


def find_customer(vault: Vault, params: Params) -> str | None:
    """Read the `customer` parameter and make sure that it exists."""
    named = forms.text(params, "customer")
    return vault.get("customer", named, param="customer")["id"] if named else None


def update_customer(call: Call) -> Thing:
    customer = call.vault.get("customer", call.id, status=404)
    before = {name: customer[name] for name in (*FIELDS, "metadata") if name in call.params}
    customer |= {name: forms.text(call.params, name) for name in FIELDS if name in call.params}
    _check_email(customer["email"])
    customer["metadata"] = forms.metadata(call.params, customer["metadata"])
    customer["invoice_settings"] |= forms.mapping(call.params, "invoice_settings")
    call.vault.save(customer)
    call.vault.emit("customer.updated", customer, before)
    return customer


def delete_customer(call: Call) -> Thing:
    customer = call.vault.get("customer", call.id, status=404)
    for method in owned(call.vault, call.id):
        detach(call.vault, method)
    call.vault.forget(customer)
    call.vault.emit("customer.deleted", customer)
    return {"id": customer["id"], "object": "customer", "deleted": True}


def owned(vault: Vault, customer: str, kind: str | None = None) -> list[Thing]:
    methods = [method for method in vault.all("payment_method") if method["customer"] == customer]
    return [method for method in methods if kind in (None, method["type"])]


def make_method(
    vault: Vault, kind: str, card: TestCard | None = None, details: Params | None = None
) -> Thing:
    """Make a payment method of a kind; a card is described by its brand and last four, as Stripe does."""
    method: Thing = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, **(details or {})},
        "created": vault.now(),
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
        kind: {},
    }
    if card is not None:
        method["_number"] = card.number
        method["card"] = {
            "brand": card.brand, "checks": {"cvc_check": "pass"}, "country": "US", "exp_month": 12, "exp_year": 2034,
            "fingerprint": f"fp{card.number[-6:]}", "funding": "credit", "last4": card.number[-4:], "wallet": None,
        }  # fmt: skip
    elif METHODS[kind].nature == "debit":
        method[kind] = {"last4": "6789", "fingerprint": f"fp{kind}"}
    return vault.save(method)


def read_method(vault: Vault, params: Params) -> Thing:
    """Make a payment method from the parameters of a request."""
    kind = forms.choice(params, "type", METHODS)
    if kind is None:
        raise missing("type")
    details = forms.mapping(params, "billing_details")
    if kind != "card":
        return make_method(vault, kind, details=details)
    card = forms.mapping(params, "card")
    if token := forms.text(card, "token"):
        if token not in TOKENS:
            raise no_such("token", token, param="card[token]")
        return make_method(vault, kind, CARDS[TOKENS[token]], details)
    return make_method(vault, kind, read_card(forms.required(card, "number")), details)


def create_method(call: Call) -> Thing:
    method = read_method(call.vault, call.params)
    method["metadata"] = forms.metadata(call.params)
    return call.vault.save(method)


def use_method(vault: Vault, named: str) -> Thing:
    """Find a payment method by id; the well-known test ids make a fresh one at each use."""
    if named in MAGIC:
        return make_method(vault, "card", CARDS[MAGIC[named]])
    return vault.get("payment_method", named, param="payment_method")


def attach(vault: Vault, method: Thing, customer: str) -> Thing:
    if method["customer"] == customer:
        return method
    if method["customer"]:
        raise wrong_state(
            "The payment method you provided has already been attached to a customer.",
            "resource_already_exists",
        )
    if method.get("_spent"):
        text = "This PaymentMethod was previously used without being attached to a Customer and may not be used again."
        raise wrong_state(text, "payment_method_unexpected_state")
    card = CARDS.get(method.get("_number", ""))
    if card is not None and card.answer == "declines":
        raise card_error(card.message, card.code, decline_code=card.decline_code)
    method["customer"] = customer
    vault.save(method)
    vault.emit("payment_method.attached", method)
    return method


def attach_method(call: Call) -> Thing:
    customer = call.vault.get("customer", forms.required(call.params, "customer"), param="customer")
    return attach(call.vault, use_method(call.vault, call.id), customer["id"])


def detach(vault: Vault, method: Thing) -> Thing:
    before = {"customer": method["customer"]}
    method["customer"] = None
    method["_spent"] = True
    vault.save(method)
    vault.emit("payment_method.detached", method, before)
    return method


def detach_method(call: Call) -> Thing:
    method = call.vault.get("payment_method", call.id, status=404)
    if not method["customer"]:
        text = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise wrong_state(text, "payment_method_not_attached")
    return detach(call.vault, method)


def update_method(call: Call) -> Thing:
    method = call.vault.get("payment_method", call.id, status=404)
    method["billing_details"] |= forms.mapping(call.params, "billing_details")
    method["metadata"] = forms.metadata(call.params, method["metadata"])
    return call.vault.save(method)


def list_owned(call: Call) -> Any:
    call.vault.get("customer", call.id, status=404)
    things = owned(call.vault, call.id, forms.text(call.params, "type"))
    return page(things, call.params, f"/v1/customers/{call.id}/payment_methods")


OPERATIONS = (
    operation("POST", "customers", create_customer, f"{_CUSTOMER} payment_method"),
    searched("customers", "customer"),
    fetching("customers", "customer"),
    operation("POST", "customers/<id>", update_customer, _CUSTOMER),
    operation("DELETE", "customers/<id>", delete_customer),
    listed("customers", "customer", "email"),
    operation("GET", "customers/<id>/payment_methods", list_owned, f"{LIST_PARAMETERS} type allow_redisplay"),
    operation(
        "POST",
        "payment_methods",
        create_method,
        f"type billing_details metadata allow_redisplay {' '.join(METHODS)}",
    ),
    fetching("payment_methods", "payment_method"),
    operation("POST", "payment_methods/<id>", update_method, "billing_details metadata allow_redisplay card"),
    operation("POST", "payment_methods/<id>/attach", attach_method, "customer"),
    operation("POST", "payment_methods/<id>/detach", detach_method),
    listed("payment_methods", "payment_method", "customer type"),
)
