"""Who may come to a page. Each endpoint is in exactly one group, by the decorator nearest to its function.

    @blueprint.get("/plan")
    @debtor
    def show_plan(): ...

An endpoint without a group stops the app from starting. What belongs to somebody else does not exist: 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, request

from portal.store import api_keys, directory, guest_keys, guests
from portal.store.api_keys import ApiKey
from portal.store.guest_keys import GuestKey
from portal.store.work import SharedWork, Work
from portal.web import language, security
from portal.web.context import Visit, brand, portal, visit
from portal.web.htmx import see_other

View = TypeVar("View", bound=Callable[..., Any])

GROUPS = (
    "public", "link_visit", "debtor", "staff", "counselor", "trainer", "hook", "api", "counselor_api", "trainer_api",
)  # fmt: skip
ROLES = ("owner", "rules", "approver", "agent", "supervisor", "auditor")
#: Where somebody who opened a link shows who they are.
VERIFY = "/verify"
#: Where a person signs in; the pages are written by the audiences.
SIGN_IN = {
    "link_visit": "/come-back",
    "debtor": "/come-back",
    "staff": "/lender/sign-in",
    "counselor": "/counselor/sign-in",
    "trainer": "/trainer/sign-in",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """The group of one endpoint, with the roles (staff) or the scope (API) that it asks for."""

    group: str
    roles: frozenset[str] = frozenset()
    scope: str | None = None
    is_bare: bool = False


def _mark(view: View, access: Access) -> View:
    if hasattr(view, "portal_access"):
        raise ValueError(f"{view!r} is in two access groups")
    view.portal_access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody may come; the page says nothing about anybody."""
    return _mark(view, Access(group="public"))


def bare(view: View) -> View:
    """Public, and the cookie is not even looked at: files and health, which anybody may keep."""
    return _mark(view, Access(group="public", is_bare=True))


def link_visit(view: View) -> View:
    """Somebody opened a link and pressed Continue; who it is has not been shown yet."""
    return _mark(view, Access(group="link_visit"))


def debtor(view: View) -> View:
    """The debtor, verified."""
    return _mark(view, Access(group="debtor"))


def staff(*roles: str) -> Callable[[View], View]:
    """Lender staff with both factors, in one of the roles; without roles, any of them."""
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"no such role: {unknown}")
    return lambda view: _mark(view, Access(group="staff", roles=frozenset(roles)))


def counselor(view: View) -> View:
    """A counselor of an agency, with both factors."""
    return _mark(view, Access(group="counselor"))


def trainer(view: View) -> View:
    """Staff of a training provider, with both factors."""
    return _mark(view, Access(group="trainer"))


def hook(view: View) -> View:
    """A machine that proves itself by a signature over the body, which the view checks."""
    return _mark(view, Access(group="hook"))


def api(scope: str) -> Callable[[View], View]:
    """A lender's machine with an API key of this scope."""
    return lambda view: _mark(view, Access(group="api", scope=scope))


def guest_api(audience: str, scope: str) -> Callable[[View], View]:
    """A machine of a counselor's agency or of a training provider, with a key of this scope."""
    return lambda view: _mark(view, Access(group=f"{audience}_api", scope=scope))


def light(view: View) -> View:
    """An endpoint that keeps nothing and is asked many times a minute: who is here may be known from seconds ago."""
    view.portal_is_light = True  # type: ignore[attr-defined]
    return view


def access_of(view: Callable[..., Any] | None) -> Access | None:
    return getattr(view, "portal_access", None)


def unmarked(app: Flask) -> list[str]:
    """List the endpoints that are in no access group."""
    return sorted(name for name, view in app.view_functions.items() if access_of(view) is None)


# ---- the guard at the door


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """The machine that calls the API."""

    lender_id: int
    key: ApiKey


def caller() -> Caller:
    """Give the lender's machine that calls this API endpoint."""
    return cast("Caller", g.caller)


