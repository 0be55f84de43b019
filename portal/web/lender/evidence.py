"""Staff take the evidence of an account's agreement out, for a court or an auditor; each time is told."""

from uuid import UUID

from flask import Blueprint, Response, abort

from portal.actions.evidence.export_pack import export_pack
from portal.gateways.log_keys import make_key_pairs
from portal.store import accounts, agreements, debtors, documents
from portal.store.rows import known
from portal.web.access import staff
from portal.web.context import portal, work
from portal.web.evidence_pages import pack_pages
from portal.web.forms import posted_token
from portal.web.htmx import see_other
from portal.web.lender.desk import EXPORTERS, actor
from portal.web.papers import paper_file

blueprint = Blueprint("lender_evidence", __name__)


@blueprint.post("/lender/accounts/<uuid:account_id>/evidence")
@staff(*EXPORTERS)
def make_pack(account_id: UUID) -> Response:
    """Make the pack of the newest signed agreement of an account."""
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        agreement = agreements.find_newest_signed(tx, account_id=account_id)
        if account is None or agreement is None:
            abort(404)
        person = known(debtors.find_debtor(tx, debtor_id=account.debtor_id))
    made = export_pack(
        work(),
        agreement_ref=agreement.agreement_ref,
        debtor_id=None,
        actor=actor(),
        pages=pack_pages(debtor_language=person.language),
        has_words=True,
        make_keys=make_key_pairs,
        form_token=posted_token(),
        now=portal().clock.now(),
    )
    if made is None:
        abort(404)
    return see_other(f"/lender/accounts/{account_id}/documents/{made.document.document_ref}")


@blueprint.get("/lender/accounts/<uuid:account_id>/documents/<document_ref>")
@staff(*EXPORTERS)
def give_paper(account_id: UUID, document_ref: str) -> Response:
    """Give a stored paper of the account's debtor, byte for byte."""
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        found = documents.find_document(tx, document_ref=document_ref)
        if account is None or found is None or found.debtor_id != account.debtor_id:
            abort(404)
        return paper_file(tx, found)
