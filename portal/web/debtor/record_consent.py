"""Agree to electronic records before signing, ask for paper instead, or take the consent back; each its own act."""

from flask import Blueprint, Response, make_response, render_template, request

from portal.actions.agreements.ask_for_paper import ask_for_paper
from portal.actions.agreements.consent_to_records import Consent, Consented, consent_to_records
from portal.actions.agreements.end_record_consent import end_record_consent
from portal.core.agreements.records import CODE_DIGITS
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.agreements import agreement_page, own_agreement, path_of
from portal.web.debtor.records_form import RecordsForm, consent_text
from portal.web.forms import posted_token
from portal.web.htmx import see_other
from portal.web.language import gettext as _

blueprint = Blueprint("debtor_record_consent", __name__)


@blueprint.post("/me/agreements/<agreement_ref>/consent")
@debtor
def give(agreement_ref: str) -> Response:
    """Keep the consent and go on to the signature; nothing is signed by it."""
    agreement = own_agreement(agreement_ref)
    form = RecordsForm()
    if agreement.state != "prepared":
        return see_other(f"/me/agreements/{agreement_ref}")
    if not form.validate_on_submit():
        return agreement_page(agreement, form, status=422)
    done = consent_to_records(
        work(),
        agreement_ref=agreement_ref,
        debtor_id=visitor().subject_id,
        consent=Consent(
            text=consent_text(),
            code=form.code.data or "",
            address=request.remote_addr or "",
            device=request.user_agent.string,
        ),
        now=portal().clock.now(),
    )
    if isinstance(done, Consented):
        return see_other(f"/me/agreements/{agreement_ref}/sign")
    if done.reason == "code_differs":
        form.code.errors = [
            _("Look at the end of the text: the code has %(count)s digits", count=CODE_DIGITS)
        ]
        return agreement_page(agreement, form, status=422)
    return see_other(f"/me/agreements/{agreement_ref}")


@blueprint.route("/me/agreements/<agreement_ref>/paper", methods=["GET", "POST"])
@debtor
def paper(agreement_ref: str) -> Response:
    """Ask for the agreement on paper; the page then says by when somebody answers."""
    agreement = own_agreement(agreement_ref)
    if agreement.state != "prepared":
        return see_other(f"/me/agreements/{agreement_ref}")
    if request.method == "POST":
        ask_for_paper(
            work(),
            agreement_ref=agreement_ref,
            debtor_id=visitor().subject_id,
            token=posted_token(),
            now=portal().clock.now(),
        )
        return see_other(f"{path_of(agreement)}/talk")
    return make_response(render_template("debtor/paper.html", agreement=agreement))


@blueprint.post("/me/settings/paper")
@debtor
def end() -> Response:
    """Get papers by post from now on."""
    end_record_consent(work(), debtor_id=visitor().subject_id, now=portal().clock.now())
    return see_other("/me/settings")
