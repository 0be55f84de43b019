"""Read before signing, sign by name, keep a copy, change your mind."""

import json
from datetime import datetime

from flask import Blueprint, Response, abort, make_response, render_template, request
from markupsafe import Markup
from wtforms import BooleanField

from portal.actions.agreements.sign_agreement import Signature, Signed, sign_agreement
from portal.actions.agreements.view_agreement import view_agreement
from portal.actions.agreements.withdraw_agreement import Withdrawn, can_withdraw, withdraw_agreement
from portal.core.agreements.terms import signature_digest
from portal.store import agreements, documents, offers, versions
from portal.store.agreements import Agreement
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.offers import offer_gone
from portal.web.debtor.records_form import POINTS, RecordsForm
from portal.web.debtor.signing_code import code_page, code_passed_at, needs_code
from portal.web.debtor.today import today_of_visitor
from portal.web.forms import Form, Required, TextField, Ticked, posted_token
from portal.web.htmx import see_other
from portal.web.language import lazy_gettext as _l
from portal.web.papers import paper_file

blueprint = Blueprint("debtor_agreements", __name__)
NAME_MAX = 200


class SignForm(Form):
    """Sign: a typed name and one tick."""

    agreed = BooleanField(
        _l("I have read this plan and agree to it"),
        [Ticked(_l("Tick the box if you agree. You can also go back"))],
    )
    name = TextField(
        _l("Type your full name"), [Required(_l("Type your name as you would sign it"))], length_max=NAME_MAX
    )


@blueprint.get("/me/agreements/<agreement_ref>")
@debtor
def read_agreement(agreement_ref: str) -> Response:
    """Show the frozen text; the first view is kept in the signing log and told."""
    agreement = view_agreement(
        work(),
        agreement_ref=agreement_ref,
        debtor_id=visitor().subject_id,
        form="page",
        now=portal().clock.now(),
    )
    if agreement is None:
        abort(404)
    return agreement_page(agreement, RecordsForm())


def agreement_page(agreement: Agreement, form: RecordsForm, *, status: int = 200) -> Response:
    """Show an agreement and what can be done with it: before the signature, the consent to electronic records."""
    now = portal().clock.now()
    with work().read() as tx:
        copy = documents.find_document(tx, agreement_id=agreement.agreement_id, kind="agreement")
        newest = versions.find_newest(tx, agreement_id=agreement.agreement_id)
        takes_back = can_withdraw(tx, agreement, now=now)
    page = render_template(
        "debtor/agreement.html",
        newest=newest,
        agreement=agreement,
        text=Markup(agreement.html),  # noqa: S704 - the stored bytes, written by our own escaped template
        path=path_of(agreement),
        copy=copy,
        can_withdraw=takes_back,
        now=now,
        form=form,
        points=POINTS,
        asks_code="reading_code" in json.loads(agreement.terms_json),
    )
    return make_response(page, status)


@blueprint.route("/me/agreements/<agreement_ref>/sign", methods=["GET", "POST"])
@debtor
def sign(agreement_ref: str) -> Response:
    """Ask for the name and the tick; sign by one act; where a code by SMS is needed, ask for it first."""
    now = portal().clock.now()
    agreement = own_agreement(agreement_ref)
    if agreement.state == "active":
        return see_other(f"/me/agreements/{agreement_ref}/done")
    if agreement.state == "prepared" and not agreement.has_record_consent:
        return see_other(f"/me/agreements/{agreement_ref}#how")
    if needs_code(agreement) and code_passed_at(agreement) is None:
        return code_page(agreement)
    form = SignForm()
    if form.validate_on_submit():
        return _sign(agreement, form, now)
    page = render_template("debtor/sign.html", form=form, agreement=agreement, digest=_digest(agreement))
    return make_response(page, 422 if form.has_errors else 200)


