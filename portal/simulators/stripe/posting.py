"""Posts events to the registered addresses: signed, in the background, tried again, or held and shuffled."""

import hashlib
import heapq
import hmac
import itertools
import json
import random
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.simulators.stripe.accounts import matches
from portal.simulators.stripe.vault import Thing, Vault, World, new_id, public

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT_S = 10.0
TICK_S = 0.5


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is a failed delivery, never a new address."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))


def body_of(event: Thing) -> bytes:
    return json.dumps(public(event), indent=2, ensure_ascii=False).encode()


def sign(body: bytes, secret: str, at: int) -> str:
    """Make the Stripe-Signature header of a body."""
    signature = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signature}"


def post(url: str, body: bytes, signature: str) -> int:
    """Post once and return the status; 0 stands for no answer at all."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature,
        "User-Agent": "Stripe/1.0",
    }
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 checked at save
    try:
        with _OPENER.open(request, timeout=TIMEOUT_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


@dataclass(slots=True)
class Mode:
    """How an account's new events travel: held back or at once, and in how many copies."""

    hold: bool = False
    copies: int = 1


class Postman:
    """One background thread for all accounts; what is due is a heap, what was sent is kept as `delivery` things."""

    def __init__(self, world: World, *, retry_s: float = 1.0, tries_max: int = 8) -> None:
        self.world = world
        self._retry_s = retry_s
        self._tries_max = tries_max
        self._due: list[tuple[float, int, Vault, str]] = []
        self._count = itertools.count()
        self._wake = threading.Condition()
        self._modes: dict[str, Mode] = {}
        self._is_stopping = False
        self.on_tick: Callable[[], None] = lambda: None
        world.on_vault = self.adopt
        for vault in world.vaults.values():
            self.adopt(vault)
        self._thread = threading.Thread(target=self._run, daemon=True, name="postman")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=TIMEOUT_S + 1)

    def adopt(self, vault: Vault) -> None:
        vault.on_event = lambda event: self.take(vault, event)
        for delivery in reversed(vault.all("delivery")):
            if delivery["state"] == "due":
                self._push(vault, delivery, 0)

    def mode(self, key: str) -> Mode:
        return self._modes.setdefault(key, Mode())

    def take(self, vault: Vault, event: Thing) -> None:
        """Plan the deliveries of a new event."""
        own = self.world.own(vault.key) or vault
        if vault is not own:
            event["account"] = vault.account
        mode = self.mode(vault.key)
        for endpoint in reversed(own.all("webhook_endpoint")):
            wants_it = any(matches(event["type"], pattern) for pattern in endpoint["enabled_events"])
            if endpoint["status"] == "enabled" and wants_it:
                event["pending_webhooks"] += 1
                for _ in range(mode.copies):
                    self._plan(vault, event, endpoint["id"], "held" if mode.hold else "due")
        vault.save(event)

    def _plan(self, vault: Vault, event: Thing, endpoint: str, state: str) -> Thing:
        delivery = {
            "id": new_id("dlv"),
            "object": "delivery",
            "event": event["id"],
            "type": event["type"],
            "endpoint": endpoint,
            "state": state,
            "statuses": [],
        }
        vault.save(delivery)
        if state == "due":
            self._push(vault, delivery, 0)
        return delivery

    def _push(self, vault: Vault, delivery: Thing, wait_s: float) -> None:
        with self._wake:
            heapq.heappush(self._due, (time.monotonic() + wait_s, next(self._count), vault, delivery["id"]))
            self._wake.notify()

    def release(
        self, key: str, *, order: str = "made", copies: int = 1, seed: int = 0, ids: list[str] | None = None
    ) -> list[str]:
        """Let held events go: as made, reversed, or shuffled by a seed; return the event ids in their new order."""
        held = [
            (vault, delivery)
            for vault in self.world.vaults.values()
            for delivery in reversed(vault.all("delivery"))
            if vault.key == key and delivery["state"] == "held" and (ids is None or delivery["event"] in ids)
        ]
        if order == "reversed":
            held.reverse()
        elif order == "shuffled":
            random.Random(seed).shuffle(held)  # noqa: S311 a repeatable order, not a secret
        elif order == "given" and ids is not None:
            held.sort(key=lambda pair: ids.index(pair[1]["event"]))
        for vault, delivery in held:
            delivery["state"] = "due"
            vault.save(delivery)
            self._push(vault, delivery, 0)
            for _ in range(copies - 1):
                self._plan(vault, vault.get("event", delivery["event"]), delivery["endpoint"], "due")
        return [delivery["event"] for _, delivery in held]

    def resend(self, vault: Vault, event: Thing, copies: int = 1) -> int:
        """Send an event again to each address that wants it."""
        own = self.world.own(vault.key) or vault
        endpoints = [endpoint for endpoint in own.all("webhook_endpoint") if endpoint["status"] == "enabled"]
        for endpoint in endpoints:
            for _ in range(copies):
                self._plan(vault, event, endpoint["id"], "due")
        return len(endpoints) * copies

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._is_stopping:
                    return
                wait = self._due[0][0] - time.monotonic() if self._due else TICK_S
                if wait > 0:
                    self._wake.wait(min(wait, TICK_S))
                job = heapq.heappop(self._due) if self._due and self._due[0][0] <= time.monotonic() else None
            if job is None:
                self.on_tick()
            else:
                self._deliver(job[2], job[3])

    def _deliver(self, vault: Vault, identifier: str) -> None:
        own = self.world.own(vault.key) or vault
        with vault.lock:
            delivery, event = vault.find(identifier), None
            endpoint = own.find(delivery["endpoint"]) if delivery else None
            event = vault.find(delivery["event"]) if delivery else None
            if delivery is None or endpoint is None or event is None:
                return
            body = body_of(event)
            url, secret = endpoint["url"], endpoint["_secret"]
        status = post(url, body, sign(body, secret, vault.now()))
        with vault.lock:
            delivery["statuses"].append(status)
            tries = len(delivery["statuses"])
            if 200 <= status < 300:
                delivery["state"] = "done"
                event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            elif tries >= self._tries_max:
                delivery["state"] = "dead"
            vault.save(delivery)
        if delivery["state"] == "due":
            self._push(vault, delivery, self._retry_s * 2 ** (tries - 1))
