"""One table of routes: what each takes and gives. The OpenAPI document is made from it, so is the guard at its door."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal

from flask import Blueprint, Response, request
from flask.sansio.app import App
from pydantic import BaseModel, ValidationError
from werkzeug.routing import PathConverter

from portal.web import access
from portal.web.api import limits
from portal.web.api.idempotency import answer_once
from portal.web.api.problems import FieldError, RefusedError, refuse_field, refuse_fields

PREFIX = "/api/v1"
_EXACT_MAX = 2**53  # above it a float is no longer the number that was written
ACTS = (
    "adjustments",
    "holds",
    "release",
    "recall",
    "links",
    "messages",
    "grants",
    "letters",
    "reconciliation",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """One parameter in the address; `schema` is its JSON Schema."""

    name: str
    schema: Mapping[str, Any]
    about: str
    required: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One line of the table. `answers` maps a status to the model of its body, None for no JSON.

    `caller` says whose key opens it: a lender's, a counselor's or a training provider's.
    """

    method: str
    path: str
    scope: str
    summary: str
    answers: Mapping[int, type[BaseModel] | None]
    problems: tuple[int, ...] = ()
    body: type[BaseModel] | None = None
    media: tuple[str, ...] = ("application/json",)
    queries: tuple[Query, ...] = ()
    gives: str = "application/json"
    caller: Literal["lender", "counselor", "trainer"] = "lender"
    name: str = field(default="")


class AccountRef(PathConverter):
    """A reference of the lender's, slashes allowed; what follows it and names an act is no part of it."""

    regex = rf"(?!.*/(?:{'|'.join(ACTS)})$)[^/].*?"


def know_references(app: App) -> None:
    """Teach an app how account references stand in addresses; before any route is added."""
    app.url_map.converters["account_ref"] = AccountRef


ROUTES: list[Route] = []
View = Callable[..., Response]


def route(blueprint: Blueprint, line: Route) -> Callable[[View], View]:
    """Put a view into the table: limits, the key's scope, the body's model and idempotency come with it."""

    def enter(view: View) -> View:
        ROUTES.append(
            Route(**{name: getattr(line, name) for name in Route.__slots__} | {"name": view.__name__})
        )

        @wraps(view)
        def guarded(**place: Any) -> Response:
            call = limits.count()
            try:
                limits.check(call)
                response = _answer(line, view, place)
            except RefusedError as refused:
                response = refused.answer()
            return limits.tell(response, call)

        blueprint.add_url_rule(
            PREFIX + _rule(line.path), view.__name__, _door(line)(guarded), methods=[line.method]
        )
        return view

    return enter


def _door(line: Route) -> Callable[[View], View]:
    return access.api(line.scope) if line.caller == "lender" else access.guest_api(line.caller, line.scope)


def _rule(path: str) -> str:
    """Write a path as the router reads it: `{ref}` may hold slashes, `{…_id}` is a UUID, any other is one word."""

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name == "ref":
            return f"<{'account_ref' if path.endswith('{ref}') else 'path'}:ref>"
        return f"<uuid:{name}>" if name.endswith("_id") else f"<{name}>"

    return re.sub(r"\{(\w+)\}", place, path)


def _answer(line: Route, view: View, place: dict[str, Any]) -> Response:
    known = {query.name for query in line.queries}
    if unknown := sorted(set(request.args) - known):
        listed = ", ".join(sorted(known)) or "none"
        raise refuse_field(
            unknown[0][:80],
            "unknown",
            "This parameter is not known.",
            f"Leave it out; known: {listed}.",
            status=400,
        )
    if line.body is not None:
        place = place | {"body": read_body(line.body)}
    if line.method == "POST":
        return answer_once(lambda: view(**place))
    return view(**place)


def read_body(model: type[BaseModel]) -> BaseModel:
    """Read the JSON body of the request into its model; raises RefusedError naming each field that is wrong."""
    kind = request.mimetype
    if kind and kind != "application/json":
        raise RefusedError(415, "The body is not JSON", detail="Send Content-Type: application/json.")
    try:
        document = json.loads(request.get_data() or b"{}", parse_float=_number)
    except (ValueError, RecursionError) as error:
        detail = "It cannot be read" if isinstance(error, RecursionError) else str(error)
        raise RefusedError(400, "The body is not JSON", detail=detail[:200]) from None
    try:
        return model.model_validate_json(json.dumps(document))
    except (ValidationError, ValueError) as error:
        raise refuse_fields(_field_errors(error)) from None


def _number(text: str) -> float | int:
    """Read a number with a fraction mark: JSON Schema takes 12.0 for the whole number that it is."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _EXACT_MAX else number


def _field_errors(error: ValueError) -> list[FieldError]:
    if not isinstance(error, ValidationError):
        return [
            FieldError(
                field="/", reason="text.undecodable", detail="It holds broken text.", fix="Send UTF-8."
            )
        ]
    return [
        FieldError(
            field="/" + "/".join(str(part) for part in one["loc"]),
            reason=one["type"],
            detail=f"{one['msg']}.",
            fix=_fix(one["type"]),
        )
        for one in error.errors(include_url=False, include_context=False, include_input=False)[:50]
    ]


def _fix(kind: str) -> str:
    known = {
        "missing": "Send this field.",
        "extra_forbidden": "Leave it out, or check its spelling.",
        "string_pattern_mismatch": "Write it in the stated form.",
        "literal_error": "Write one of these words.",
    }
    return known.get(kind, "Send the type that the OpenAPI document states.")


def json_answer(model: BaseModel, status: int = 200, *, location: str | None = None) -> Response:
    """Answer a model; fields that do not apply are null."""
    response = Response(model.model_dump_json(), status, mimetype="application/json")
    if location:
        response.headers["Location"] = location
        response.autocorrect_location_header = False
    return response
