"""Staff or an API key makes a receiver of events, or changes one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from portal.core.actors import Actor
from portal.core.errors import EventError
from portal.core.events.patterns import check_patterns
from portal.gateways.address_guard import AddressGuard, AddressRefusedError
from portal.gateways.webhook_signatures import SECRET_BYTES, public_key_of, write_private_key, write_secret
from portal.store import endpoints, events
from portal.store.endpoints import Endpoint
from portal.store.work import Transaction, Work

ENDPOINTS_MAX = 50


@dataclass(frozen=True, kw_only=True)
class EndpointSaved:
    """What became of it: `saved`, `unknown`, `too_many`, `bad_address` or `bad_patterns`.

    `secret` is given once, when the endpoint is made. `public_key` verifies its Ed25519 signatures. `reason` says
    what is wrong: a code of AddressRefusedError, or a sentence about the patterns.
    """

    kind: str
    endpoint_id: UUID | None = None
    secret: str | None = None
    public_key: str | None = None
    reason: str = ""


def save_endpoint(
    work: Work,
    *,
    guard: AddressGuard,
    url: str,
    patterns: Sequence[str],
    actor: Actor,
    now: datetime,
    endpoint_id: UUID | None = None,
    is_ordered: bool = True,
    has_ed25519: bool = False,
) -> EndpointSaved:
    """Make a receiver, or change the one with `endpoint_id`, after its address was checked on the network.

    `patterns` are types such as `payment.succeeded`, `payment.*` or `*`; without `is_ordered` the events of one
    account may overtake each other. Tells `endpoint.changed`.
    """
    try:
        chosen = check_patterns(list(patterns))
        guard.check_host(guard.check_url(url))
    except AddressRefusedError as refusal:
        return EndpointSaved(kind="bad_address", endpoint_id=endpoint_id, reason=refusal.code)
    except EventError as fault:
        return EndpointSaved(kind="bad_patterns", endpoint_id=endpoint_id, reason=str(fault))
    wish = _Wish(url=url, patterns=chosen, is_ordered=is_ordered, has_ed25519=has_ed25519)
    with work.begin() as tx:
        if endpoint_id is None:
            return _make(tx, wish, actor=actor, now=now)
        known = endpoints.find_endpoint(tx, endpoint_id)
        if known is None:
            return EndpointSaved(kind="unknown", endpoint_id=endpoint_id)
        return _change(tx, known, wish, actor=actor, now=now)


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What the endpoint is to be."""

    url: str
    patterns: list[str]
    is_ordered: bool
    has_ed25519: bool


def _make(tx: Transaction, wish: _Wish, *, actor: Actor, now: datetime) -> EndpointSaved:
    if len(endpoints.list_endpoints(tx)) >= ENDPOINTS_MAX:
        return EndpointSaved(kind="too_many")
    endpoint_id = tx.new_id()
    secret = write_secret(token_bytes(SECRET_BYTES))
    private_key = write_private_key(token_bytes(32)) if wish.has_ed25519 else None
    endpoints.insert_endpoint(
        tx,
        endpoint_id=endpoint_id,
        url=wish.url,
        patterns=wish.patterns,
        is_ordered=wish.is_ordered,
        secret=secret,
        private_key=private_key,
        now=now,
    )
    told = {"patterns": wish.patterns, "is_ordered": wish.is_ordered}
    tell_change(tx, endpoint_id, ["created"], actor=actor, now=now, **told)
    public_key = None if private_key is None else public_key_of(private_key)
    return EndpointSaved(kind="saved", endpoint_id=endpoint_id, secret=secret, public_key=public_key)


def _change(tx: Transaction, known: Endpoint, wish: _Wish, *, actor: Actor, now: datetime) -> EndpointSaved:
    endpoint_id = known.endpoint_id
    differences = {
        "url": known.url != wish.url,
        "patterns": list(known.patterns) != wish.patterns,
        "order": known.is_ordered != wish.is_ordered,
        "signing": known.has_ed25519 != wish.has_ed25519,
    }
    changed = [name for name, differs in differences.items() if differs]
    endpoints.update_endpoint(
        tx, endpoint_id=endpoint_id, url=wish.url, patterns=wish.patterns, is_ordered=wish.is_ordered
    )
    if differences["signing"]:
        fresh = write_private_key(token_bytes(32)) if wish.has_ed25519 else None
        endpoints.set_private_key(tx, endpoint_id=endpoint_id, private_key=fresh)
    if changed:
        told = {"patterns": wish.patterns, "is_ordered": wish.is_ordered}
        tell_change(tx, endpoint_id, changed, actor=actor, now=now, **told)
    private_key = endpoints.read_private_key(tx, endpoint_id)
    public_key = None if private_key is None else public_key_of(private_key)
    return EndpointSaved(kind="saved", endpoint_id=endpoint_id, public_key=public_key)


def tell_change(
    tx: Transaction, endpoint_id: UUID, changed: list[str], *, actor: Actor, now: datetime, **more: object
) -> None:
    """Append `endpoint.changed` with the words for what was changed."""
    payload = {"id": str(endpoint_id), "changed": changed, **more}
    events.append(tx, type="endpoint.changed", actor=actor, at=now, payload=payload)
