"""The bytes of one event in the log: what it was and when in clear, every fact about anybody as a salted digest.

A leaf is RFC 8785 JSON. Its event's salt and the digest of a field cannot be turned back into the field; a field is
disclosed by its own salt, which says nothing about the other fields. So a field can be withheld or erased and the
proof of its event stays whole (docs/evidence.md states the recipe for outsiders).
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from portal.core.errors import EvidenceError
from portal.core.events.envelope import write_event_id
from portal.core.plans.canonical import canonical_json

FORMAT = "portal-leaf/1"
SALT_BYTES = 32
#: HMAC's block and its two pads (RFC 2104).
_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedEvent:
    """An event as it is written into the log; what does not apply is None."""

    event_id: UUID
    type: str
    occurred_at: datetime
    actor: Mapping[str, Any]
    payload: Mapping[str, Any]
    account_ref: str | None = None
    account_sequence: int | None = None
    creditor_ref: str | None = None
    debtor_ref: str | None = None

    def fields(self) -> dict[str, str]:
        """Return every field that a leaf holds as a digest, as canonical JSON text by its name."""
        named = {
            "account": self.account_ref,
            "sequence": self.account_sequence,
            "creditor": self.creditor_ref,
            "debtor": self.debtor_ref,
            "actor": self.actor,
        }
        found = {name: canonical_json(value) for name, value in named.items() if value is not None}
        for name, value in self.payload.items():
            found[f"payload.{name}"] = canonical_json(value)
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Disclosed:
    """A field in clear with the salt that shows that its digest is this value's; `value` is canonical JSON text."""

    salt: str
    value: str


def field_salt(salt: bytes, name: str) -> bytes:
    """Return the 32-byte salt of one field of the event whose salt this is."""
    return hmac.digest(salt, name.encode(), "sha256")


def field_digest(*, salt: bytes, value: str) -> str:
    """Return the digest of a field's canonical JSON text under the field's own salt, in hex."""
    return sha256(salt + value.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """What a leaf says in clear, and the digests of the rest by their field's name."""

    event: str
    type: str
    at: str
    digests: Mapping[str, str]


def read_leaf(text: str) -> Leaf:
    """Read a leaf's text; raises EvidenceError unless it is written as `write_leaf` writes it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise EvidenceError("the leaf is no JSON document") from fault
    if not isinstance(found, dict) or set(found) != {"at", "digests", "event", "format", "type"}:
        raise EvidenceError("the leaf has not the fields that a leaf has")
    digests = found["digests"]
    if found["format"] != FORMAT or not isinstance(digests, dict) or canonical_json(found) != text:
        raise EvidenceError("the leaf is not written as a leaf is")
    return Leaf(event=found["event"], type=found["type"], at=found["at"], digests=digests)


def write_leaf(event: LoggedEvent, salt: bytes) -> str:
    """Return the canonical text of an event's leaf; its UTF-8 bytes are what the log hashes."""
    at, event_id = write_exact_time(event.occurred_at), write_event_id(event.event_id)
    digests = ",".join(_digests(event.fields(), salt))
    return (
        f'{{"at":"{at}","digests":{{{digests}}},"event":"{event_id}","format":"{FORMAT}",'
        f'"type":{canonical_json(event.type)}}}'
    )


def _digests(fields: Mapping[str, str], salt: bytes) -> Iterator[str]:
    """Write each field's name and digest, the names in their order.

    What `field_salt` and `field_digest` say, with the key's two blocks hashed once for all fields: a log is walked at
    the speed of this loop.
    """
    block = salt.ljust(_BLOCK, b"\0") if len(salt) <= _BLOCK else sha256(salt).digest().ljust(_BLOCK, b"\0")
    within, around = sha256(block.translate(_INNER)), sha256(block.translate(_OUTER))
    for name in sorted(fields):
        inner, outer = within.copy(), around.copy()
        inner.update(name.encode())
        outer.update(inner.digest())
        yield f'{canonical_json(name)}:"{sha256(outer.digest() + fields[name].encode()).hexdigest()}"'


def disclose(event: LoggedEvent, salt: bytes) -> dict[str, Disclosed]:
    """Return every field of an event with its salt, for those who may read the event."""
    return {
        name: Disclosed(salt=field_salt(salt, name).hex(), value=value)
        for name, value in sorted(event.fields().items())
    }


def write_exact_time(at: datetime) -> str:
    """Write an aware time as ISO 8601 in UTC with all six places of its microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
