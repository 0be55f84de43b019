"""The JSON Schema of a bounds document, made from the same declarations that the parser reads."""

from dataclasses import fields
from typing import Any

from portal.core.bounds.conditions import CONDITION_SCHEMA, STAGES_SCHEMA
from portal.core.bounds.families import Families
from portal.core.bounds.kinds import PERIOD, Kind, kinds
from portal.core.bounds.model import Policy, Segment, When
from portal.core.bounds.schema import SEGMENTS_MAX

SCHEMA_ID = "bounds.schema.json"


def bounds_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a bounds document; published as docs/bounds.schema.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Bounds of a lender",
        "description": "How far the payment plans of a lender may go. Shares and rates are decimals written as text, "
        "amounts whole minor units, days past due counted on the lender's calendar.",
        "type": "object",
        "additionalProperties": False,
        "required": ["bounds_id", "currency", "segments"],
        "properties": {
            "bounds_id": {"type": "string", "minLength": 1},
            "version": {"type": "integer", "minimum": 1},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "effective": dict(PERIOD.schema),
            "jurisdiction_pack": {"type": "string"},
            "segments": {"type": "array", "minItems": 1, "maxItems": SEGMENTS_MAX, "items": _group(Segment)},
            "caps": {"type": "array", "maxItems": SEGMENTS_MAX, "items": _cap()},
            "concession_budget": {
                "type": "object",
                "additionalProperties": {"type": "integer", "minimum": 0},
            },
        },
        "$defs": {"condition": CONDITION_SCHEMA},
    }


def _group(owner: type[Any], *, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    properties = {name: _kind(kind) for name, kind in kinds(owner).items() if name not in leave_out}
    if owner is Policy:
        properties["stage_by"] = STAGES_SCHEMA
    found: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    if owner.__doc__:
        found["description"] = owner.__doc__.partition("\n")[0]
    return found


def _kind(kind: Kind) -> dict[str, Any]:
    if kind.nested is None:
        return dict(kind.schema)
    if kind.shape == "list":
        return {"type": "array", "maxItems": SEGMENTS_MAX, "items": _group(kind.nested)}
    if kind.shape == "map":
        names = kinds(kind.nested)[kind.key].schema["enum"]
        inner = _group(kind.nested, leave_out=(kind.key,))
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": dict.fromkeys(names, inner),
        }
    return _group(kind.nested)


def _cap() -> dict[str, Any]:
    limits = {}
    for family in fields(Families):
        owner = kinds(Families)[family.name].nested
        assert owner is not None  # noqa: S101 -- every family is a group
        properties = {name: _kind(kind) for name, kind in kinds(owner).items() if kind.tight}
        limits[family.name] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string"},
            "when": _group(When),
            "limits": {"type": "object", "additionalProperties": False, "properties": limits},
        },
    }
