"""The hosted pay page, the step that a bank or wallet asks for, and a small dashboard. No JavaScript anywhere."""

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.simulators.serving import POLICY
from portal.simulators.stripe import charging, checkout, customers, settling, setups
from portal.simulators.stripe.errors import ApiError
from portal.simulators.stripe.methods import CARDS, METHODS, TestCard, read_card
from portal.simulators.stripe.money import show
from portal.simulators.stripe.vault import Thing, Vault, World

SHOWN_CARDS = ("4242424242424242", "4000000000000002", "4000000000009995", "4000002500003155")


class Hosted:
    """The pages over one world."""

    def __init__(self, world: World, public_url: str | None = None) -> None:
        self.world = world
        self.public_url = public_url
        self.blueprint = Blueprint("hosted", __name__)
        self.blueprint.add_url_rule("/c/pay/<identifier>", "pay_page", self.pay_page)
        self.blueprint.add_url_rule("/c/pay/<identifier>", "pay", self.pay, methods=["POST"])
        self.blueprint.add_url_rule("/c/step/<identifier>", "step_page", self.step_page)
        self.blueprint.add_url_rule("/c/step/<identifier>", "step", self.step, methods=["POST"])

    def _find(self, identifier: str, *kinds: str) -> tuple[Vault, Thing]:
        vault = self.world.holding(identifier)
        thing = vault.find(identifier) if vault else None
        if vault is None or thing is None or thing["object"] not in kinds:
            abort(404)
        return vault, thing

    def _base_url(self) -> str:
        return self.public_url or request.host_url.rstrip("/")

    def pay_page(self, identifier: str) -> Response:
        vault, session = self._find(identifier, "checkout.session")
        return _pay_page(vault, session)

    def pay(self, identifier: str) -> Response:
        vault, session = self._find(identifier, "checkout.session")
        with vault.lock:
            if session["status"] != "open":
                return _pay_page(vault, session)
            try:
                method = _chosen(vault, session)
                intent = pay_session(vault, session, method, self._base_url())
            except ApiError as error:
                return _pay_page(vault, session, str(error))
        if session["status"] == "complete":
            return redirect(success_url(session), code=303)
        return redirect(intent["next_action"]["redirect_to_url"]["url"], code=303)

    def step_page(self, identifier: str) -> Response:
        vault, intent = self._find(identifier, "payment_intent", "setup_intent")
        return _step_page(vault, intent)

    def step(self, identifier: str) -> Response:
        vault, intent = self._find(identifier, "payment_intent", "setup_intent")
        is_approved = request.form.get("answer") == "yes"
        with vault.lock:
            try:
                if _is_delayed(vault, intent):
                    settling.settle(vault, intent, is_paid=is_approved)
                    return _step_page(vault, intent)
                settling.finish_step(vault, intent, is_approved=is_approved)
            except ApiError:
                return _step_page(vault, intent)
            session = vault.find(intent.get("_session"))
            if session is None:
                back = intent.get("_return_url")
                return redirect(back, code=303) if back else _step_page(vault, intent)
            if session["status"] == "complete":
                return redirect(success_url(session), code=303)
            return _pay_page(
                vault, session, intent.get("last_payment_error", {}).get("message") or "It was not approved."
            )


def success_url(session: Thing) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def pay_session(vault: Vault, session: Thing, method: Thing, base_url: str) -> Thing:
    """Pay an open session by a method; complete it unless a step is still needed. Raises card errors."""
    intent = checkout.intent_of(vault, session)
    if session["mode"] == "setup":
        setups.attempt(vault, intent, method, base_url=base_url)
    else:
        charging.attempt(vault, intent, method, base_url=base_url)
    needs_step = intent["status"] == "requires_action" and not METHODS[method["type"]].is_delayed
    if not needs_step:
        checkout.complete(vault, session, intent)
    return intent


def _chosen(vault: Vault, session: Thing) -> Thing:
    kind = request.form.get("method", "card")
    if kind not in session["payment_method_types"]:
        raise ApiError("Choose one of the ways to pay on this page.")
    if kind != "card":
        return customers.make_method(vault, kind)
    if saved := request.form.get("saved"):
        method = vault.find(saved)
        if method is None or method["customer"] != session["customer"]:
            raise ApiError("This card is not there any more.")
        return method
    card = _test_card() or _typed_card()
    return customers.make_method(vault, "card", card)


def _test_card() -> TestCard | None:
    return CARDS.get(request.form.get("test", ""))


def _typed_card() -> TestCard:
    card = read_card(request.form.get("number", ""))
    match = re.fullmatch(r"\s*(\d{1,2})\s*/?\s*(\d{2}|\d{4})\s*", request.form.get("expiry", ""))
    if not match or not 1 <= int(match[1]) <= 12:
        raise ApiError("Your card's expiration date is incomplete.")
    today = dt.datetime.now(tz=dt.UTC).date()
    if (2000 + int(match[2]) % 100, int(match[1])) < (today.year, today.month):
        raise ApiError("Your card's expiration date is in the past.")
    if not re.fullmatch(r"\s*\d{3,4}\s*", request.form.get("cvc", "")):
        raise ApiError("Your card's security code is incomplete.")
    return card


def _is_delayed(vault: Vault, intent: Thing) -> bool:
    method = vault.find(intent["payment_method"])
    return method is not None and METHODS[method["type"]].is_delayed


def _pay_page(vault: Vault, session: Thing, problem: str | None = None) -> Response:
    kinds = [METHODS[name] for name in session["payment_method_types"]]
    saved = customers.owned(vault, session["customer"], "card") if session["customer"] else []
    page = render_template(
        "pay.html",
        session=session,
        items=session["_line_items"]["data"],
        total=show(session["amount_total"], session["currency"]) if session["amount_total"] else None,
        takes_cards="card" in session["payment_method_types"],
        others=[kind for kind in kinds if kind.name != "card"],
        saved=saved if session["mode"] == "payment" else [],
        cards=[CARDS[number] for number in SHOWN_CARDS],
        keeps=session["mode"] == "setup" or bool(session["_payment_intent_data"].get("setup_future_usage")),
        problem=problem,
        typed=request.form,
        success=success_url(session),
    )
    return _guarded(page, 422 if problem else 200, session["success_url"], session["cancel_url"])


def _step_page(vault: Vault, intent: Thing) -> Response:
    amount = show(intent["amount"], intent["currency"]) if intent["object"] == "payment_intent" else None
    method: Any = vault.find(intent["payment_method"])
    label = METHODS[method["type"]].label if method else None
    session = vault.find(intent.get("_session")) or {}
    page = render_template(
        "step.html",
        amount=amount,
        label=label,
        is_waiting=intent["status"] in ("requires_action", "processing"),
        is_delayed=_is_delayed(vault, intent),
        status=intent["status"].replace("_", " "),
        back=success_url(session) if session.get("status") == "complete" else intent.get("_return_url"),
    )
    return _guarded(
        page, 200, session.get("success_url"), session.get("cancel_url"), intent.get("_return_url")
    )


def _guarded(page: str, status: int, *addresses: str | None) -> Response:
    """Allow the forms of a page to lead on to the shop's own addresses, and to nothing else."""
    parts = [urlsplit(address) for address in addresses if address]
    origins = sorted({f"{part.scheme}://{part.netloc}" for part in parts})
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = POLICY.format(" ".join(["'self'", *origins]))
    return response
