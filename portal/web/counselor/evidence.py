"""A counselor with the debtor's consent takes the evidence of an agreement along, without messages and complaints."""

from uuid import UUID

from flask import Blueprint, Response, abort

from portal.actions.evidence.export_pack import export_pack
from portal.core.actors import counselor_actor
from portal.gateways.log_keys import make_key_pairs
from portal.store import agreements, debtors, documents
from portal.store.debtors import new_ref
from portal.store.rows import known
from portal.web.access import counselor
from portal.web.context import portal
from portal.web.counselor.client import open_client, own_account
from portal.web.evidence_pages import pack_pages
from portal.web.forms import posted_token
from portal.web.htmx import see_other
from portal.web.papers import paper_file

blueprint = Blueprint("counselor_evidence", __name__)
SHOWN = frozenset({"agreement", "agreement_seal", "evidence_pack_limited"})


@blueprint.post("/counselor/clients/<slug>/<grant_ref>/accounts/<uuid:account_id>/evidence")
@counselor
def make_pack(slug: str, grant_ref: str, account_id: UUID) -> Response:
    """Make the pack of the newest signed agreement of a client's account, as far as the grant allows to see."""
    opened = open_client(slug, grant_ref, scope="view")
    own_account(opened, account_id)
    with opened.work.read() as tx:
        agreement = agreements.find_newest_signed(tx, account_id=account_id)
        person = known(debtors.find_debtor(tx, debtor_id=opened.grant.debtor_id))
    made = agreement and export_pack(
        opened.work,
        agreement_ref=agreement.agreement_ref,
        debtor_id=opened.grant.debtor_id,
        actor=counselor_actor(new_ref("cou", opened.me.guest_id)),
        pages=pack_pages(debtor_language=person.language),
        has_words=False,
        make_keys=make_key_pairs,
        form_token=posted_token(),
        now=portal().clock.now(),
    )
    if not made:
        abort(404)
    return see_other(f"{opened.path}/accounts/{account_id}/documents/{made.document.document_ref}")


@blueprint.get("/counselor/clients/<slug>/<grant_ref>/accounts/<uuid:account_id>/documents/<document_ref>")
@counselor
def give_paper(slug: str, grant_ref: str, account_id: UUID, document_ref: str) -> Response:
    """Give an agreement's copy or a pack that a counselor made; the debtor's own packs hold more and stay theirs."""
    opened = open_client(slug, grant_ref, scope="view")
    own_account(opened, account_id)
    with opened.work.read() as tx:
        found = documents.find_document(tx, document_ref=document_ref)
        if found is None or found.debtor_id != opened.grant.debtor_id or found.kind not in SHOWN:
            abort(404)
        return paper_file(tx, found)
