"""The API to read: every call with its fields and a line for a terminal. No script; made from the OpenAPI document."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, Response, make_response, render_template

from portal.web import access
from portal.web.api.openapi import document
from portal.web.context import portal

blueprint = Blueprint("api_explorer", __name__)

_DEPTH_MAX = 4


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call as the page shows it; `fields` are (name, type, is it always there, what it is)."""

    anchor: str
    method: str
    path: str
    summary: str
    needs: str
    parameters: list[tuple[str, str, str, bool]]
    fields: list[tuple[str, str, bool, str]]
    answers: list[tuple[str, str]]
    example: str


@blueprint.get("/api/")
@access.public
def show_explorer() -> Response:
    page = render_template("public/api.html", nouns=_nouns(), base=portal().settings.base_url)
    return make_response(page)


@cache
def _nouns() -> dict[str, list[Call]]:
    """Group every call by the first word of its path."""
    told: dict[str, list[Call]] = {}
    for path, methods in document()["paths"].items():
        noun = path.split("/")[3]
        told.setdefault(noun, []).extend(_call(method, path, one) for method, one in methods.items())
    return told


def _call(method: str, path: str, operation: Mapping[str, Any]) -> Call:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    schema = _followed(body) if body else None
    return Call(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        needs=operation["description"].removeprefix("Needs the scope ").rstrip("."),
        parameters=[
            (one["name"], one["in"], _type(one["schema"]), one["required"]) for one in operation["parameters"]
        ],
        fields=_fields(schema) if schema else [],
        answers=[(status, one["description"]) for status, one in operation["responses"].items()],
        example=_example(method.upper(), path, schema),
    )


def _followed(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = document()["components"]["schemas"][name] if name else schema
    return found


def _fields(schema: Mapping[str, Any]) -> list[tuple[str, str, bool, str]]:
    required = schema.get("required", ())
    return [
        (name, _type(part), name in required, part.get("description", ""))
        for name, part in schema.get("properties", {}).items()
    ]


def _type(schema: Mapping[str, Any]) -> str:
    """Write a schema as a person reads it."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"][:12])) + (" …" if len(schema["enum"]) > 12 else "")
    if "const" in schema:
        return str(schema["const"])
    kind = str(schema.get("format") or schema.get("type", "any"))
    return f"list of {_type(schema['items'])}" if kind == "array" and "items" in schema else kind


def _example(method: str, path: str, schema: Mapping[str, Any] | None) -> str:
    place = re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), path)
    lines = [f'curl -X {method} "$PORTAL{place}" -H "Authorization: Bearer $KEY"']
    if method == "POST":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if schema is not None:
        body = json.dumps(sample(schema), ensure_ascii=False)
        lines.append(f"-H \"Content-Type: application/json\" -d '{body}'")
    return " \\\n  ".join(lines)


def sample(schema: Mapping[str, Any], depth: int = 0) -> Any:
    """Make a small body of a schema that has what must be there."""
    schema = _followed(schema)
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], depth + 1)
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("required", ()) if depth < _DEPTH_MAX else ()
        return {name: sample(schema["properties"][name], depth + 1) for name in wanted}
    if kind == "array":
        return [sample(schema["items"], depth + 1)]
    plain = {"integer": 1, "boolean": True, "number": 1}
    formats = {"date": "2026-12-01", "date-time": "2026-12-01T09:30:00Z", "uuid": "019b8d1e-…"}
    return plain.get(str(kind)) or formats.get(str(schema.get("format"))) or schema.get("const") or "…"
