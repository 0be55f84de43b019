"""Checks a value against the part of JSON Schema that the catalog uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.core.events.shapes import Json

KEYWORDS = frozenset(
    {
        "type", "properties", "required", "items", "maxItems", "enum", "pattern", "minLength", "maxLength",
        "minimum", "maximum", "format",
    }
)  # fmt: skip
"""Every keyword that a payload schema may use. `format` says what a `pattern` beside it means."""


def list_faults(*, schema: Mapping[str, Json], value: Json, path: str = "payload") -> list[str]:
    """List where `value` differs from `schema`, each fault as one sentence with its path; empty when it fits.

    A field that the schema does not name is a fault too: writers are closed, readers are told to be open.
    """
    return list(_faults(schema, value, path))


def _faults(schema: Mapping[str, Json], value: Json, path: str) -> Iterator[str]:
    kind = schema["type"]
    if not _is_kind(kind, value):
        yield f"{path} is {type(value).__name__}, not {kind}"
        return
    if kind == "object":
        yield from _object_faults(schema, value, path)
    elif kind == "array":
        yield from _array_faults(schema, value, path)
    elif kind == "string":
        yield from _string_faults(schema, value, path)
    elif kind == "integer":
        yield from _number_faults(schema, value, path)


def _is_kind(kind: str, value: Json) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    kinds: dict[str, type | tuple[type, ...]] = {
        "object": dict,
        "array": (list, tuple),
        "string": str,
        "boolean": bool,
    }
    return isinstance(value, kinds[kind])


def _object_faults(schema: Mapping[str, Json], value: Mapping[str, Json], path: str) -> Iterator[str]:
    properties = schema["properties"]
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, part in value.items():
        if name in properties:
            yield from _faults(properties[name], part, f"{path}.{name}")
        else:
            yield f"{path}.{name} is not in the catalog"


def _array_faults(schema: Mapping[str, Json], value: list[Json], path: str) -> Iterator[str]:
    if len(value) > schema["maxItems"]:
        yield f"{path} has {len(value)} members, more than {schema['maxItems']}"
        return
    for index, part in enumerate(value):
        yield from _faults(schema["items"], part, f"{path}[{index}]")


def _string_faults(schema: Mapping[str, Json], value: str, path: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path} is none of {', '.join(schema['enum'])}"
    if len(value) < schema.get("minLength", 0) or len(value) > schema.get("maxLength", 10_000):
        yield f"{path} has {len(value)} characters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{path} does not look like {schema['pattern']}"


def _number_faults(schema: Mapping[str, Json], value: int, path: str) -> Iterator[str]:
    if value < schema.get("minimum", value):
        yield f"{path} is below {schema['minimum']}"
    if value > schema.get("maximum", value):
        yield f"{path} is above {schema['maximum']}"
