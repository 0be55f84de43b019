"""Checkout Sessions: made by the API, paid on the hosted page, ended by success, expiry or a late failure."""

import copy

from portal.simulators.stripe import customers, forms, intents, setups
from portal.simulators.stripe.errors import ApiError, missing, wrong_state
from portal.simulators.stripe.forms import Params
from portal.simulators.stripe.items import read_items
from portal.simulators.stripe.listing import listed, page
from portal.simulators.stripe.methods import choose_types
from portal.simulators.stripe.money import check_amount, read_currency
from portal.simulators.stripe.operations import LIST_PARAMETERS, Call, fetching, operation
from portal.simulators.stripe.vault import Thing, Vault, new_id

_PARAMETERS = (
    "allow_promotion_codes allowed_payment_method_types automatic_tax billing_address_collection "
    "branding_settings cancel_url "
    "client_reference_id currency custom_fields custom_text customer customer_creation customer_email customer_update "
    "expires_at invoice_creation line_items locale metadata mode payment_intent_data payment_method_collection "
    "payment_method_options excluded_payment_method_types phone_number_collection saved_payment_method_options "
    "setup_intent_data submit_type success_url ui_mode redirect_on_completion return_url"
)
HOSTED = "hosted_page"
LIFE_MIN, LIFE_MAX = 30 * 60, 24 * 3600


_BLANK: Thing = {
    "object": "checkout.session",
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "client_secret": None,
    "custom_fields": [],
    "custom_text": {"after_submit": None, "submit": None, "terms_of_service_acceptance": None},
    "customer_details": None,
    "invoice": None,
    "livemode": False,
    "payment_intent": None,
    "payment_link": None,
    "payment_method_options": {},
    "setup_intent": None,
    "shipping_options": [],
    "status": "open",
    "subscription": None,
}


def create_session(call: Call) -> Thing:
    params, vault = call.params, call.vault
    mode = forms.choice(params, "mode", ("payment", "setup"))
    if mode is None:
        raise missing("mode")
    if (forms.text(params, "ui_mode") or HOSTED) != HOSTED:
        raise ApiError("This test provider has the hosted_page only.", param="ui_mode")
    customer = customers.find_customer(vault, params)
    session = {
        **copy.deepcopy(_BLANK),
        **_figures(params, mode),
        **_wishes(params),
        "id": new_id("cs_test", 58),
    }
    session |= {
        "created": vault.now(),
        "customer": customer,
        "customer_creation": None if customer else forms.text(params, "customer_creation") or "if_required",
        "expires_at": _expiry(vault, params),
        "url": f"{call.base_url}/c/pay/{session['id']}",
    }
    session["_line_items"]["url"] = f"/v1/checkout/sessions/{session['id']}/line_items"
    if mode == "setup":
        data = forms.mapping(params, "setup_intent_data")
        types = session["payment_method_types"]
        setup = setups.new_setup(vault, customer=customer, types=types, data=data)
        setup["_session"] = session["id"]
        session["setup_intent"] = vault.save(setup)["id"]
    return vault.save(session)


def _figures(params: Params, mode: str) -> Thing:
    items = read_items(params) if mode == "payment" else []
    currency = items[0]["currency"] if items else (read_currency(params) if params.get("currency") else None)
    total = sum(item["amount_total"] for item in items)
    if mode == "payment":
        check_amount(total, str(currency), "line_items")
    return {
        "mode": mode,
        "amount_subtotal": total if items else None,
        "amount_total": total if items else None,
        "currency": currency,
        "allowed_payment_method_types": forms.listing(params, "allowed_payment_method_types") or None,
        "excluded_payment_method_types": forms.listing(params, "excluded_payment_method_types") or None,
        "payment_method_types": choose_types(params, currency, for_later=mode == "setup"),
        "payment_status": "unpaid" if mode == "payment" else "no_payment_required",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if items else None,
        "_line_items": {"object": "list", "url": "", "has_more": False, "data": items},
    }


