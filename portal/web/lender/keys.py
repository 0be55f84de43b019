"""Keys to the API, by self-service: made with the scopes that a machine needs, shown once, renewed, revoked."""

from uuid import UUID

from flask import Blueprint, Response, abort, request

from portal.actions.lenders.issue_api_key import LABEL_MAX, ApiKeyIssued, issue_api_key
from portal.actions.lenders.revoke_api_key import revoke_api_key
from portal.actions.staff.show_once import keep_to_show, read_to_show
from portal.core.scopes import SCOPES
from portal.store import api_keys, guest_keys
from portal.store.api_keys import ApiKey
from portal.web import access
from portal.web.context import portal, visitor, work
from portal.web.forms import Form, Required, TextField
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import OWNERS, actor, show

blueprint = Blueprint("lender_keys", __name__)
_SHOWN = "api_key"


class KeyForm(Form):
    """A new key."""

    label = TextField(_l("What it is for"), [Required(_l("Write what it is for"))], length_max=LABEL_MAX)


@blueprint.route("/lender/keys", methods=["GET", "POST"])
@access.staff("owner", "auditor")
def list_keys() -> Response:
    """List the keys that open something; make another."""
    form = KeyForm()
    scopes = tuple(one for one in SCOPES if one in request.form.getlist("scope"))
    problem = ""
    if request.method == "POST":
        if "owner" not in visitor().roles:
            abort(403)
        if form.validate() and scopes:
            made = issue_api_key(
                work(), label=form.label.data or "", scopes=scopes, actor=actor(), now=portal().clock.now()
            )
            _keep(made)
            return see_other("/lender/keys?done=saved")
        problem = "" if scopes else _("Tick at least one thing that it may do")
    with work().read() as tx:
        found = api_keys.list_api_keys(tx)
        of_guests = guest_keys.list_known(tx)
    return show(
        "lender/keys.html",
        status=422 if request.method == "POST" else 200,
        keys=found,
        of_guests=of_guests,
        form=form,
        all_scopes=SCOPES,
        chosen=scopes,
        problem=problem,
        secret=_fresh_secret(),
    )


def _keep(made: ApiKeyIssued) -> None:
    here = visitor()
    if here.session_id is not None:
        keep_to_show(
            work(),
            session_id=here.session_id,
            name=_SHOWN,
            values={"secret": made.secret},
            now=portal().clock.now(),
        )


def _fresh_secret() -> str:
    here = visitor()
    if here.session_id is None:
        return ""
    now = portal().clock.now()
    kept = read_to_show(work(), session_id=here.session_id, state=here.state, name=_SHOWN, now=now)
    return kept.get("secret", "")


@blueprint.post("/lender/keys/<uuid:api_key_id>/renew")
@access.staff(*OWNERS)
def renew(api_key_id: UUID) -> Response:
    """Make a key with the same scopes beside this one; the old one goes on until it is revoked."""
    key = _own_key(api_key_id)
    _keep(issue_api_key(work(), label=key.label, scopes=key.scopes, actor=actor(), now=portal().clock.now()))
    return see_other("/lender/keys?done=saved")


@blueprint.post("/lender/keys/<uuid:api_key_id>/revoke")
@access.staff(*OWNERS)
def revoke(api_key_id: UUID) -> Response:
    """Make a key open nothing from the next request on."""
    _own_key(api_key_id)
    revoke_api_key(work(), api_key_id=api_key_id, reason="staff", actor=actor(), now=portal().clock.now())
    return see_other("/lender/keys?done=key-revoked")


def _own_key(api_key_id: UUID) -> ApiKey:
    with work().read() as tx:
        key = api_keys.find_api_key(tx, api_key_id=api_key_id)
    if key is None:
        abort(404)
    return key
