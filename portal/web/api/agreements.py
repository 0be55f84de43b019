"""Agreements: state, installments, the signed terms and the signed copy."""

import json
from datetime import date, datetime
from typing import Annotated, Any, cast

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from portal.core.states import AGREEMENT, INSTALLMENT
from portal.store import accounts, agreements, documents
from portal.store.agreements import Agreement
from portal.store.work import Transaction
from portal.web.api import views
from portal.web.api.accounts import work
from portal.web.api.models import Money, OneOf
from portal.web.api.problems import RefusedError, not_found
from portal.web.api.routes import PREFIX, Route, json_answer, route

blueprint = Blueprint("api_agreements", __name__)

COPY_KIND = "agreement"
_STATES, _DUE_STATES = tuple(sorted(AGREEMENT)), tuple(sorted(INSTALLMENT))


class InstallmentView(BaseModel):
    number: int
    due_on: date
    amount: Money
    principal: Money
    interest: Money
    paid: Money
    state: Annotated[str, OneOf(_DUE_STATES)]


class AgreementView(BaseModel):
    """An agreement with its installments; who signed stays in the copy."""

    id: str
    accounts: list[str]
    version: int
    state: Annotated[str, OneOf(_STATES)]
    language: str
    terms_hash: Annotated[str, Field(description="SHA-256 of the canonical terms (RFC 8785).")]
    html_hash: Annotated[str, Field(description="SHA-256 of what was shown.")]
    prepared_at: datetime
    signed_at: datetime | None
    withdraw_until: datetime | None
    ended_at: datetime | None
    installments: list[InstallmentView]
    terms_json: str
    copy_pdf: Annotated[str | None, Field(description="Null until the copy is made.")]


def _find(tx: Transaction, ref: str) -> Agreement:
    found = agreements.find_agreement(tx, agreement_ref=views.plain(ref, "agreement"))
    if found is None:
        raise not_found("agreement")
    return found


@route(
    blueprint,
    Route(
        method="GET",
        path="/agreements/{agreement_ref}",
        scope="agreements:read",
        summary="See one agreement with its installments",
        answers={200: AgreementView, 304: None},
        problems=(404,),
    ),
)
def show_agreement(agreement_ref: str) -> Response:
    with work().read() as tx:
        found = _find(tx, agreement_ref)
        ids = agreements.list_account_ids(tx, agreement_id=found.agreement_id)
        owed = [one for id_ in ids if (one := accounts.find_account(tx, account_id=id_))]
        rows = agreements.list_installments(tx, agreement_id=found.agreement_id)
        copy = documents.find_document(tx, agreement_id=found.agreement_id, kind=COPY_KIND)
    currency = owed[0].currency if owed else json.loads(found.terms_json)["currency"]
    place = f"{PREFIX}/agreements/{found.agreement_ref}"
    view = AgreementView(
        id=found.agreement_ref,
        accounts=[one.account_ref for one in owed],
        version=found.version,
        state=cast("Any", found.state),
        language=found.language,
        terms_hash=found.terms_hash,
        html_hash=found.html_hash,
        prepared_at=found.prepared_at,
        signed_at=found.signed_at,
        withdraw_until=found.withdraw_until,
        ended_at=found.ended_at,
        installments=[_installment(row, currency) for row in rows],
        terms_json=f"{place}/terms.json",
        copy_pdf=f"{place}/copy.pdf" if copy else None,
    )
    return views.unless_known(views.tagged(json_answer(view)))


def _installment(row: agreements.Installment, currency: str) -> InstallmentView:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=currency)

    return InstallmentView(
        number=row.number,
        due_on=row.due_on,
        amount=money(row.amount_minor),
        principal=money(row.principal_minor),
        interest=money(row.interest_minor),
        paid=money(row.paid_minor),
        state=cast("Any", row.state),
    )


@route(
    blueprint,
    Route(
        method="GET",
        path="/agreements/{agreement_ref}/terms.json",
        scope="agreements:read",
        summary="Download the canonical terms, byte for byte as they were signed",
        answers={200: None},
        gives="application/json",
        problems=(404,),
    ),
)
def show_terms(agreement_ref: str) -> Response:
    with work().read() as tx:
        found = _find(tx, agreement_ref)
    return Response(found.terms_json, mimetype="application/json")


@route(
    blueprint,
    Route(
        method="GET",
        path="/agreements/{agreement_ref}/copy.pdf",
        scope="agreements:read",
        summary="Download the signed copy",
        answers={200: None},
        gives="application/pdf",
        problems=(404,),
    ),
)
def show_copy(agreement_ref: str) -> Response:
    with work().read() as tx:
        found = _find(tx, agreement_ref)
        copy = documents.find_document(tx, agreement_id=found.agreement_id, kind=COPY_KIND)
        content = documents.load_content(tx, document_id=copy.document_id) if copy else None
    if copy is None or content is None:
        raise RefusedError(
            404, "There is no copy yet", detail="It is made in the minute after the signature."
        )
    response = Response(content, mimetype=copy.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.agreement_ref}.pdf"'
    return response
