"""The levers of the test bench, JSON under /_control/: hold, shuffle, repeat, settle, dispute, break, look."""

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from portal.simulators.stripe import accounts, customers, refunds, settling
from portal.simulators.stripe.api import Api
from portal.simulators.stripe.errors import ApiError
from portal.simulators.stripe.faults import Fault
from portal.simulators.stripe.hosted import pay_session
from portal.simulators.stripe.methods import CARDS
from portal.simulators.stripe.posting import Postman, body_of, sign
from portal.simulators.stripe.vault import Thing, Vault, public

Ask = dict[str, Any]


class Control:
    """One method a lever; each takes the JSON body and answers JSON."""

    def __init__(self, api: Api, postman: Postman, clock: "TravelClock") -> None:
        self.api = api
        self.world = api.world
        self.postman = postman
        self.clock = clock
        self.blueprint = Blueprint("control", __name__, url_prefix="/_control")
        levers = (
            self.webhooks, self.delivery, self.release, self.resend, self.faults, self.pay, self.settle, self.step,
            self.dispute, self.close_dispute, self.settle_refund, self.travel,
        )  # fmt: skip
        for lever in levers:
            self.blueprint.add_url_rule(f"/{lever.__name__}", lever.__name__, _lever(lever), methods=["POST"])
        self.blueprint.add_url_rule("/faults", "clear", self.clear_faults, methods=["DELETE"])
        self.blueprint.add_url_rule("/state", "state", self.state)
        self.blueprint.add_url_rule("/requests", "requests", lambda: jsonify(list(self.api.log)))
        self.blueprint.add_url_rule("/events", "events", self.events)
        self.blueprint.add_url_rule("/signed/<identifier>", "signed", self.signed)

    def _key(self, ask: Ask) -> str:
        return str(ask.get("key") or self.world.keys[0])

    def _vault(self, ask: Ask) -> Vault:
        vault = self.world.own(self._key(ask))
        if vault is None:
            raise ApiError("no account has this key")
        return vault

    def _find(self, identifier: Any, *kinds: str) -> tuple[Vault, Thing]:
        vault = self.world.holding(str(identifier))
        thing = vault.find(str(identifier)) if vault else None
        if vault is None or thing is None or thing["object"] not in kinds:
            raise ApiError(f"nothing of kind {' or '.join(kinds)} is called {identifier!r}", status=404)
        return vault, thing

    def webhooks(self, ask: Ask) -> Any:
        """Register an address: {url, secret?, events?, key?}."""
        vault = self._vault(ask)
        endpoint = accounts.add_endpoint(
            vault, url=str(ask["url"]), events=ask.get("events") or ["*"], secret=ask.get("secret")
        )
        return {**public(endpoint), "secret": endpoint["_secret"]}

    def delivery(self, ask: Ask) -> Any:
        """Set how new events travel: {hold?: bool, copies?: int, key?}."""
        mode = self.postman.mode(self._key(ask))
        mode.hold = bool(ask.get("hold", mode.hold))
        mode.copies = max(1, int(ask.get("copies", mode.copies)))
        return {"hold": mode.hold, "copies": mode.copies}

    def release(self, ask: Ask) -> Any:
        """Let held events go: {order?: made|reversed|shuffled|given, seed?, copies?, ids?, key?}."""
        released = self.postman.release(
            self._key(ask),
            order=str(ask.get("order", "made")),
            copies=int(ask.get("copies", 1)),
            seed=int(ask.get("seed", 0)),
            ids=ask.get("ids"),
        )
        return {"released": released}

    def resend(self, ask: Ask) -> Any:
        """Send an event again: {event, copies?}."""
        vault, event = self._find(ask["event"], "event")
        return {"planned": self.postman.resend(vault, event, int(ask.get("copies", 1)))}

    def faults(self, ask: Ask) -> Any:
        """Plan trouble for the next requests: the fields of `Fault`."""
        names = {field.name for field in fields(Fault)}
        if strange := sorted(set(ask) - names):
            raise ApiError(f"unknown fields: {', '.join(strange)}")
        self.api.faults.plan(Fault(**ask))
        return {"left": self.api.faults.left()}

    def clear_faults(self) -> Any:
        self.api.faults.clear()
        return {"left": 0}

    def pay(self, ask: Ask) -> Any:
        """Pay an open session without a browser: {session, card?: number, method?: kind}."""
        vault, session = self._find(ask["session"], "checkout.session")
        kind = str(ask.get("method", "card"))
        with vault.lock:
            if session["status"] != "open":
                raise ApiError(f"this session is {session['status']}")
            card = CARDS[str(ask.get("card", "4242424242424242"))] if kind == "card" else None
            method = customers.make_method(vault, kind, card)
            intent = pay_session(vault, session, method, self.api.base_url())
        return {"session": public(session), "intent": public(intent)}

    def _intent(self, ask: Ask) -> tuple[Vault, Thing]:
        if "session" in ask:
            session = self._find(ask["session"], "checkout.session")[1]
            return self._find(
                session["payment_intent"] or session["setup_intent"], "payment_intent", "setup_intent"
            )
        return self._find(
            ask.get("payment_intent") or ask.get("setup_intent"), "payment_intent", "setup_intent"
        )

    def settle(self, ask: Ask) -> Any:
        """End a delayed payment: {session|payment_intent, outcome: succeeded|failed, code?}."""
        vault, intent = self._intent(ask)
        with vault.lock:
            return public(
                settling.settle(
                    vault, intent, is_paid=ask.get("outcome") == "succeeded", code=ask.get("code")
                )
            )

    def step(self, ask: Ask) -> Any:
        """Finish a bank's or wallet's step: {session|payment_intent|setup_intent, approve: bool}."""
        vault, intent = self._intent(ask)
        with vault.lock:
            return public(settling.finish_step(vault, intent, is_approved=bool(ask.get("approve", True))))

    def dispute(self, ask: Ask) -> Any:
        """Let the payer's bank take it back: {session|payment_intent, reason?, amount?}."""
        vault, intent = self._intent(ask)
        with vault.lock:
            charge = vault.get("charge", str(intent["latest_charge"]))
            reason = str(ask.get("reason", "fraudulent"))
            return public(refunds.open_dispute(vault, charge, reason=reason, amount=ask.get("amount")))

    def close_dispute(self, ask: Ask) -> Any:
        """End a dispute: {dispute, outcome: won|lost}."""
        vault, dispute = self._find(ask["dispute"], "dispute")
        with vault.lock:
            return public(refunds.close_dispute(vault, dispute, is_won=ask.get("outcome") == "won"))

    def settle_refund(self, ask: Ask) -> Any:
        """End a pending refund: {refund, outcome: succeeded|failed}."""
        vault, refund = self._find(ask["refund"], "refund")
        with vault.lock:
            return public(refunds.settle_refund(vault, refund, is_paid=ask.get("outcome") == "succeeded"))

    def travel(self, ask: Ask) -> Any:
        """Move the provider's clock: {offset_s}."""
        self.clock.offset_s = float(ask.get("offset_s", 0))
        return {"offset_s": self.clock.offset_s}

    def state(self) -> Response:
        """Count what there is, so that a test can say "one charge"."""
        counts: dict[str, int] = {}
        paid = 0
        for vault in self.world.vaults.values():
            for kind in (
                "customer",
                "payment_intent",
                "setup_intent",
                "checkout.session",
                "charge",
                "refund",
                "dispute",
                "event",
            ):
                counts[kind] = counts.get(kind, 0) + len(vault.all(kind))
            paid += sum(charge["paid"] for charge in vault.all("charge"))
        waiting = [item["id"] for vault in self.world.vaults.values() for item in settling.waiting(vault)]
        return jsonify(
            {"counts": counts, "paid_charges": paid, "waiting": waiting, "faults": self.api.faults.left()}
        )

    def events(self) -> Response:
        """List sent and unsent events, the oldest first, with how each delivery went: ?type=&key=."""
        rows: list[Thing] = []
        key = request.args.get("key")
        for vault in [vault for vault in self.world.vaults.values() if key in (None, vault.key)]:
            deliveries: dict[str, list[Thing]] = {}
            for delivery in vault.all("delivery"):
                deliveries.setdefault(delivery["event"], []).insert(0, public(delivery))
            rows += [
                {**public(event), "deliveries": deliveries.get(event["id"], [])}
                for event in reversed(vault.all("event"))
                if request.args.get("type") in (None, event["type"])
            ]
        return jsonify(rows)

    def signed(self, identifier: str) -> Response:
        """Give body and header of an event, to post by hand: ?at=unix&secret=."""
        vault = self.world.holding(identifier)
        event = vault.find(identifier) if vault else None
        if vault is None or event is None or event["object"] != "event":
            abort(404)
        endpoints = vault.all("webhook_endpoint")
        secret = request.args.get("secret") or (endpoints[0]["_secret"] if endpoints else "whsec_none")
        body = body_of(event)
        at = request.args.get("at", vault.now(), type=int)
        return jsonify({"body": body.decode(), "signature": sign(body, secret, at)})


class TravelClock:
    """The provider's clock, which can be moved together with the portal's."""

    def __init__(self, base: Callable[[], float]) -> None:
        self._base = base
        self.offset_s = 0.0

    def __call__(self) -> float:
        return self._base() + self.offset_s


def _lever(lever: Callable[[Ask], Any]) -> Callable[[], tuple[Response, int]]:
    def view() -> tuple[Response, int]:
        try:
            ask = dict(json.loads(request.get_data() or b"{}"))
            return jsonify(lever(ask)), 200
        except ApiError as error:
            return jsonify({"error": error.error}), error.status
        except (KeyError, TypeError, ValueError) as error:
            return jsonify({"error": {"message": f"{type(error).__name__}: {error}"}}), 400

    return view
