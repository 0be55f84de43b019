"""What one provider account keeps: its objects by id, in memory and, where a file is given, in a journal."""

import copy
import hashlib
import secrets
import string
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from portal.simulators.journal import Journal
from portal.simulators.stripe.errors import no_such

Thing = dict[str, Any]
API_VERSION = "2026-10-28.endive"
_LETTERS = string.ascii_letters + string.digits
WORDS = {
    "checkout.session": "checkout.session",
    "payment_intent": "payment_intent",
    "setup_intent": "setupintent",
    "payment_method": "PaymentMethod",
}


def new_id(prefix: str, size: int = 24) -> str:
    return f"{prefix}_{''.join(secrets.choice(_LETTERS) for _ in range(size))}"


class Vault:
    """The objects of one account. Every change goes through `save`, which journals it."""

    def __init__(
        self, key: str, account: str, journal: Journal, clock: Callable[[], float] = time.time
    ) -> None:
        self.key = key
        self.account = account
        self.lock = threading.RLock()
        self.clock = clock
        self._journal = journal
        self._things: dict[str, Thing] = {}
        self._kinds: dict[str, list[str]] = {}
        self.on_event: Callable[[Thing], None] = lambda _event: None
        self.request: dict[str, str | None] = {"id": None, "idempotency_key": None}

    def now(self) -> int:
        return int(self.clock())

    def save(self, thing: Thing) -> Thing:
        self.restore(thing)
        self._journal.write({"key": self.key, "account": self.account, "thing": thing})
        return thing

    def restore(self, thing: Thing) -> None:
        if thing["id"] not in self._things:
            self._kinds.setdefault(thing["object"], []).append(thing["id"])
        self._things[thing["id"]] = thing

    def find(self, identifier: str | None) -> Thing | None:
        return self._things.get(identifier) if identifier else None

    def get(self, kind: str, identifier: str, *, param: str = "id", status: int = 400) -> Thing:
        thing = self._things.get(identifier)
        if thing is None or thing["object"] != kind:
            raise no_such(WORDS.get(kind, kind), identifier, param=param, status=status)
        return thing

    def all(self, kind: str) -> list[Thing]:
        """List the objects of a kind, the newest first."""
        return [self._things[identifier] for identifier in reversed(self._kinds.get(kind, []))]

    def forget(self, thing: Thing) -> None:
        self.drop(thing["id"])
        self._journal.write({"key": self.key, "account": self.account, "gone": thing["id"]})

    def drop(self, identifier: str) -> None:
        if thing := self._things.pop(identifier, None):
            self._kinds[thing["object"]].remove(identifier)

    def emit(self, name: str, thing: Thing, previous: Thing | None = None) -> Thing:
        """Make an event with a snapshot of the object, keep it, and hand it to whoever posts events."""
        data: Thing = {"object": public(thing)}
        if previous is not None:
            data["previous_attributes"] = previous
        event = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 0,
            "request": dict(self.request),
            "type": name,
        }
        self.save(event)
        self.on_event(event)
        return event


def public(value: Any) -> Any:
    """Copy an object without its private entries (those whose name starts with an underscore)."""
    if isinstance(value, dict):
        return {key: public(inner) for key, inner in value.items() if not key.startswith("_")}
    if isinstance(value, list):
        return [public(inner) for inner in value]
    return copy.copy(value)


class World:
    """All accounts of the provider: one for each API key that it accepts."""

    def __init__(
        self, keys: Iterable[str], *, journal: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._journal = Journal(journal)
        self._lock = threading.Lock()
        self.clock = clock
        self.vaults: dict[tuple[str, str], Vault] = {}
        self.on_vault: Callable[[Vault], None] = lambda _vault: None
        for key in keys:
            self.open(key, own_account(key))
        for row in self._journal.read():
            self._replay(row)

    def _replay(self, row: dict[str, Any]) -> None:
        vault = self.open(row["key"], row["account"])
        if "thing" in row:
            vault.restore(row["thing"])
        else:
            vault.drop(row["gone"])

    def open(self, key: str, account: str) -> Vault:
        with self._lock:
            vault = self.vaults.get((key, account))
            if vault is None:
                vault = self.vaults[key, account] = Vault(key, account, self._journal, self.clock)
                self.on_vault(vault)
            return vault

    @property
    def keys(self) -> list[str]:
        return list(dict.fromkeys(key for key, _ in self.vaults))

    def own(self, key: str) -> Vault | None:
        """The account that an API key belongs to."""
        return self.vaults.get((key, own_account(key)))

    def holding(self, identifier: str) -> Vault | None:
        """The account in which an object lives."""
        return next((vault for vault in list(self.vaults.values()) if vault.find(identifier)), None)


def own_account(key: str) -> str:
    """Name the account of a key, the same in every run, without giving the key away."""
    return f"acct_{hashlib.sha256(key.encode()).hexdigest()[:16]}"
