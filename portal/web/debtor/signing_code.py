"""The code by SMS before a signature, where the lender asks for one: bound to exactly this document."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.identity.check_code import check_code
from portal.actions.identity.send_code import send_code
from portal.core.agreements.terms import signature_digest
from portal.core.identity import CODE_DIGITS, read_digits
from portal.store import agreements, lenders
from portal.store.agreements import Agreement
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.forms import CodeField, Form, Required
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_signing_code", __name__)
FRESH = timedelta(minutes=15)


class SigningCodeForm(Form):
    """The code that we sent."""

    code = CodeField(
        _l("The code from our message"), [Required(_l("Type the code that we sent"))], length=CODE_DIGITS
    )


def needs_code(agreement: Agreement) -> bool:
    """Tell whether the lender asks for a code before a signature (setting `sign_code`: always)."""
    with portal().database.shared().read() as tx:
        lender = lenders.find_lender(tx, lender_id=visitor().lender_id)
    return (
        lender is not None and lender.settings.get("sign_code") == "always" and agreement.state == "prepared"
    )


def code_passed_at(agreement: Agreement) -> datetime | None:
    """Give when a code for this document was accepted in this visit; None when it was not, or too long ago."""
    factor = f"code:{_purpose(agreement)}"
    if visitor().has_fresh(factor, within=FRESH, now=portal().clock.now()):
        return visitor().factors[factor]
    return None


def code_page(agreement: Agreement, form: SigningCodeForm | None = None, *, status: int = 200) -> Response:
    """Show the page that sends a code and takes it."""
    page = render_template(
        "debtor/signing_code.html",
        form=form or SigningCodeForm(),
        sent=request.args.get("sent", ""),
        path=f"/me/agreements/{agreement.agreement_ref}",
    )
    return make_response(page, status)


@blueprint.post("/me/agreements/<agreement_ref>/code")
@debtor
def send(agreement_ref: str) -> Response:
    """Send a code for this document to the number on file."""
    agreement = _own(agreement_ref)
    services = portal()
    sent = send_code(
        work(),
        session_id=visitor().session_id,
        debtor_id=visitor().subject_id,
        purpose=_purpose(agreement),
        bound_to=_bound(agreement),
        now=services.clock.now(),
        sms=services.sms,
        base_url=services.settings.base_url,
    )
    word = "yes" if sent.is_on_its_way else sent.kind
    return see_other(f"/me/agreements/{agreement_ref}/sign?sent={word}")


@blueprint.post("/me/agreements/<agreement_ref>/code/check")
@debtor
def check(agreement_ref: str) -> Response:
    """Take the code; a right one opens the signature for this document."""
    agreement = _own(agreement_ref)
    form = SigningCodeForm()
    if not form.validate_on_submit():
        return code_page(agreement, form, status=422)
    result = check_code(
        work(),
        session_id=visitor().session_id,
        debtor_id=visitor().subject_id,
        purpose=_purpose(agreement),
        bound_to=_bound(agreement),
        code=read_digits(form.code.data, length=CODE_DIGITS) or "",
        now=portal().clock.now(),
    )
    if result.is_right:
        return see_other(f"/me/agreements/{agreement_ref}/sign")
    form.code.errors = [_("That does not match, or it is too old. Look again, or ask for a new code.")]
    return code_page(agreement, form, status=422)


def _own(agreement_ref: str) -> Agreement:
    with work().read() as tx:
        agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
    if agreement is None or agreement.debtor_id != visitor().subject_id or agreement.state != "prepared":
        abort(404)
    return agreement


def _bound(agreement: Agreement) -> bytes:
    return bytes.fromhex(signature_digest(terms_hash=agreement.terms_hash, html_hash=agreement.html_hash))


def _purpose(agreement: Agreement) -> str:
    return f"sign:{_bound(agreement).hex()[:16]}"