def guest_caller() -> GuestKey:
    """Give the key of the guest's machine that calls this API endpoint."""
    return cast("GuestKey", g.caller)


def key_room() -> tuple[Work | SharedWork, UUID]:
    """Give the unit of work in which what concerns the calling key is kept, and the key's id."""
    if isinstance(g.caller, GuestKey):
        return portal().database.shared(), g.caller.api_key_id
    return portal().database.work(caller().lender_id), caller().key.api_key_id


def configure(app: Flask) -> None:
    app.before_request(guard)


def guard() -> Response | None:
    """Let a request in, send its sender to the right sign-in page, or refuse."""
    access = access_of(current_app.view_functions.get(request.endpoint or ""))
    if request.endpoint is None:
        return None  # no such page, or not by this method: the router says so
    if access is None:
        abort(404)
    g.group = access.group
    g.is_light = getattr(current_app.view_functions[request.endpoint], "portal_is_light", False)
    if access.is_bare or access.group == "hook":
        return None
    if access.scope is not None:
        g.caller = _caller_for(access) if access.group == "api" else _guest_caller_for(access)
        return None
    found = visit()
    if access.group != "public" and not _may(access, found):
        return _to_sign_in(access, found)
    if found is not None:
        language.suggest(debtor=found.state.get("language"), lender=brand().language)
    security.check_request()
    if access.roles and not (found and access.roles & found.roles):
        abort(403)
    return None


def _may(access: Access, found: Visit | None) -> bool:
    if found is None:
        return False
    return found.kind == access.group or (access.group == "link_visit" and found.kind in ("link", "debtor"))


def _to_sign_in(access: Access, found: Visit | None) -> Response:
    if found is not None and found.kind == "link":
        return see_other(VERIFY)
    address = SIGN_IN[access.group]
    if request.method == "GET" and access.group not in ("link_visit", "debtor"):
        address += "?" + urlencode({"next": request.full_path.rstrip("?")})
    return see_other(address)


def next_path(fallback: str) -> str:
    """Give the page to go on to after signing in: only a path of this site, never another address."""
    wished = request.values.get("next", "")
    is_own = wished.startswith("/") and not wished.startswith(("//", "/\\")) and wished.isprintable()
    return wished if is_own else fallback


def _bearer(kind: str) -> directory.Entry:
    """Find where the bearer key leads; 401 when it is no key of this kind."""
    word, _, secret = request.headers.get("Authorization", "").partition(" ")
    if word.lower() != "bearer" or not secret:
        abort(401)
    with portal().database.shared().read() as shared:
        entry = directory.find_entry(shared, kind=kind, secret=secret.strip())
    if entry is None:
        abort(401)
    return entry


def _caller_for(access: Access) -> Caller:
    """Find who calls by the bearer key; 401 when unknown or revoked, 403 when the key lacks the scope."""
    entry = _bearer("api_key")
    if entry.lender_id is None or entry.subject_id is None:
        abort(401)
    with portal().database.work(entry.lender_id).read() as tx:
        key = api_keys.find_api_key(tx, api_key_id=entry.subject_id)
    if key is None:
        abort(401)
    if access.scope not in key.scopes:
        abort(403)
    return Caller(lender_id=entry.lender_id, key=key)


def _guest_caller_for(access: Access) -> GuestKey:
    """Find which guest's machine calls; 401 also when the counselor whose clients it reads has left the agency."""
    entry = _bearer("guest_key")
    with portal().database.shared().read() as shared:
        key = guest_keys.find_guest_key(shared, api_key_id=entry.subject_id) if entry.subject_id else None
        if key is None:
            abort(401)
        is_personal = key.audience == "counselor"
        if is_personal and guests.find_guest(shared, audience=key.audience, guest_id=key.guest_id) is None:
            abort(401)
    if access.scope not in key.scopes:
        abort(403)
    return key
