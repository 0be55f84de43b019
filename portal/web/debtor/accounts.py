"""What is owed, to whom, and how it adds up; all accounts of one person in one visit."""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.accounts.view_balance import BalanceView, view_balance
from portal.actions.care.view_rights import RightsView, view_rights
from portal.core.money import Money
from portal.core.packs.rules import can_show_number, dispute_window_days
from portal.store import accounts, agreements
from portal.store.unfinished import list_unfinished
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.lines import ShownLine, show_lines

blueprint = Blueprint("debtor_accounts", __name__)


@blueprint.get("/me")
@debtor
def show_accounts() -> Response:
    """List the person's accounts; a single one is shown at once."""
    with work().read() as tx:
        own = accounts.list_accounts_of(tx, debtor_id=visitor().subject_id)
        unfinished = list_unfinished(tx, debtor_id=visitor().subject_id, now=portal().clock.now())
        planned = {one.account_id for one in own if agreements.find_active(tx, account_id=one.account_id)}
    if len(own) == 1:
        home = "/home" if own[0].account_id in planned else ""
        return see_other(f"/me/accounts/{own[0].account_id}{home}")
    rows = [
        (account, Money(account.balance_minor, account.currency), account.account_id in planned)
        for account in own
    ]
    return make_response(render_template("debtor/accounts.html", rows=rows, unfinished=unfinished))


@blueprint.get("/me/accounts/<uuid:account_id>")
@debtor
def show_balance(account_id: UUID) -> str:
    """Show one account line by line; the first view of a visit is told to the lender."""
    here = visitor()
    view = view_balance(
        work(),
        debtor_id=here.subject_id,
        account_id=account_id,
        session_id=here.session_id,
        state=here.state,
        now=portal().clock.now(),
    )
    if view is None:
        abort(404)
    return render_template(
        "debtor/balance.html", view=view, lines=_lines(view), path=f"/me/accounts/{account_id}"
    )


def _lines(view: BalanceView) -> list[ShownLine]:
    return show_lines(view.lines, account=view.account)


@blueprint.get("/me/rights")
@debtor
def show_rights() -> str:
    """Show rights and free help; the first time of a visit is told to the lender."""
    view = _rights()
    return render_template(
        "debtor/rights.html", view=view, dispute_days=dispute_window_days(view.pack, confirmed=view.confirmed)
    )


@blueprint.get("/free-help")
@debtor
def show_free_help() -> str:
    """Show independent advisers of the person's country; a number only where somebody checked it."""
    view = _rights()
    numbers = {
        body.name: body.phone
        for body in (*view.pack.advice, *view.pack.complaints)
        if can_show_number(body, view.pack, confirmed=view.confirmed)
    }
    return render_template("debtor/free_help.html", view=view, numbers=numbers)


def _rights() -> RightsView:
    here = visitor()
    return view_rights(
        work(),
        debtor_id=here.subject_id,
        session_id=here.session_id,
        state=here.state,
        language=current().tag,
        now=portal().clock.now(),
    )
