"""Pages of lists, searches, and `expand`."""

import re
from collections.abc import Callable
from typing import Any

from portal.simulators.stripe.errors import ApiError
from portal.simulators.stripe.forms import Params, integer, listing, mapping, required, text
from portal.simulators.stripe.operations import LIST_PARAMETERS, Call, Operation, operation
from portal.simulators.stripe.vault import Thing, Vault, public

LIMIT = 10
LIMIT_MAX = 100
DEPTH_MAX = 4
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}
_CLAUSE = re.compile(
    r"""(-?)(?:metadata\[["']([^"']+)["']\]|([a-z_]+)):(?:["]([^"]*)["]|[']([^']*)[']|(\d+))"""
)


def listed(path: str, kind: str, filters: str = "") -> Operation:
    """Make the operation that lists the objects of a kind, newest first, by equality filters."""

    def run(call: Call) -> Thing:
        things = call.vault.all(kind)
        for name in filters.split():
            if (wanted := text(call.params, name)) is not None:
                things = [thing for thing in things if thing.get(name) == wanted]
        return page(things, call.params, f"/v1/{path}")

    return operation("GET", path, run, LIST_PARAMETERS + filters)


def page(things: list[Thing], params: Params, url: str) -> Thing:
    """Cut one page out of a list. Raises `ApiError` for a cursor that names nothing."""
    limit = _limit(params)
    things = _created(things, params)
    after, before = text(params, "starting_after"), text(params, "ending_before")
    if after:
        things = things[_place(things, after, "starting_after") + 1 :]
    elif before:
        things = things[: _place(things, before, "ending_before")]
        return {"object": "list", "url": url, "has_more": len(things) > limit, "data": things[-limit:]}
    return {"object": "list", "url": url, "has_more": len(things) > limit, "data": things[:limit]}


def _limit(params: Params) -> int:
    limit = integer(params, "limit")
    if limit is None:
        return LIMIT
    if not 1 <= limit <= LIMIT_MAX:
        text_ = f"Invalid integer: limit must be between 1 and {LIMIT_MAX}"
        raise ApiError(text_, code="parameter_invalid_integer", param="limit")
    return limit


def _created(things: list[Thing], params: Params) -> list[Thing]:
    created = params.get("created")
    if isinstance(created, str):
        return [thing for thing in things if thing["created"] == integer(params, "created")]
    for name, value in mapping(params, "created").items():
        if name not in _COMPARE or not str(value).isdigit():
            raise ApiError(f"Invalid created: {name}", param="created")
        things = [thing for thing in things if _COMPARE[name](thing["created"], int(value))]
    return things


def _place(things: list[Thing], identifier: str, param: str) -> int:
    for place, thing in enumerate(things):
        if thing["id"] == identifier:
            return place
    raise ApiError(f"No such object: '{identifier}'", code="resource_missing", param=param)


def searched(path: str, kind: str) -> Operation:
    """Make the search operation of a kind: clauses of metadata and plain fields joined by AND."""

    def run(call: Call) -> Thing:
        clauses = _clauses(required(call.params, "query"))
        found = [thing for thing in call.vault.all(kind) if all(_fits(thing, *clause) for clause in clauses)]
        limit = _limit(call.params)
        start = int(text(call.params, "page") or 0)
        more = len(found) > start + limit
        return {
            "object": "search_result",
            "url": f"/v1/{path}/search",
            "has_more": more,
            "next_page": str(start + limit) if more else None,
            "data": found[start : start + limit],
        }

    return operation("GET", f"{path}/search", run, "query limit page")


def _clauses(query: str) -> list[tuple[bool, str | None, str | None, str]]:
    clauses = []
    for part in re.split(r"\s+AND\s+", query.strip()):
        match = _CLAUSE.fullmatch(part)
        if not match:
            raise ApiError(f"We were unable to parse your search query: {query}", param="query")
        value = next(group for group in match.groups()[3:] if group is not None)
        clauses.append((match[1] == "-", match[2], match[3], value))
    return clauses


def _fits(thing: Thing, is_negated: bool, key: str | None, name: str | None, value: str) -> bool:  # noqa: FBT001
    actual = (thing.get("metadata") or {}).get(key) if key else thing.get(name or "")
    return (str(actual) == value) is not is_negated


def expanded(vault: Vault, answer: Thing, params: Params) -> Any:
    """Copy an answer for the wire with the wanted references written out in full."""
    body = public(answer)
    for path in listing(params, "expand"):
        steps = str(path).split(".")
        if len(steps) > DEPTH_MAX + (steps[0] == "data"):
            raise ApiError(f"You cannot expand more than {DEPTH_MAX} levels of a property.", param="expand")
        _expand(vault, body, answer, steps, str(path))
    return body


def _expand(vault: Vault, body: Any, source: Any, steps: list[str], path: str) -> None:
    if isinstance(body, list):
        for inner, original in zip(body, source, strict=True):
            _expand(vault, inner, original, steps, path)
        return
    step, rest = steps[0], steps[1:]
    if not isinstance(body, dict) or (step not in body and f"_{step}" not in source):
        text_ = f"This property cannot be expanded ({path})."
        raise ApiError(text_, param="expand")
    value = source.get(step, source.get(f"_{step}"))
    found = vault.find(value) if isinstance(value, str) else value
    if isinstance(value, str) and found is None:
        raise ApiError(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(value, str) or step not in body:
        body[step] = public(found)
    if rest and found is not None:
        _expand(vault, body[step], found, rest, path)
