"""The body in which an event travels: Standard Webhooks 1.0.0 with the lender's own references."""

from __future__ import annotations

import json
from datetime import UTC
from json.encoder import encode_basestring as _quote
from typing import TYPE_CHECKING
from uuid import UUID

from portal.core.errors import EventError
from portal.core.events.catalog import find

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from portal.core.events.shapes import Json

BODY_BYTES_MAX = 20_000
"""The most that a body may weigh (Standard Webhooks 1.0.0: below 20 kB)."""


def build_envelope(
    *,
    type: str,  # noqa: A002  # the word of the contract
    occurred_at: datetime,
    lender: str,
    actor: Mapping[str, Json],
    payload: Mapping[str, Json],
    creditor: str | None = None,
    account: str | None = None,
    debtor: str | None = None,
    sequence: int | None = None,
) -> dict[str, Json]:
    """Build the envelope of one event.

    `lender` is the lender's slug, `creditor` and `account` its own references, `debtor` the public one. What
    does not apply is left out. The payload stands under the type's key, and is left out when it is empty.
    Raises EventError when the catalog does not know the type.
    """
    optional = {"creditor": creditor, "account": account, "debtor": debtor, "sequence": sequence}
    data: dict[str, Json] = {"lender": lender}
    data |= {name: value for name, value in optional.items() if value is not None}
    data["actor"] = dict(actor)
    if payload:
        data[find(type).key] = dict(payload)
    return {"type": type, "timestamp": write_time(occurred_at), "data": data}


def encode(envelope: Mapping[str, Json]) -> bytes:
    """Encode an envelope as the bytes that are signed and sent; raises EventError above `BODY_BYTES_MAX`."""
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    if len(body) > BODY_BYTES_MAX:
        raise EventError(f"a body of {len(body)} bytes is more than {BODY_BYTES_MAX}")
    return body


def write_body(
    *,
    type: str,  # noqa: A002  # the word of the contract
    occurred_at: datetime,
    lender: str,
    actor: str,
    payload: str,
    creditor: str | None = None,
    account: str | None = None,
    debtor: str | None = None,
    sequence: int | None = None,
) -> bytes:
    """Write what `encode(build_envelope(…))` encodes, from an actor and a payload that are JSON texts already.

    The event as it is kept goes out as it stands, neither read nor written again: a third of the work, which every
    delivery does. Raises EventError for an unknown type and above `BODY_BYTES_MAX`.
    """
    parts = [f'"lender":{_quote(lender)}']
    if creditor is not None:
        parts.append(f'"creditor":{_quote(creditor)}')
    if account is not None:
        parts.append(f'"account":{_quote(account)}')
    if debtor is not None:
        parts.append(f'"debtor":{_quote(debtor)}')
    if sequence is not None:
        parts.append(f'"sequence":{sequence}')
    parts.append(f'"actor":{actor}')
    if payload != "{}":
        parts.append(f'"{find(type).key}":{payload}')
    head = f'"type":{_quote(type)},"timestamp":"{write_time(occurred_at)}"'
    body = f'{{{head},"data":{{{",".join(parts)}}}}}'.encode()
    # The database writes spaces between its parts; a body at the limit goes out without them.
    return body if len(body) <= BODY_BYTES_MAX else encode(json.loads(body))


def write_time(at: datetime) -> str:
    """Write an aware time as ISO 8601 in UTC with milliseconds; raises EventError when it has no zone."""
    if at.tzinfo is None:
        raise EventError("a time without a zone cannot be told")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_event_id(event_id: UUID) -> str:
    """Write the id that stands in `webhook-id`: the same on every attempt (idempotency key)."""
    return f"evt_{event_id}"


def read_event_id(text: str) -> UUID:
    """Read an event's id with or without its prefix; raises EventError when it is none."""
    try:
        return UUID(text.removeprefix("evt_"))
    except ValueError as fault:
        raise EventError(f"{text[:60]!r} is not an event's id") from fault
