"""Judges requests and objects by Stripe's published description: unknown parameters, types, values, required ones."""

import json
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from portal.simulators.stripe.forms import parse

HERE = Path(__file__).parent


@cache
def description():
    return json.loads((HERE / "description.json").read_text(encoding="utf-8"))


@cache
def examples():
    return json.loads((HERE / "examples.json").read_text(encoding="utf-8"))


def operation_of(method, path):
    """Find the operation of a request; None when the description (as trimmed) has none."""
    parts = urlsplit(path).path.split("/")
    for known, methods in description()["paths"].items():
        places = known.split("/")
        fits = len(places) == len(parts) and all(
            place == part or place.startswith("{") for place, part in zip(places, parts, strict=True)
        )
        if fits and method.lower() in methods:
            literal = sum(place == part for place, part in zip(places, parts, strict=True))
            if "{" not in known or not _is_named(parts, literal):
                return methods[method.lower()]
    return None


def _is_named(parts, literal):
    """Tell whether a path stands literally in the description too (`search` is no id)."""
    del literal
    return "/".join(parts) in description()["paths"]


def judge_request(method, path, body):
    """List what is wrong with a request, by the parameters of its operation; empty when nothing is."""
    operation = operation_of(method, path)
    if operation is None:
        return [f"{method} {path} is no operation"]
    query = parse(parse_qsl(urlsplit(path).query, keep_blank_values=True))
    form = parse(parse_qsl(body or "", keep_blank_values=True))
    asked = {one["name"]: one["schema"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    found = [problem for name, value in query.items() for problem in _named(name, value, asked)]
    media = operation.get("requestBody", {}).get("content", {})
    schema = media.get("application/x-www-form-urlencoded", {}).get("schema", {"properties": {}})
    return found + wrong(form, {"type": "object", **schema}, "")


def _named(name, value, asked):
    return wrong(value, asked[name], name) if name in asked else [f"{name} is unknown"]


def wrong(value, schema, path):
    """List what is wrong with a value of a form: there all simple values are text."""
    choices = schema.get("anyOf")
    if choices:
        tried = [wrong(value, choice, path) for choice in choices]
        return min(tried, key=len)
    kind = schema.get("type")
    if kind == "object":
        return _wrong_object(value, schema, path)
    if kind == "array":
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [problem for one in value for problem in wrong(one, schema["items"], f"{path}[]")]
    return _wrong_text(value, schema, path)


def _wrong_object(value, schema, path):
    if not isinstance(value, dict):
        return [f"{path} is no object"]
    known, more = schema.get("properties", {}), schema.get("additionalProperties")
    missing = [f"{path}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    inside = []
    for name, part in value.items():
        if name in known:
            inside += wrong(part, known[name], f"{path}.{name}")
        elif isinstance(more, dict):
            inside += wrong(part, more, f"{path}.{name}")
        else:
            inside.append(f"{path}.{name} is unknown")
    return missing + inside


def _wrong_text(value, schema, path):
    if not isinstance(value, str):
        return [f"{path} is no simple value"]
    kind = schema.get("type")
    if kind == "integer" and not value.lstrip("-").isdigit():
        return [f"{path}={value} is no whole number"]
    if kind == "boolean" and value not in ("true", "false", "True", "False"):
        return [f"{path}={value} is neither true nor false"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}={value} is not one of its values"]
    if len(value) > schema.get("maxLength", 10**6):
        return [f"{path} is too long"]
    return []


# ---- objects


def as_json_schema(schema):
    """Rewrite a schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a choice."""
    if isinstance(schema, list):
        return [as_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: as_json_schema(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") is True else made


@cache
def schemas():
    return {name: as_json_schema(one) for name, one in description()["components"]["schemas"].items()}
