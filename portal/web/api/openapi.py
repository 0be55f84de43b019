"""The OpenAPI 3.1 document, made from the table of routes and the models of their bodies."""

import json
import re
from functools import cache
from typing import Any

from flask import Blueprint, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from portal.core.scopes import GUEST_SCOPES, SCOPES
from portal.web import access
from portal.web.api import (
    account_acts,
    accounts,
    agreements,
    approvals,
    bounds,
    care,
    cases,
    client_acts,
    clients,
    contact,
    deliveries,
    endpoints,
    enrollments,
    events,
    evidence,
    evidence_packs,
    import_results,
    imports,
    letters,
    links,
    payments,
    reconciliation,
)
from portal.web.api.idempotency import HEADER
from portal.web.api.models import Problem
from portal.web.api.routes import PREFIX, ROUTES, Route

blueprint = Blueprint("api_openapi", __name__)
PARTS = (
    accounts, account_acts, imports, import_results, links, contact, bounds, approvals, cases, agreements,
    letters, payments, reconciliation, care, endpoints, deliveries, events, evidence, evidence_packs,
    clients, client_acts, enrollments,
)  # fmt: skip
BLUEPRINTS = (*(part.blueprint for part in PARTS), blueprint)
_ALWAYS = (401, 403, 429, 500, 503)


@blueprint.get("/api/openapi.json")
@access.bare
def show_document() -> Response:
    return Response(json.dumps(document(), ensure_ascii=False), mimetype="application/json")


@cache
def document() -> dict[str, Any]:
    """Make the document; the same for everybody."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for line in ROUTES:
        paths.setdefault(PREFIX + line.path, {})[line.method.lower()] = _operation(line)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Portal API",
            "version": "1",
            "description": "What a case system can tell the portal. What comes back: docs/events.md.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": " ".join(_keys()),
                }
            },
        },
    }


def _keys() -> list[str]:
    """Say whose keys there are and what each may do."""
    told = {"of a lender": SCOPES, "of a counselor": GUEST_SCOPES["counselor"]}
    told |= {"of a training provider": GUEST_SCOPES["trainer"]}
    return [f"A key {who}: {'; '.join(f'{k}: {v}' for k, v in all_.items())}" for who, all_ in told.items()]


_OPENED_BY = {
    "lender": "",
    "counselor": " of a counselor's key",
    "trainer": " of a training provider's key",
}


def _schemas() -> dict[str, Any]:
    takes = {line.body for line in ROUTES if line.body}
    gives = {model for line in ROUTES for model in line.answers.values() if model} | {Problem}
    both: list[Any] = [
        *((one, "validation") for one in sorted(takes, key=lambda m: m.__name__)),
        *((one, "serialization") for one in sorted(gives, key=lambda m: m.__name__)),
    ]
    _, made = models_json_schema(both, ref_template="#/components/schemas/{model}")
    return dict(made["$defs"])


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _operation(line: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": line.name,
        "summary": line.summary,
        "description": f"Needs the scope {line.scope}{_OPENED_BY[line.caller]}.",
        "parameters": _parameters(line),
        "responses": _responses(line),
    }
    if line.body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(line.body)}},
        }
    elif line.media != ("application/json",):
        operation["requestBody"] = {"required": True, "content": {kind: _file(kind) for kind in line.media}}
    return operation


def _file(kind: str) -> dict[str, Any]:
    if kind != "multipart/form-data":
        return {"schema": {"type": "string", "format": "binary"}}
    part = {"type": "string", "format": "binary"}
    return {"schema": {"type": "object", "properties": {"file": part}, "required": ["file"]}}


def _parameters(line: Route) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _place(name)}
        for name in re.findall(r"\{(\w+)\}", line.path)
    ]
    places += [
        {
            "name": query.name,
            "in": "query",
            "required": query.required,
            "description": query.about,
            "schema": query.schema,
        }
        for query in line.queries
    ]
    if line.method == "POST":
        schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
        places.append({"name": HEADER, "in": "header", "required": True, "schema": schema})
    if line.method == "PUT":
        places.append({"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"}})
    return places


def _place(name: str) -> dict[str, Any]:
    return {"type": "string", **({"format": "uuid"} if name.endswith("_id") else {"minLength": 1})}


def _responses(line: Route) -> dict[str, Any]:
    limits = {
        name: {"schema": {"type": "integer"}}
        for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    }
    made: dict[str, Any] = {}
    for status, model in line.answers.items():
        made[str(status)] = {"description": line.summary, "headers": limits}
        if model:
            made[str(status)]["content"] = {"application/json": {"schema": _ref(model)}}
        elif line.gives != "application/json":
            made[str(status)]["content"] = {line.gives: {"schema": {"type": "string"}}}
    for status in sorted({*line.problems, *_ALWAYS}):
        made[str(status)] = {
            "description": "What is wrong, and what to do (RFC 9457).",
            "content": {"application/problem+json": {"schema": _ref(Problem)}},
        }
    return made
