"""Keys to the API on the desks of guests: made, shown once, renewed beside the old one, revoked.

A counselor sees their own keys, for those reach the counselor's own clients; a school sees all of the school's.
"""

from typing import Any
from uuid import UUID

from flask import Response, abort, make_response, render_template, request

from portal.actions.guests.issue_guest_key import issue_guest_key
from portal.actions.guests.revoke_guest_key import revoke_guest_key
from portal.actions.lenders.issue_api_key import LABEL_MAX
from portal.actions.staff.show_once import keep_for_guest, read_for_guest
from portal.core.scopes import GUEST_SCOPES
from portal.store import guest_keys
from portal.store.guest_keys import GuestKey
from portal.web.context import portal, visitor
from portal.web.forms import Form, Required, TextField
from portal.web.guests import guest_here
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

_SHOWN = "guest_key"


class KeyForm(Form):
    """A new key."""

    label = TextField(_l("What it is for"), [Required(_l("Write what it is for"))], length_max=LABEL_MAX)


def show_keys() -> Response:
    """List the keys of this desk; a posted form makes another."""
    audience = visitor().kind
    scopes = tuple(one for one in GUEST_SCOPES[audience] if one in request.form.getlist("scope"))
    form, problem = KeyForm(), ""
    if form.is_submitted():
        is_named = form.validate()
        problem = "" if scopes else _("Tick at least one thing that it may do")
        if is_named and scopes:
            if _made(label=form.label.data or "", scopes=scopes):
                return see_other(_path())
            problem = _("There are as many keys as there can be. Revoke one that is not used any more.")
    page = render_template(
        f"{audience}/keys.html",
        me=guest_here(),
        keys=_own(),
        form=form,
        all_scopes=GUEST_SCOPES[audience],
        chosen=scopes,
        problem=problem,
        secret=_fresh_secret(),
        path=_path(),
    )
    return make_response(page, 422 if form.has_errors or problem else 200)


def renew_key(api_key_id: UUID) -> Response:
    """Make a key with the same scopes beside this one; the old one goes on until it is revoked."""
    key = _own_key(api_key_id)
    if not _made(label=key.label, scopes=key.scopes):
        abort(409)
    return see_other(_path())


def revoke_key(api_key_id: UUID) -> Response:
    """Make a key open nothing from the next request on."""
    _own_key(api_key_id)
    now = portal().clock.now()
    revoke_guest_key(portal().database, api_key_id=api_key_id, house_id=guest_here().house_id, now=now)
    return see_other(_path())


def _path() -> str:
    return f"/{visitor().kind}/keys"


def _made(*, label: str, scopes: tuple[str, ...]) -> bool:
    me, here, now = guest_here(), visitor(), portal().clock.now()
    made = issue_guest_key(
        portal().database,
        audience=here.kind,
        house_id=me.house_id,
        guest_id=me.guest_id,
        label=label,
        scopes=scopes,
        now=now,
    )
    if made is not None:
        values = {"secret": made.secret}
        keep_for_guest(portal().database, token=here.token, name=_SHOWN, values=values, now=now)
    return made is not None


def _fresh_secret() -> str:
    here, now = visitor(), portal().clock.now()
    kept = read_for_guest(portal().database, token=here.token, state=here.state, name=_SHOWN, now=now)
    return kept.get("secret", "")


def _scope_of_desk() -> dict[str, Any]:
    me = guest_here()
    own = {"guest_id": me.guest_id} if visitor().kind == "counselor" else {}
    return {"house_id": me.house_id, **own}


def _own() -> list[GuestKey]:
    with portal().database.shared().read() as shared:
        return guest_keys.list_guest_keys(shared, **_scope_of_desk())


def _own_key(api_key_id: UUID) -> GuestKey:
    """Find a key of this desk; anybody else's does not exist."""
    key = next((one for one in _own() if one.api_key_id == api_key_id), None)
    if key is None:
        abort(404)
    return key