def _sign(agreement: Agreement, form: SignForm, now: datetime) -> Response:
    done = sign_agreement(
        work(),
        signature=Signature(
            typed_name=form.name.data,
            has_agreed=form.agreed.data,
            shown_hash=request.form.get("shown", ""),
            address=request.remote_addr or "",
            device=request.user_agent.string,
            code_passed_at=code_passed_at(agreement),
        ),
        needs_code=needs_code(agreement),
        form_token=posted_token(),
        today=today_of_visitor(now),
        agreement_ref=agreement.agreement_ref,
        debtor_id=visitor().subject_id,
        now=now,
    )
    if isinstance(done, Signed):
        return see_other(f"/me/agreements/{agreement.agreement_ref}/done")
    with work().read() as tx:
        offer = offers.find_offer(tx, offer_id=agreement.offer_id)
    return offer_gone(done.reason, path_of(agreement), offer.offer_ref if offer else "")


@blueprint.get("/me/agreements/<agreement_ref>/done")
@debtor
def signed(agreement_ref: str) -> Response:
    """Say that it is signed, what happens next and when; the page survives a bookmark."""
    agreement = own_agreement(agreement_ref)
    if agreement.signed_at is None:
        return see_other(f"/me/agreements/{agreement_ref}")
    with work().read() as tx:
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
        copy = documents.find_document(tx, agreement_id=agreement.agreement_id, kind="agreement")
    first = next((row for row in rows if row.left_minor), None)
    page = render_template(
        "debtor/signed.html", agreement=agreement, first=first, path=path_of(agreement), copy=copy
    )
    return make_response(page)


@blueprint.get("/me/agreements/<agreement_ref>/copy.html")
@debtor
def copy_page(agreement_ref: str) -> Response:
    """Give the signed text as a page to keep or to print."""
    agreement = own_agreement(agreement_ref)
    text = Markup(agreement.html)  # noqa: S704 - the stored bytes, written by our own escaped template
    return make_response(
        render_template(
            "debtor/agreement_copy.html", agreement=agreement, text=text, digest=_digest(agreement)
        )
    )


@blueprint.get("/me/agreements/<agreement_ref>/terms.json")
@debtor
def copy_terms(agreement_ref: str) -> Response:
    """Give the canonical terms, byte for byte as they were signed."""
    agreement = own_agreement(agreement_ref)
    response = make_response(agreement.terms_json)
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{agreement_ref}.json"'
    return response


@blueprint.get("/me/documents/<document_ref>")
@debtor
def document(document_ref: str) -> Response:
    """Give a stored file of the visitor, byte for byte."""
    with work().read() as tx:
        found = documents.find_document(tx, document_ref=document_ref)
        if found is None or found.debtor_id != visitor().subject_id:
            abort(404)
        return paper_file(tx, found)


@blueprint.route("/me/agreements/<agreement_ref>/withdraw", methods=["GET", "POST"])
@debtor
def withdraw(agreement_ref: str) -> Response:
    """Change your mind: one page that says what it means, one tap."""
    agreement = own_agreement(agreement_ref)
    now = portal().clock.now()
    if request.method == "POST":
        done = withdraw_agreement(
            work(), agreement_ref=agreement_ref, debtor_id=visitor().subject_id, now=now
        )
        if isinstance(done, Withdrawn):
            return see_other(f"/me/agreements/{agreement_ref}")
        page = render_template("debtor/offer_gone.html", reason=done.reason, path=path_of(agreement))
        return make_response(page, 409)
    with work().read() as tx:
        can = can_withdraw(tx, agreement, now=now)
    has_days = agreement.withdraw_until is not None and now <= agreement.withdraw_until
    page = render_template("debtor/withdraw.html", agreement=agreement, can=can, has_days=has_days)
    return make_response(page)


def own_agreement(agreement_ref: str) -> Agreement:
    """Find an agreement of the visitor; anybody else's does not exist."""
    with work().read() as tx:
        agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
    if agreement is None or agreement.debtor_id != visitor().subject_id:
        abort(404)
    return agreement


def path_of(agreement: Agreement) -> str:
    """Give the address of the account that an agreement is about."""
    with work().read() as tx:
        found = agreements.list_account_ids(tx, agreement_id=agreement.agreement_id)
    return f"/me/accounts/{found[0]}"


def _digest(agreement: Agreement) -> str:
    return signature_digest(terms_hash=agreement.terms_hash, html_hash=agreement.html_hash)
