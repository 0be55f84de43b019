"""Webhooks: the receivers, what they ask for, their secrets, and whether they are on."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, request
from wtforms import BooleanField

from portal.actions.endpoints.rotate_endpoint_secret import rotate_endpoint_secret
from portal.actions.endpoints.save_endpoint import EndpointSaved, save_endpoint
from portal.actions.endpoints.send_test_event import send_test_event
from portal.actions.endpoints.switch_endpoint import switch_endpoint
from portal.actions.staff.show_once import keep_to_show, read_to_show
from portal.gateways.address_guard import AddressGuard
from portal.gateways.webhook_signatures import public_key_of
from portal.store import endpoints
from portal.store.endpoints import Endpoint
from portal.web import access
from portal.web.context import portal, visitor, work
from portal.web.forms import Form, PickOne, Required, TextField
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import KEEPERS, actor, show

blueprint = Blueprint("lender_webhooks", __name__)
OVERLAPS = (("24", _l("24 hours")), ("168", _l("7 days")), ("0", _l("not at all: it ends now")))


class EndpointForm(Form):
    """A receiver of events."""

    url = TextField(_l("Address"), [Required(_l("Type the address"))], length_max=500)
    patterns = TextField(_l("Events"), [Required(_l("Type at least one pattern"))], length_max=4000)
    is_ordered = BooleanField(_l("Keep the order within each account"))
    has_ed25519 = BooleanField(_l("Also sign with Ed25519 (v1a)"))

    def wanted(self) -> list[str]:
        """Give the patterns one by one."""
        return (self.patterns.data or "").replace(",", " ").split()


class RotateForm(Form):
    """A new secret."""

    overlap = PickOne(_l("The old secret goes on for"), options=OVERLAPS)


def guard() -> AddressGuard:
    """Give the check of addresses that this house sends to."""
    return AddressGuard(open_hosts=portal().settings.private_hosts)


def own_endpoint(endpoint_id: UUID) -> Endpoint:
    """Find a receiver of this lender; anybody else's does not exist."""
    with work().read() as tx:
        found = endpoints.find_endpoint(tx, endpoint_id)
    if found is None:
        abort(404)
    return found


def keep_secret(endpoint_id: UUID, secret: str) -> None:
    """Keep a fresh secret to be shown once, on the page that follows."""
    here = visitor()
    if here.session_id is not None:
        keep_to_show(
            work(),
            session_id=here.session_id,
            name=str(endpoint_id),
            values={"secret": secret},
            now=portal().clock.now(),
        )


def fresh_secret(endpoint_id: UUID) -> str:
    """Give the secret that this visit has just made; empty later and for everybody else."""
    here = visitor()
    if here.session_id is None:
        return ""
    kept = read_to_show(
        work(),
        session_id=here.session_id,
        state=here.state,
        name=str(endpoint_id),
        now=portal().clock.now(),
    )
    return kept.get("secret", "")


@blueprint.route("/lender/webhooks", methods=["GET", "POST"])
@access.staff()
def list_endpoints() -> Response:
    """List the receivers; make another."""
    form = EndpointForm()
    if request.method == "GET":
        form.is_ordered.data, form.patterns.data = True, "*"
    else:
        if not visitor().roles & set(KEEPERS):
            abort(403)
        if form.validate():
            done = _save(form, None)
            if done.endpoint_id and done.kind == "saved":
                keep_secret(done.endpoint_id, done.secret or "")
                return see_other(f"/lender/webhooks/{done.endpoint_id}/settings?done=saved")
            _mark(form, done)
    with work().read() as tx:
        found = endpoints.list_endpoints(tx)
    return show("lender/webhooks.html", status=422 if form.has_errors else 200, endpoints=found, form=form)


@blueprint.route("/lender/webhooks/<uuid:endpoint_id>/settings", methods=["GET", "POST"])
@access.staff()
def change(endpoint_id: UUID) -> Response:
    """Show and change one receiver."""
    endpoint = own_endpoint(endpoint_id)
    form = EndpointForm()
    if request.method == "GET":
        form.url.data, form.patterns.data = endpoint.url, " ".join(endpoint.patterns)
        form.is_ordered.data, form.has_ed25519.data = endpoint.is_ordered, endpoint.has_ed25519
    else:
        if not visitor().roles & set(KEEPERS):
            abort(403)
        if form.validate():
            done = _save(form, endpoint_id)
            if done.kind == "saved":
                return see_other(f"/lender/webhooks/{endpoint_id}/settings?done=saved")
            _mark(form, done)
    return _settings_page(endpoint, form)


