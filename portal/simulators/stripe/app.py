"""Joins the parts: one world, the API, the pages, the levers, the postman."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.simulators.serving import new_app
from portal.simulators.stripe import checkout, refunds, settling
from portal.simulators.stripe.api import Api
from portal.simulators.stripe.control import Control, TravelClock
from portal.simulators.stripe.errors import ApiError
from portal.simulators.stripe.faults import Faults
from portal.simulators.stripe.hosted import Hosted
from portal.simulators.stripe.money import show
from portal.simulators.stripe.posting import Postman
from portal.simulators.stripe.vault import Thing, Vault, World

DEFAULT_KEY = "sk_test_portal"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Provider:
    """A running provider: its app, and the parts that a test in the same process may touch."""

    app: Flask
    world: World
    api: Api
    postman: Postman


def new_provider(
    keys: Sequence[str] = (DEFAULT_KEY,),
    *,
    journal: Path | None = None,
    public_url: str | None = None,
    retry_s: float = 1.0,
    settle_after_s: float | None = None,
    clock: Callable[[], float] = time.time,
) -> Provider:
    """Build a provider that accepts these API keys. Its postman must be started by the caller."""
    travel = TravelClock(clock)
    world = World(keys, journal=journal, clock=travel)
    postman = Postman(world, retry_s=retry_s)
    api = Api(world, Faults(), public_url)
    app = new_app(__name__)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(Hosted(world, public_url).blueprint)
    app.register_blueprint(Control(api, postman, travel).blueprint)
    app.add_url_rule("/", "dashboard", lambda: _dashboard(world))
    app.add_url_rule("/", "act", lambda: _act(world), methods=["POST"])
    postman.on_tick = lambda: _tick(world, settle_after_s)
    return Provider(app, world, api, postman)


def _tick(world: World, settle_after_s: float | None) -> None:
    """Expire old sessions and, where asked for, let delayed money arrive by itself."""
    for vault in list(world.vaults.values()):
        with vault.lock:
            for session in vault.all("checkout.session"):
                if session["status"] == "open" and session["expires_at"] <= vault.now():
                    checkout.expire(vault, session)
            if settle_after_s is None:
                continue
            for intent in settling.waiting(vault):
                charge_or_intent = vault.find(intent["latest_charge"]) or intent
                if charge_or_intent["created"] + settle_after_s <= vault.now():
                    settling.settle(vault, intent, is_paid=True)


def _rows(world: World) -> list[Thing]:
    rows = []
    for vault in world.vaults.values():
        waiting = {intent["id"] for intent in settling.waiting(vault)}
        disputes = {dispute["payment_intent"]: dispute for dispute in vault.all("dispute")}
        for intent in vault.all("payment_intent")[:SHOWN]:
            charge = vault.find(intent["latest_charge"])
            dispute = disputes.get(intent["id"])
            rows.append(
                {
                    "id": intent["id"],
                    "amount": show(intent["amount"], intent["currency"]),
                    "status": intent["status"].replace("_", " "),
                    "method": charge["payment_method_details"]["type"].replace("_", " ") if charge else "",
                    "returned": show(charge["amount_refunded"], charge["currency"])
                    if charge and charge["amount_refunded"]
                    else "",
                    "dispute": dispute["status"].replace("_", " ") if dispute else "",
                    "is_waiting": intent["id"] in waiting,
                    "is_paid": intent["status"] == "succeeded" and not dispute,
                    "is_disputed": dispute is not None and dispute["status"] not in refunds.CLOSED,
                }
            )
    return rows


def _dashboard(world: World, problem: str | None = None) -> str:
    return render_template("payments.html", rows=_rows(world), problem=problem)


def _act(world: World) -> Response | str:
    identifier, act = request.form.get("payment", ""), request.form.get("act", "")
    vault = world.holding(identifier)
    intent = vault.find(identifier) if vault else None
    if vault is None or intent is None or intent["object"] != "payment_intent":
        return _dashboard(world, "This payment is not there any more.")
    try:
        with vault.lock:
            _do(vault, intent, act)
    except ApiError as error:
        return _dashboard(world, str(error))
    return redirect(f"/#{identifier}", code=303)


def _do(vault: Vault, intent: Thing, act: str) -> None:
    if act in ("arrived", "missed"):
        settling.settle(vault, intent, is_paid=act == "arrived")
    elif act == "dispute":
        refunds.open_dispute(
            vault, vault.get("charge", str(intent["latest_charge"])), reason="product_not_received"
        )
    elif act in ("won", "lost"):
        open_ones = [row for row in vault.all("dispute") if row["payment_intent"] == intent["id"]]
        if open_ones:
            refunds.close_dispute(vault, open_ones[0], is_won=act == "won")
