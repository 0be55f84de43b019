"""An agreement in two languages side by side: the frozen text, and the same terms in another language."""

import json

from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup

from portal.web.access import debtor
from portal.web.clauses import clause_languages
from portal.web.context import brand
from portal.web.debtor.agreement_text import render_in
from portal.web.debtor.agreements import own_agreement
from portal.web.language import SOURCE, languages

blueprint = Blueprint("debtor_beside", __name__)


@blueprint.get("/me/agreements/<agreement_ref>/beside")
@debtor
def show(agreement_ref: str) -> Response:
    """Show both texts and say which one rules; a language that is not there gives the lender's own."""
    agreement = own_agreement(agreement_ref)
    version = json.loads(agreement.terms_json)["texts"]
    others = [one for one in clause_languages(version) if one.tag != agreement.language]
    wished = (request.args.get("language", ""), brand().language, SOURCE)
    known = {one.tag for one in others}
    tag = next((one for one in wished if one in known), others[0].tag if others else None)
    page = render_template(
        "debtor/beside.html",
        agreement=agreement,
        others=others,
        tag=tag,
        signed=Markup(agreement.html),  # noqa: S704 - the stored bytes, written by our own escaped template
        beside=Markup(render_in(agreement, tag) or "") if tag else "",  # noqa: S704 - our own escaped template
        ruling=languages()[agreement.language].name,
    )
    return make_response(page)
