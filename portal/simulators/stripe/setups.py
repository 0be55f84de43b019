"""SetupIntents and mandates: saving a method for later without charging it."""

from portal.simulators.stripe import customers, forms
from portal.simulators.stripe.errors import ApiError, card_error, wrong_state
from portal.simulators.stripe.forms import Params
from portal.simulators.stripe.listing import listed
from portal.simulators.stripe.methods import CARDS, METHODS, choose_types
from portal.simulators.stripe.operations import Call, fetching, operation
from portal.simulators.stripe.vault import Thing, Vault, new_id, public

_PARAMETERS = (
    "customer description metadata payment_method allowed_payment_method_types "
    "payment_method_options payment_method_data usage confirm automatic_payment_methods mandate_data on_behalf_of "
    "return_url single_use use_stripe_sdk attach_to_self"
)


def new_setup(vault: Vault, *, customer: str | None, types: list[str], data: Params) -> Thing:
    identifier = new_id("seti")
    setup: Thing = {
        "id": identifier,
        "object": "setup_intent",
        "application": None,
        "cancellation_reason": None,
        "client_secret": f"{identifier}_secret_{new_id('s')[2:]}",
        "created": vault.now(),
        "customer": customer,
        "description": forms.text(data, "description"),
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": forms.metadata(data),
        "next_action": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": types,
        "status": "requires_payment_method",
        "usage": forms.choice(data, "usage", ("on_session", "off_session"), "off_session"),
        "_session": None,
    }
    vault.save(setup)
    vault.emit("setup_intent.created", setup)
    return setup


def attempt(vault: Vault, setup: Thing, method: Thing, *, base_url: str = "") -> Thing:
    """Try to save a method; card declines raise, a card that asks waits for its step."""
    kind = METHODS[method["type"]]
    if not kind.is_reusable:
        raise ApiError(f"{kind.label} cannot be saved for later.", param="payment_method")
    setup |= {"payment_method": method["id"], "last_setup_error": None}
    card = CARDS.get(method.get("_number", ""))
    if card is not None and card.answer == "declines":
        refuse(vault, setup, card.message, card.code, decline_code=card.decline_code)
        raise card_error(card.message, card.code, decline_code=card.decline_code, setup_intent=public(setup))
    if card is not None and card.answer == "asks" and not method.get("_authenticated"):
        step = {"url": f"{base_url}/c/step/{setup['id']}", "return_url": setup.get("_return_url")}
        setup |= {
            "status": "requires_action",
            "next_action": {"type": "redirect_to_url", "redirect_to_url": step},
        }
        vault.save(setup)
        vault.emit("setup_intent.requires_action", setup)
        return setup
    return succeed(vault, setup)


def succeed(vault: Vault, setup: Thing) -> Thing:
    method = vault.get("payment_method", setup["payment_method"])
    if setup["customer"]:
        customers.attach(vault, method, setup["customer"])
    if METHODS[method["type"]].nature == "debit":
        setup["mandate"] = _new_mandate(vault, method)["id"]
    setup |= {"status": "succeeded", "next_action": None, "last_setup_error": None}
    vault.save(setup)
    vault.emit("setup_intent.succeeded", setup)
    return setup


def _new_mandate(vault: Vault, method: Thing) -> Thing:
    mandate: Thing = {
        "id": new_id("mandate"),
        "object": "mandate",
        "customer_acceptance": {"accepted_at": vault.now(), "type": "online", "online": {"ip_address": None}},
        "livemode": False,
        "multi_use": {},
        "payment_method": method["id"],
        "payment_method_details": {
            "type": method["type"],
            method["type"]: {"reference": new_id("ref", 10)[4:].upper()},
        },
        "status": "active",
        "type": "multi_use",
    }
    return vault.save(mandate)


def refuse(vault: Vault, setup: Thing, message: str, code: str, *, decline_code: str | None = None) -> Thing:
    error = {"type": "card_error", "code": code, "message": message, "decline_code": decline_code}
    setup |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_setup_error": error,
        "next_action": None,
    }
    vault.save(setup)
    vault.emit("setup_intent.setup_failed", setup)
    return setup


def authenticate(vault: Vault, setup: Thing, *, is_approved: bool) -> Thing:
    if setup["status"] != "requires_action":
        raise wrong_state("This set-up waits for nothing.", "setup_intent_unexpected_state")
    if not is_approved:
        return refuse(vault, setup, "The customer did not approve.", "setup_intent_authentication_failure")
    method = vault.get("payment_method", setup["payment_method"])
    method["_authenticated"] = True
    vault.save(method)
    return succeed(vault, setup)


def create_setup(call: Call) -> Thing:
    params = call.params
    types = choose_types(params, None, for_later=True)
    customer = customers.find_customer(call.vault, params)
    method = _method_of(call)
    setup = new_setup(call.vault, customer=customer, types=types, data=params)
    setup["_return_url"] = forms.text(params, "return_url")
    _choose(call.vault, setup, method)
    return _confirm(call, setup) if forms.boolean(params, "confirm") else setup


def _choose(vault: Vault, setup: Thing, method: Thing | None) -> None:
    if method is not None:
        setup |= {"payment_method": method["id"], "status": "requires_confirmation"}
        vault.save(setup)


def _method_of(call: Call) -> Thing | None:
    if named := forms.text(call.params, "payment_method"):
        return customers.use_method(call.vault, named)
    if data := forms.mapping(call.params, "payment_method_data"):
        return customers.read_method(call.vault, data)
    return None


def _confirm(call: Call, setup: Thing) -> Thing:
    if setup["payment_method"] is None:
        text = "You cannot confirm this SetupIntent because it's missing a payment method."
        raise wrong_state(text, "setup_intent_unexpected_state", setup_intent=public(setup))
    method = call.vault.get("payment_method", setup["payment_method"])
    return attempt(call.vault, setup, method, base_url=call.base_url)


def _open(call: Call, verb: str) -> Thing:
    setup = call.vault.get("setup_intent", call.id, status=404)
    if setup["status"] in ("succeeded", "canceled"):
        text = f"You cannot {verb} this SetupIntent because it has a status of {setup['status']}."
        raise wrong_state(text, "setup_intent_unexpected_state", setup_intent=public(setup))
    return setup


def confirm_setup(call: Call) -> Thing:
    setup = _open(call, "confirm")
    _choose(call.vault, setup, _method_of(call))
    return _confirm(call, setup)


def cancel_setup(call: Call) -> Thing:
    setup = _open(call, "cancel")
    reasons = ("abandoned", "requested_by_customer", "duplicate")
    setup |= {
        "status": "canceled",
        "cancellation_reason": forms.choice(call.params, "cancellation_reason", reasons),
    }
    call.vault.save(setup)
    call.vault.emit("setup_intent.canceled", setup)
    return setup


OPERATIONS = (
    operation("POST", "setup_intents", create_setup, _PARAMETERS),
    fetching("setup_intents", "setup_intent"),
    operation(
        "POST",
        "setup_intents/<id>/confirm",
        confirm_setup,
        "payment_method payment_method_data mandate_data return_url use_stripe_sdk",
    ),
    operation("POST", "setup_intents/<id>/cancel", cancel_setup, "cancellation_reason"),
    listed("setup_intents", "setup_intent", "customer payment_method"),
    fetching("mandates", "mandate"),
)
