"""What is written about the catalog for the lender's developers: a page, an AsyncAPI document, signed-to-be samples.

Both documents are made from `CATALOG` alone, so they can't say anything that the code does not do.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from portal.core.events.catalog import CATALOG, find
from portal.core.events.envelope import build_envelope
from portal.core.events.nouns.plans import plan_terms
from portal.core.events.shapes import money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.core.events.shapes import EventType, Json

_BELONGS = {
    "account": "one account, with its `sequence`",
    "debtor": "a debtor as a whole; without `account`, `creditor` and `sequence`, not ordered",
    "lender": "the lender as a whole; without `account`, `creditor`, `debtor` and `sequence`, not ordered",
    "account_or_debtor": "one account, with its `sequence`, or a debtor as a whole",
}
_HEAD = """# Events

Every event that the portal can tell a case system. This page is generated from `portal/core/events` by
`portal events document`; a test fails when it is not current.

Each event is one POST, signed after [Standard Webhooks](https://www.standardwebhooks.com/) 1.0.0. `webhook-id` is the
same on every attempt, so it is the idempotency key. Payloads only ever gain fields: ignore what you do not know.
Subscribe with `*`, `payment.*` or `payment.succeeded`. Amounts are whole minor units with their currency. Nothing
here carries a name, a phone number, a birth date, free text or a health word.

The body of an event:
"""


def sample_envelope(type_: str) -> dict[str, Json]:
    """Make the envelope of a sample event of this type; raises EventError when the catalog does not know it."""
    kind = find(type_)
    has_account = kind.scope in {"account", "account_or_debtor"}
    return build_envelope(
        type=type_,
        occurred_at=datetime(2026, 12, 1, 9, 30, 0, 123_000, tzinfo=UTC),
        lender="acme",
        actor={"kind": kind.actors[0]},
        payload=kind.example,
        creditor="acme-cards" if has_account else None,
        account="AC-10029" if has_account else None,
        debtor="dbt_7Hq2" if kind.scope != "lender" else None,
        sequence=14 if has_account else None,
    )


def sample_event_id(type_: str) -> UUID:
    """Give the id that the sample of this type always has: a UUIDv7 of the sample's time, counted by type."""
    position = list(CATALOG).index(find(type_).name)
    milliseconds = int(datetime(2026, 12, 1, 9, 30, 0, 123_000, tzinfo=UTC).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | position)


def write_page() -> str:
    """Write `docs/events.md`: every type by noun, with its meaning, fields and an example."""
    first = json.dumps(sample_envelope("agreement.signed"), indent=2, ensure_ascii=False)
    parts = [_HEAD, f"```json\n{first}\n```\n", _contents()]
    for noun in dict.fromkeys(one.noun for one in CATALOG.values()):
        parts.append(f"## {noun}\n")
        parts += [_section(one) for one in CATALOG.values() if one.noun == noun]
    return "\n".join(parts)


def _contents() -> str:
    rows = [f"| [`{one.name}`](#{one.name.replace('.', '')}) | {one.meaning} |" for one in CATALOG.values()]
    return "\n".join(["| event | meaning |", "|---|---|", *rows, ""])


def _section(kind: EventType) -> str:
    rows = [_row(name, part, kind.schema) for name, part in kind.schema["properties"].items()]
    table = "\n".join(["| field | type | always |", "|---|---|---|", *rows])
    example = json.dumps({kind.key: kind.example}, ensure_ascii=False)
    return (
        f"### {kind.name}\n\n{kind.meaning}\n\nVersion {kind.version}. Caused by {', '.join(kind.actors)}. "
        f"Belongs to {_BELONGS[kind.scope]}. Fields of `data.{kind.key}`:\n\n{table}\n\n```json\n{example}\n```\n"
    )


def _row(name: str, part: Mapping[str, Json], schema: Mapping[str, Json]) -> str:
    always = "yes" if name in schema.get("required", ()) else ""
    return f"| `{name}` | {describe(part)} | {always} |"


def describe(part: Mapping[str, Json]) -> str:
    """Describe a field of a payload for developers: its type, its list of words, its parts."""
    kind = str(part["type"])
    if "enum" in part:
        return "one of " + ", ".join(f"`{value}`" for value in part["enum"])
    if kind == "array":
        return f"list of {describe(part['items'])}, at most {part['maxItems']}"
    if kind == "object":
        return "object: " + ", ".join(f"`{name}`" for name in part["properties"])
    return str(part.get("format", kind))


def build_asyncapi(*, version: str) -> dict[str, Json]:
    """Build the AsyncAPI 3.0 document of everything that the portal sends; `version` is the product's."""
    messages = {_message_key(name): _share(_message(one)) for name, one in CATALOG.items()}
    pointers = {key: {"$ref": f"#/components/messages/{key}"} for key in messages}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Debtor portal events",
            "version": version,
            "description": "Everything that anybody does in the portal, posted to the lender's case system.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "endpoint": {
                "address": None,
                "title": "The lender's endpoint",
                "description": "The URL that the lender saved; signed after Standard Webhooks 1.0.0.",
                "messages": pointers,
            }
        },
        "operations": {
            "tell": {
                "action": "send",
                "channel": {"$ref": "#/channels/endpoint"},
                "messages": [{"$ref": f"#/channels/endpoint/messages/{key}"} for key in messages],
            }
        },
        "components": {
            "messages": messages,
            "schemas": {
                "actor": _ACTOR,
                "headers": _HEADERS,
                "money": _MONEY,
                "terms": {**_TERMS, "properties": _share(_TERMS["properties"])},
            },
        },
    }


