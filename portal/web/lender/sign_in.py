"""The door of the console: the lender's short name, e-mail address, password and a code, on one page.

All of it at once, so that no answer tells which part was right.
"""

from flask import Blueprint, Response, make_response, render_template, request

from portal.actions.staff.change_password import change_password
from portal.actions.staff.sign_in_staff import sign_in_staff
from portal.gateways.passwords import PASSWORD_MIN
from portal.web.access import next_path, public, staff
from portal.web.context import enter_slot, portal, sign_in, visit, visitor, work
from portal.web.forms import CodeField, Form, Required, TextField
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import show

blueprint = Blueprint("lender_sign_in", __name__)
HOME = "/lender/"


class SignInForm(Form):
    """Who are you?"""

    lender = TextField(_l("Short name of the lender"), [Required(_l("Type the short name"))], length_max=80)
    email = TextField(_l("E-mail address"), [Required(_l("Type your e-mail address"))], length_max=200)
    password = TextField(_l("Password"), [Required(_l("Type your password"))], length_max=200)
    code = CodeField(_l("Code of your authenticator app"), [Required(_l("Type the six digits"))], length=6)


class PasswordForm(Form):
    """A new password."""

    current = TextField(_l("Password until now"), [Required(_l("Type your password"))], length_max=200)
    fresh = TextField(_l("New password"), [Required(_l("Type a new password"))], length_max=200)


@blueprint.route("/lender/sign-in", methods=["GET", "POST"])
@public
def enter() -> Response:
    """Ask for both factors; a right answer starts a new visit."""
    form = SignInForm(formdata=request.form if request.method == "POST" else None)
    target = next_path(HOME)
    if not target.startswith("/lender"):
        target = HOME
    if request.method == "GET":
        enter_slot("staff")
        if visit() is not None:
            return see_other(target)
        form.lender.data = request.args.get("lender", "")[:80]
    elif form.validate():
        done = sign_in_staff(
            portal().database,
            slug=form.lender.data or "",
            email=form.email.data or "",
            password=request.form.get("password", ""),
            code=form.code.data or "",
            now=portal().clock.now(),
        )
        if done.kind == "signed_in":
            sign_in(kind="staff", token=done.token)
            return see_other(target)
        form.code.data = ""
        form.form_errors.append(_said(done.kind))
    page = render_template("lender/sign_in.html", form=form, target=target)
    return make_response(page, 422 if form.has_errors else 200)


def _said(kind: str) -> str:
    if kind == "too_many":
        return _("Too many tries. Please wait five minutes, then try again.")
    return _("That does not match. Check all four, and take a fresh code.")


@blueprint.route("/lender/password", methods=["GET", "POST"])
@staff()
def change_own_password() -> Response:
    """Change the own password; every other visit ends."""
    form = PasswordForm()
    if form.validate_on_submit():
        fresh = request.form.get("fresh", "")
        if len(fresh) < PASSWORD_MIN:
            form.fresh.errors = [_("Use at least %(count)s characters.", count=PASSWORD_MIN)]
        else:
            token = change_password(
                work(),
                staff_id=visitor().subject_id,
                current=request.form.get("current", ""),
                fresh=fresh,
                now=portal().clock.now(),
            )
            if token:
                sign_in(kind="staff", token=token)
                return see_other("/lender/?done=password-changed")
            form.current.errors = [_("That does not match.")]
    return show("lender/password.html", status=422 if form.has_errors else 200, form=form)
