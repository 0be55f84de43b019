"""Both books side by side: the portal's balance of each account, the case system's, and why they differ."""

from datetime import datetime
from typing import Annotated, Literal, cast

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from portal.actions.accounts.reconcile_accounts import Reconciled, find_reconciled, list_reconciled
from portal.web.api import paging, views
from portal.web.api.accounts import work
from portal.web.api.models import Money
from portal.web.api.problems import not_found
from portal.web.api.routes import Query, Route, json_answer, route

blueprint = Blueprint("api_reconciliation", __name__)


class CauseView(BaseModel):
    """One reason of a difference; what a cause of the ledger moved, `kept` by a signed plan, or `other`."""

    cause: str
    amount: Money


class ReconciliationView(BaseModel):
    """An account in both books; the causes sum to the difference, ours less theirs."""

    account: str
    state: Literal["open", "settled", "recalled", "closed"]
    ours: Money
    theirs: Annotated[Money, Field(description="As your system said it last.")]
    told_at: datetime
    effect: Annotated[
        Literal["none", "keep", "requote", "freeze"],
        Field(description="none: taken over. Otherwise the rule with which a signed plan met it."),
    ]
    difference: Money
    causes: list[CauseView]


class ReconciliationPage(BaseModel):
    accounts: list[ReconciliationView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


@route(
    blueprint,
    Route(
        method="GET",
        path="/reconciliation",
        scope="accounts:read",
        summary="Both books of every account, or of those that differ",
        answers={200: ReconciliationPage},
        problems=(400,),
        queries=(
            paging.LIMIT,
            paging.AFTER_ID,
            Query(
                name="only",
                schema={"type": "string", "enum": ["different"]},
                about="Only accounts that differ; such a page may be short and yet not the last.",
            ),
        ),
    ),
)
def list_reconciliation() -> Response:
    limit, after = paging.limit(), paging.after_id()
    is_different_only = views.word_of("only", ("different",)) is not None
    with work().read() as tx:
        page = list_reconciled(tx, after=after, limit=limit, is_different_only=is_different_only)
    shown = [_view(one) for one in page.rows]
    return json_answer(ReconciliationPage(accounts=shown, next=str(page.after) if page.after else None))


@route(
    blueprint,
    Route(
        method="GET",
        path="/accounts/{ref}/reconciliation",
        scope="accounts:read",
        summary="Both books of one account",
        answers={200: ReconciliationView},
        problems=(404,),
    ),
)
def show_reconciliation(ref: str) -> Response:
    with work().read() as tx:
        found = find_reconciled(tx, account_ref=views.account_ref(ref))
    if found is None:
        raise not_found("account")
    return json_answer(_view(found))


def _view(one: Reconciled) -> ReconciliationView:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=one.currency)

    books = one.books
    return ReconciliationView(
        account=one.account_ref,
        state=cast("Literal['open', 'settled', 'recalled', 'closed']", one.state),
        ours=money(books.ours),
        theirs=money(books.theirs),
        told_at=books.told_at,
        effect=cast("Literal['none', 'keep', 'requote', 'freeze']", books.effect),
        difference=money(books.difference),
        causes=[CauseView(cause=code, amount=money(amount)) for code, amount in books.causes],
    )
