"""The evidence pack of an agreement for the lender's machine: made by one call, told as an export, then downloaded."""

import hashlib
from datetime import datetime
from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import BaseModel, Field

from portal.actions.evidence.build_pack import KIND
from portal.actions.evidence.export_pack import export_pack
from portal.core.actors import LENDER_API
from portal.gateways.log_keys import make_key_pairs
from portal.store import agreements, debtors, documents
from portal.store.rows import known
from portal.web.access import caller
from portal.web.api import views
from portal.web.api.accounts import work
from portal.web.api.bounds_models import NothingBody
from portal.web.api.idempotency import HEADER
from portal.web.api.problems import RefusedError, not_found
from portal.web.api.routes import PREFIX, Route, json_answer, route
from portal.web.context import portal
from portal.web.evidence_pages import pack_pages
from portal.web.papers import paper_file

blueprint = Blueprint("api_evidence_packs", __name__)


class PackView(BaseModel):
    """A pack as it was stored; its bytes never change."""

    id: str
    agreement: str
    digest: Annotated[str, Field(description="SHA-256 of the file, as `data.exported` tells it.")]
    made_at: datetime
    download: Annotated[str, Field(description="Where the newest pack of the agreement is.")]


@route(
    blueprint,
    Route(
        method="POST",
        path="/agreements/{agreement_ref}/evidence",
        scope="evidence:export",
        summary="Make the evidence pack of a signed agreement; each one is told as an export",
        body=NothingBody,
        answers={201: PackView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def make_pack(agreement_ref: str, body: NothingBody) -> Response:
    """Make one; a call that is repeated with its key gets the same pack again, even if the first died on its way."""
    del body
    name = views.plain(agreement_ref, "agreement")
    with work().read() as tx:
        found = agreements.find_agreement(tx, agreement_ref=name)
        if found is None:
            raise not_found("agreement")
        language = known(debtors.find_debtor(tx, debtor_id=found.debtor_id)).language
    made = export_pack(
        work(),
        agreement_ref=name,
        debtor_id=None,
        actor=LENDER_API,
        pages=pack_pages(debtor_language=language),
        has_words=True,
        make_keys=make_key_pairs,
        form_token=_once(name),
        now=portal().clock.now(),
    )
    if made is None:
        raise RefusedError(409, "Nothing is signed yet", detail="A pack is made of a signed agreement.")
    view = PackView(
        id=made.document.document_ref,
        agreement=name,
        digest=made.document.content_hash,
        made_at=made.document.made_at,
        download=f"{PREFIX}/agreements/{name}/evidence.zip",
    )
    return json_answer(view, 201)


def _once(agreement_ref: str) -> str:
    """Give the one-use token of a call: its key's own, so that a repetition finds what the first one made."""
    named = f"{caller().key.api_key_id}\n{request.headers.get(HEADER, '')}\n{agreement_ref}"
    return hashlib.sha256(named.encode()).hexdigest()


@route(
    blueprint,
    Route(
        method="GET",
        path="/agreements/{agreement_ref}/evidence.zip",
        scope="evidence:export",
        summary="Download the newest evidence pack of an agreement",
        answers={200: None},
        gives="application/zip",
        problems=(404,),
    ),
)
def show_pack(agreement_ref: str) -> Response:
    """Give the stored file, byte for byte; nothing is made by looking."""
    with work().read() as tx:
        found = agreements.find_agreement(tx, agreement_ref=views.plain(agreement_ref, "agreement"))
        if found is None:
            raise not_found("agreement")
        pack = documents.find_document(tx, agreement_id=found.agreement_id, kind=KIND)
        if pack is None:
            detail = f"Make one: POST {PREFIX}/agreements/{found.agreement_ref}/evidence."
            raise RefusedError(404, "There is no pack yet", detail=detail)
        return paper_file(tx, pack)
