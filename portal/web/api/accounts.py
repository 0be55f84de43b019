"""Accounts: as the portal has them, as the case system tells them, and what it does with them."""

from flask import Blueprint, Response, request

from portal.actions.accounts.put_account import put_account
from portal.core.actors import LENDER_API
from portal.store import account_pages
from portal.store.work import Work
from portal.web.access import caller
from portal.web.api import paging, views
from portal.web.api.account_rows import read_account
from portal.web.api.models import AccountBody, AccountPage, AccountView
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import Query, Route, json_answer, know_references, route
from portal.web.context import portal

blueprint = Blueprint("api_accounts", __name__)
blueprint.record(lambda state: know_references(state.app))


def work() -> Work:
    """Give the unit of work of the calling lender."""
    return portal().database.work(caller().lender_id)


@route(
    blueprint,
    Route(
        method="GET",
        path="/accounts",
        scope="accounts:read",
        summary="List accounts in the order in which they were made",
        answers={200: AccountPage},
        problems=(400,),
        queries=(
            paging.AFTER_ID,
            paging.LIMIT,
            Query(
                name="state",
                schema={"type": "string", "enum": ["open", "settled", "recalled", "closed"]},
                about="Only accounts in this state.",
            ),
            Query(
                name="late",
                schema={"type": "boolean"},
                about="Only accounts that are overdue, or that are not.",
            ),
        ),
    ),
)
def list_accounts() -> Response:
    limit = paging.limit()
    state = views.word_of("state", ("open", "settled", "recalled", "closed"))
    late = views.word_of("late", ("true", "false"))
    with work().read() as tx:
        cards = account_pages.list_cards(
            tx,
            after=paging.after_id(),
            limit=limit + 1,
            state=state,
            is_late=None if late is None else late == "true",
        )
    page, last = paging.cut(cards, limit)
    more = str(last.account_id) if last else None
    return json_answer(AccountPage(accounts=[views.account_view(card) for card in page], next=more))


@route(
    blueprint,
    Route(
        method="GET",
        path="/accounts/{ref}",
        scope="accounts:read",
        summary="See one account with its lines and holds",
        answers={200: AccountView, 304: None},
        problems=(404,),
    ),
)
def show_account(ref: str) -> Response:
    return views.unless_known(account_answer(ref))


@route(
    blueprint,
    Route(
        method="PUT",
        path="/accounts/{ref}",
        scope="accounts:write",
        summary="Create an account or bring it to what the case system says",
        body=AccountBody,
        answers={200: AccountView, 201: AccountView},
        problems=(400, 404, 409, 412, 415, 422),
    ),
)
def save_account(ref: str, body: AccountBody) -> Response:
    row, lines = read_account(views.account_ref(ref), body)
    _check_match(ref)
    done = put_account(work(), row=row, lines=lines, actor=LENDER_API, now=portal().clock.now())
    if done.kind not in ("created", "updated", "unchanged"):
        raise contradiction(done.kind)
    return account_answer(ref, status=201 if done.kind == "created" else 200)


def account_answer(ref: str, *, status: int = 200) -> Response:
    found = views.load_account(work(), views.account_ref(ref), now=portal().clock.now())
    if found is None:
        raise not_found("account")
    return views.tagged(json_answer(found, status))


def _check_match(ref: str) -> None:
    """Refuse a PUT that was made from another state of the account than today's."""
    if "If-Match" in request.headers:
        found = views.load_account(work(), views.account_ref(ref), now=portal().clock.now())
        views.check_match(views.tagged(json_answer(found)).headers["ETag"] if found else None)


_CONTRADICTIONS: dict[str, tuple[str, str]] = {
    "currency_changed": (
        "/currency",
        "An account keeps its currency: send this debt under a reference of its own.",
    ),
    "debtor_changed": ("/debtor/ref", "An account keeps its debtor: recall it and send a new one."),
    "plan_active": (
        "/",
        "A signed plan is active and keeps the figures: change the plan, or agree with the debtor.",
    ),
    "other_adjustment": ("/reference", "This reference stands for another adjustment: give each its own."),
    "lines_differ": ("/lines", "Lines sum to principal + interest + fees."),
}


def contradiction(kind: str) -> RefusedError:
    field, fix = _CONTRADICTIONS[kind]
    status = 422 if kind == "lines_differ" else 409
    return refuse_field(field, kind, "Nothing was changed.", fix, status=status)
