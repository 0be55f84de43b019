"""The small vocabulary in which payloads are written down: each shape is a JSON Schema with an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = Any  # what `json.loads` can give

ACTOR_KINDS = ("debtor", "staff", "counselor", "provider", "lender", "system")
"""Who can cause an event (`actors.py`): the debtor, the lender's staff, a counselor with a grant, a training
provider, the lender's case system (an API key or a file), or the portal itself."""

SCOPES = ("account", "debtor", "lender", "account_or_debtor")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One kind of value: its JSON Schema and one example of it."""

    schema: dict[str, Json]
    example: Json


@dataclass(frozen=True, kw_only=True)
class EventType:
    """One sentence that the portal can tell a lender: name, meaning, who can cause it, and what it carries.

    `version` counts the fields gained; a breaking change is a new type. `scope` says whether it belongs to an
    account (then it has a sequence), a debtor or the lender as a whole. The payload stands under `key` in the
    envelope's data.
    """

    name: str
    version: int
    meaning: str
    actors: tuple[str, ...]
    scope: str
    key: str
    schema: dict[str, Json]
    example: dict[str, Json]

    @property
    def noun(self) -> str:
        """The word before the dot."""
        return self.name.partition(".")[0]


def opaque(example: str) -> Shape:
    """Make the shape of an id that the portal gave: no spaces, no meaning, at most 80 characters."""
    return Shape(schema={"type": "string", "pattern": r"^[A-Za-z0-9_.:~\-]{1,80}$"}, example=example)


def reference(example: str) -> Shape:
    """Make the shape of a reference that the lender gave, at most 80 characters, one line."""
    return Shape(
        schema={"type": "string", "minLength": 1, "maxLength": 80, "pattern": r"^[^\x00-\x1f\x7f]+$"},
        example=example,
    )


def code(*values: str) -> Shape:
    """Make the shape of a code out of a closed list; the first value is the example."""
    return Shape(schema={"type": "string", "enum": list(values)}, example=values[0])


def open_code(example: str) -> Shape:
    """Make the shape of a code out of a list that a pack, a bank or the lender keeps: one word."""
    return Shape(
        schema={"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.:\-]{0,79}$"}, example=example
    )


def money(minor: int, currency: str = "GBP") -> Shape:
    """Make the shape of an amount: integer minor units with their ISO 4217 currency."""
    schema = {
        "type": "object",
        "properties": {
            "minor": {"type": "integer"},
            "currency": {"type": "string", "pattern": r"^[A-Z]{3}$"},
        },
        "required": ["minor", "currency"],
    }
    return Shape(schema=schema, example={"minor": minor, "currency": currency})


def rate(example: str) -> Shape:
    """Make the shape of a rate or share: a decimal number as text, so that no digit is lost."""
    return Shape(schema={"type": "string", "pattern": r"^-?[0-9]{1,9}(\.[0-9]{1,12})?$"}, example=example)


def count(example: int) -> Shape:
    """Make the shape of a whole number from 0 up."""
    return Shape(schema={"type": "integer", "minimum": 0}, example=example)


def flag() -> Shape:
    """Make the shape of a yes or no."""
    return Shape(schema={"type": "boolean"}, example=True)


def day(example: str) -> Shape:
    """Make the shape of an ISO 8601 date."""
    pattern = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
    return Shape(schema={"type": "string", "format": "date", "pattern": pattern}, example=example)


def moment(example: str = "2026-12-01T09:30:00.000Z") -> Shape:
    """Make the shape of an ISO 8601 time with its zone."""
    clock = r"[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{1,9})?"
    pattern = rf"^[0-9]{{4}}-[01][0-9]-[0-3][0-9]T{clock}(Z|[+\-][0-9]{{2}}:[0-9]{{2}})$"
    return Shape(schema={"type": "string", "format": "date-time", "pattern": pattern}, example=example)


def digest() -> Shape:
    """Make the shape of a SHA-256 in lower-case hexadecimal digits."""
    example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    return Shape(schema={"type": "string", "pattern": r"^[0-9a-f]{64}$"}, example=example)


def signed_note(example: str) -> Shape:
    """Make the shape of a signed checkpoint (C2SP): name, size, root, time, an empty line, lines of signatures."""
    name = r"[A-Za-z0-9._/\-]{1,120}"
    head = rf"{name}\n[0-9]{{1,18}}\n[A-Za-z0-9+/]{{43}}=\ntime [0-9T:.\-]{{26}}Z\n"
    pattern = rf"^{head}\n(— {name} [A-Za-z0-9+/=]{{8,6000}}\n){{1,4}}$"
    return Shape(schema={"type": "string", "maxLength": 8000, "pattern": pattern}, example=example)


def language(example: str = "th") -> Shape:
    """Make the shape of a BCP 47 language tag."""
    return Shape(
        schema={"type": "string", "pattern": r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$"}, example=example
    )


def items(shape: Shape, *, most: int = 100) -> Shape:
    """Make the shape of a list with at most `most` members."""
    return Shape(
        schema={"type": "array", "items": shape.schema, "maxItems": most},
        example=[shape.example],
    )


def group(**fields: Shape) -> Shape:
    """Make the shape of an object; a field whose name ends in an underscore may be left out."""
    properties = {name.removesuffix("_"): shape.schema for name, shape in fields.items()}
    required = [name for name in fields if not name.endswith("_")]
    schema: dict[str, Json] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return Shape(
        schema=schema, example={name.removesuffix("_"): shape.example for name, shape in fields.items()}
    )


def event(
    name: str,
    meaning: str,
    *,
    by: tuple[str, ...],
    carries: Shape,
    scope: str = "account",
    key: str | None = None,
    version: int = 1,
) -> EventType:
    """Write one event type down; `by` are the kinds of actors that can cause it, `carries` its payload."""
    return EventType(
        name=name,
        version=version,
        meaning=meaning,
        actors=by,
        scope=scope,
        key=key or name.partition(".")[0],
        schema=carries.schema,
        example=carries.example,
    )