def _share(part: Json) -> Json:
    """Put a pointer where the schema of an amount or of a plan's terms stands, so that each is written once."""
    if part == _MONEY:
        return {"$ref": "#/components/schemas/money"}
    if part == _TERMS:
        return {"$ref": "#/components/schemas/terms"}
    if isinstance(part, dict):
        return {name: _share(value) for name, value in part.items()}
    return [_share(value) for value in part] if isinstance(part, list) else part


_MONEY: dict[str, Json] = money(1).schema
_TERMS: dict[str, Json] = plan_terms().schema
_ACTOR: dict[str, Json] = {
    "type": "object",
    "properties": {"kind": {"type": "string"}, "ref": {"type": "string"}},
    "required": ["kind"],
}
_HEADERS: dict[str, Json] = {
    "type": "object",
    "properties": {
        "webhook-id": {"type": "string", "description": "evt_ and a UUIDv7; the same on every attempt"},
        "webhook-timestamp": {"type": "string", "description": "Unix seconds of this attempt"},
        "webhook-signature": {"type": "string", "description": "v1 and v1a signatures, parted by spaces"},
    },
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
}


def _message_key(name: str) -> str:
    return name.replace(".", "_")


def _message(kind: EventType) -> dict[str, Json]:
    return {
        "name": kind.name,
        "title": kind.name,
        "summary": kind.meaning,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": envelope_schema(kind),
        "examples": [{"name": kind.name, "payload": sample_envelope(kind.name)}],
        "x-version": kind.version,
    }


def envelope_schema(kind: EventType) -> dict[str, Json]:
    """Make the JSON Schema of the whole body of one event type."""
    data: dict[str, Json] = {
        "lender": {"type": "string"},
        "creditor": {"type": "string"},
        "account": {"type": "string"},
        "debtor": {"type": "string"},
        "sequence": {"type": "integer", "minimum": 1},
        "actor": {"$ref": "#/components/schemas/actor"},
        kind.key: kind.schema,
    }
    required = ["lender", "actor", *(["account", "sequence"] if kind.scope == "account" else [])]
    return {
        "type": "object",
        "properties": {
            "type": {"const": kind.name},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "properties": data, "required": required},
        },
        "required": ["type", "timestamp", "data"],
    }