def _settings_page(endpoint: Endpoint, form: EndpointForm) -> Response:
    with work().read() as tx:
        private_key = endpoints.read_private_key(tx, endpoint.endpoint_id)
    return show(
        "lender/webhook_settings.html",
        status=422 if form.has_errors else 200,
        endpoint=endpoint,
        form=form,
        rotate_form=RotateForm(formdata=None),
        secret=fresh_secret(endpoint.endpoint_id),
        public_key=public_key_of(private_key) if private_key else "",
        now=portal().clock.now(),
    )


def _save(form: EndpointForm, endpoint_id: UUID | None) -> EndpointSaved:
    return save_endpoint(
        work(),
        guard=guard(),
        url=form.url.data or "",
        patterns=form.wanted(),
        actor=actor(),
        now=portal().clock.now(),
        endpoint_id=endpoint_id,
        is_ordered=form.is_ordered.data,
        has_ed25519=form.has_ed25519.data,
    )


def _mark(form: EndpointForm, done: EndpointSaved) -> None:
    if done.kind == "bad_patterns":
        form.patterns.errors = [_("Not possible: %(reason)s.", reason=done.reason)]
    elif done.kind == "too_many":
        form.url.errors = [_("You have as many receivers as there can be.")]
    else:
        form.url.errors = [address_words(done.reason)]


def address_words(code: str) -> str:
    """Say why an address is refused."""
    return {
        "malformed": _("This is not an address. Write it as https://hooks.example.com/portal"),
        "scheme": _("The address must begin with https://"),
        "credentials": _("Leave the name and password out of the address."),
        "fragment": _("Leave out what comes after #."),
        "host": _("The name of the host is not one that the internet knows."),
        "port": _("Only the ports 443 and 8443 can be used."),
        "number": _("Write a name, not a number."),
        "inside": _("This address leads inside a private network. It has to be on the public internet."),
        "unknown_host": _("No such host was found. Check the name."),
    }.get(code, _("This address cannot be used."))


@blueprint.post("/lender/webhooks/<uuid:endpoint_id>/rotate")
@access.staff(*KEEPERS)
def rotate(endpoint_id: UUID) -> Response:
    """Make a new secret; the old one signs beside it for a while."""
    own_endpoint(endpoint_id)
    form = RotateForm()
    if not form.validate():
        abort(400)
    done = rotate_endpoint_secret(
        work(),
        endpoint_id=endpoint_id,
        actor=actor(),
        now=portal().clock.now(),
        overlap=timedelta(hours=int(form.overlap.data)),
    )
    keep_secret(endpoint_id, done.secret or "")
    return see_other(f"/lender/webhooks/{endpoint_id}/settings?done=saved")


@blueprint.post("/lender/webhooks/<uuid:endpoint_id>/switch")
@access.staff(*KEEPERS)
def switch(endpoint_id: UUID) -> Response:
    """Stop deliveries, or let them flow again."""
    own_endpoint(endpoint_id)
    is_on = request.form.get("on") == "1"
    outcome = switch_endpoint(
        work(), endpoint_id=endpoint_id, is_on=is_on, actor=actor(), now=portal().clock.now()
    )
    code = "same" if outcome == "same" else "switched-on" if is_on else "switched-off"
    return see_other(f"/lender/webhooks/{endpoint_id}?done={code}")


@blueprint.post("/lender/webhooks/<uuid:endpoint_id>/test")
@access.staff(*KEEPERS)
def send_test(endpoint_id: UUID) -> Response:
    """Send a test event."""
    own_endpoint(endpoint_id)
    send_test_event(work(), endpoint_id=endpoint_id, actor=actor(), now=portal().clock.now())
    return see_other(f"/lender/webhooks/{endpoint_id}?done=tested")
