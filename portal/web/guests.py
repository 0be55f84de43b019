"""What the desks of guests share: the door with both factors, and who is at the desk.

A guest belongs to an agency or a provider, never to a lender: the letterhead is their own house's.
"""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import Response, abort, g, make_response, render_template, request

from portal.actions.guests.sign_in_guest import sign_in_guest
from portal.store import guests
from portal.web.access import next_path
from portal.web.context import Brand, enter_slot, portal, show_brand, sign_in, visit, visitor
from portal.web.forms import CodeField, Form, Required, TextField
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l


class SignInForm(Form):
    """Who are you?"""

    login = TextField(_l("E-mail address"), [Required(_l("Type your e-mail address"))], length_max=200)
    password = TextField(_l("Password"), [Required(_l("Type your password"))], length_max=200)
    code = CodeField(_l("Code of your authenticator app"), [Required(_l("Type the six digits"))], length=6)


@dataclass(frozen=True, kw_only=True)
class GuestHere:
    """The counselor or trainer at the desk, with the name of their house."""

    guest_id: UUID
    house_id: UUID
    name: str
    house_name: str


def enter(audience: str, *, home: str) -> Response:
    """Ask for both factors; a right answer starts a new visit and leads to the desk."""
    form = SignInForm(formdata=request.form if request.method == "POST" else None)
    target = next_path(home)
    if not target.startswith(home):
        target = home
    if request.method == "GET":
        enter_slot(audience)
        if visit() is not None:
            return see_other(target)
    elif form.validate():
        done = sign_in_guest(
            portal().database,
            audience=audience,
            login=form.login.data or "",
            password=request.form.get("password", ""),
            code=form.code.data or "",
            now=portal().clock.now(),
        )
        if done.kind == "signed_in":
            sign_in(kind=audience, token=done.token)
            return see_other(target)
        form.code.data = ""
        form.form_errors.append(_said(done.kind))
    page = render_template(f"{audience}/sign_in.html", form=form, target=target)
    return make_response(page, 422 if form.has_errors else 200)


def _said(kind: str) -> str:
    if kind == "too_many":
        return _("Too many tries. Please wait five minutes, then try again.")
    return _("That does not match. Check all three, and take a fresh code.")


def guest_here() -> GuestHere:
    """Give who is at the desk, under their own letterhead; whoever does not work there any more finds nothing."""
    if "guest_here" not in g:
        here = visitor()
        with portal().database.shared().read() as shared:
            found = guests.find_guest(shared, audience=here.kind, guest_id=here.subject_id)
            if found is None:
                abort(404)
            house = guests.find_house_name(shared, audience=here.kind, house_id=found.house_id)
        g.guest_here = GuestHere(
            guest_id=found.guest_id, house_id=found.house_id, name=found.display_name, house_name=house
        )
        show_brand(Brand(name=house))
    return cast("GuestHere", g.guest_here)