def _wishes(params: Params) -> Thing:
    return {
        "cancel_url": _address(params, "cancel_url", is_needed=False),
        "client_reference_id": forms.text(params, "client_reference_id", size_max=200),
        "customer_email": forms.text(params, "customer_email"),
        "locale": forms.text(params, "locale"),
        "metadata": forms.metadata(params),
        "submit_type": forms.text(params, "submit_type"),
        "success_url": _address(params, "success_url"),
        "ui_mode": HOSTED,
        "_payment_intent_data": forms.mapping(params, "payment_intent_data"),
    }


def _address(params: Params, name: str, *, is_needed: bool = True) -> str | None:
    value = forms.required(params, name) if is_needed else forms.text(params, name)
    if value is not None and not value.startswith(("http://", "https://")):
        raise ApiError("Not a valid URL", code="url_invalid", param=name)
    return value


def _expiry(vault: Vault, params: Params) -> int:
    now, wanted = vault.now(), forms.integer(params, "expires_at")
    if wanted is None:
        return now + LIFE_MAX
    if not now + LIFE_MIN - 60 <= wanted <= now + LIFE_MAX + 60:
        text = "The `expires_at` timestamp must be between 30 minutes and 24 hours from now."
        raise ApiError(text, param="expires_at")
    return wanted


def list_items(call: Call) -> Thing:
    session = call.vault.get("checkout.session", call.id, status=404)
    return page(session["_line_items"]["data"], call.params, session["_line_items"]["url"])


def expire(vault: Vault, session: Thing) -> Thing:
    session |= {"status": "expired", "url": None}
    vault.save(session)
    vault.emit("checkout.session.expired", session)
    return session


def expire_session(call: Call) -> Thing:
    session = call.vault.get("checkout.session", call.id, status=404)
    if session["status"] != "open":
        text = f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {session["status"]}.'
        raise wrong_state(text, "checkout_session_not_open")
    return expire(call.vault, session)


def intent_of(vault: Vault, session: Thing) -> Thing:
    """Find the session's intent; in payment mode it is made at the first try to pay, as Stripe does."""
    if session["mode"] == "setup":
        return vault.get("setup_intent", session["setup_intent"])
    if session["payment_intent"]:
        return vault.get("payment_intent", session["payment_intent"])
    intent = intents.new_intent(
        vault,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        types=session["payment_method_types"],
        data=session["_payment_intent_data"],
    )
    intent["_session"] = session["id"]
    vault.save(intent)
    session["payment_intent"] = intent["id"]
    vault.save(session)
    return intent


def complete(vault: Vault, session: Thing, intent: Thing) -> Thing:
    """Close the session after its intent went through or began to wait for delayed money."""
    if session["mode"] == "payment":
        session["payment_status"] = "paid" if intent["status"] == "succeeded" else "unpaid"
    session |= {
        "status": "complete",
        "url": None,
        "customer_details": {
            "email": session["customer_email"],
            "name": None,
            "phone": None,
            "address": None,
        },
    }
    vault.save(session)
    vault.emit("checkout.session.completed", session)
    return session


def settled(vault: Vault, intent: Thing) -> None:
    """Tell the session of a delayed payment how it ended."""
    session = vault.find(intent.get("_session"))
    if session is None:
        return
    if session["status"] == "open":
        if intent["status"] == "succeeded":
            complete(vault, session, intent)
        return
    is_paid = intent["status"] == "succeeded"
    session["payment_status"] = "paid" if is_paid else "unpaid"
    vault.save(session)
    vault.emit(f"checkout.session.async_payment_{'succeeded' if is_paid else 'failed'}", session)


OPERATIONS = (
    operation("POST", "checkout/sessions", create_session, _PARAMETERS),
    fetching("checkout/sessions", "checkout.session"),
    listed("checkout/sessions", "checkout.session", "customer payment_intent status"),
    operation("POST", "checkout/sessions/<id>/expire", expire_session),
    operation("GET", "checkout/sessions/<id>/line_items", list_items, LIST_PARAMETERS),
)
