"""The debtor takes the evidence of an agreement along: for a court, an adviser, or a drawer."""

from flask import Blueprint, Response, abort

from portal.actions.evidence.export_pack import export_pack
from portal.core.actors import DEBTOR
from portal.gateways.log_keys import make_key_pairs
from portal.store import debtors
from portal.store.rows import known
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.evidence_pages import pack_pages
from portal.web.forms import posted_token
from portal.web.htmx import see_other

blueprint = Blueprint("debtor_evidence", __name__)


@blueprint.post("/me/agreements/<agreement_ref>/evidence")
@debtor
def make_pack(agreement_ref: str) -> Response:
    """Make the pack of a signed agreement and give it as a paper of the debtor's."""
    here = visitor().subject_id
    with work().read() as tx:
        person = known(debtors.find_debtor(tx, debtor_id=here))
    made = export_pack(
        work(),
        agreement_ref=agreement_ref,
        debtor_id=here,
        actor=DEBTOR,
        pages=pack_pages(debtor_language=person.language),
        has_words=True,
        make_keys=make_key_pairs,
        form_token=posted_token(),
        now=portal().clock.now(),
    )
    if made is None:
        abort(404)
    return see_other(f"/me/documents/{made.document.document_ref}")
