"""What would help? Ways on from an account, and the help shelf behind every page."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.care.ask_for_person import ask_for_person
from portal.actions.care.declare_circumstance import declare_circumstance
from portal.actions.care.start_pause import start_pause
from portal.actions.care.view_care import CareView, view_care
from portal.store import accounts
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.helpers import proposed_plans
from portal.web.forms import Form, OneOf, TextField, posted_token
from portal.web.htmx import see_other
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_help", __name__)

#: What would help -> where it leads, after the account's own address.
WAYS = {
    "pay": "/pay",
    "spread": "/plan?kind=installment",
    "less": "/plan?kind=restructure",
    "pause": "/pause",
    "wrong": "/wrong",
    "talk": "/talk",
}


class HelpForm(Form):
    """What would help you most?"""

    way = OneOf(
        _l("What would help you most?"),
        options=[
            ("pay", _l("Pay now")),
            ("spread", _l("Spread it out")),
            ("less", _l("Pay less each month")),
            ("pause", _l("Pause for now")),
            ("wrong", _l("Tell us it is not right")),
            ("talk", _l("Speak to someone")),
        ],
        told=_l("Please choose one. You can change it later"),
    )


class TalkForm(Form):
    """What is it about?"""

    words = TextField(_l("What is it about? You can leave this empty"), length_max=2000)


def care_of(account_id: UUID) -> CareView:
    """Read the help pages' view of an account; what is not the person's own does not exist."""
    view = view_care(work(), debtor_id=visitor().subject_id, account_id=account_id, now=portal().clock.now())
    if view is None:
        abort(404)
    return view


def page(name: str, account_id: UUID, *, status: int = 200, **values: object) -> Response:
    return make_response(render_template(name, path=f"/me/accounts/{account_id}", **values), status)


@blueprint.route("/me/accounts/<uuid:account_id>/help", methods=["GET", "POST"])
@debtor
def choose_help(account_id: UUID) -> Response:
    """Ask what would help; the answer leads to its page and is kept nowhere."""
    view = care_of(account_id)
    form = HelpForm()
    if form.validate_on_submit():
        return see_other(f"/me/accounts/{account_id}{WAYS[form.way.data]}")
    status = 422 if form.has_errors else 200
    return page(
        "debtor/help_choice.html",
        account_id,
        status=status,
        form=form,
        view=view,
        proposed=proposed_plans(),
    )


@blueprint.get("/me/accounts/<uuid:account_id>/pause")
@debtor
def show_pause(account_id: UUID) -> Response:
    return page("debtor/pause.html", account_id, view=care_of(account_id))


@blueprint.post("/me/accounts/<uuid:account_id>/pause")
@debtor
def pause(account_id: UUID) -> Response:
    """Pause at once; the page then says until when."""
    outcome = start_pause(
        work(),
        debtor_id=visitor().subject_id,
        account_id=account_id,
        token=posted_token(),
        now=portal().clock.now(),
        days=request.form.get("days", type=int),
    )
    if outcome.kind == "not_found":
        abort(404)
    return see_other(f"/me/accounts/{account_id}/{'talk' if outcome.kind == 'asked' else 'pause'}")


@blueprint.route("/me/accounts/<uuid:account_id>/talk", methods=["GET", "POST"])
@debtor
def talk(account_id: UUID) -> Response:
    """Ask for a person; the page then says by when the answer comes."""
    view = care_of(account_id)
    form = TalkForm()
    if not form.validate_on_submit():
        status = 422 if form.has_errors else 200
        return page("debtor/talk.html", account_id, status=status, form=form, view=view)
    ask_for_person(
        work(),
        debtor_id=visitor().subject_id,
        account_id=account_id,
        words=form.words.data,
        token=posted_token(),
        now=portal().clock.now(),
    )
    return see_other(request.path)


@blueprint.post("/me/accounts/<uuid:account_id>/adviser")
@debtor
def tell_adviser(account_id: UUID) -> Response:
    """Stop messages while a free adviser helps."""
    outcome = declare_circumstance(
        work(),
        debtor_id=visitor().subject_id,
        account_id=account_id,
        circumstance="adviser",
        token=posted_token(),
        now=portal().clock.now(),
    )
    if outcome.kind == "not_found":
        abort(404)
    return see_other(f"/me/accounts/{account_id}")


# ---- the shelf: the same ways for a person with one account or several


def _for_each(show: Callable[[list[CareView]], Response]) -> Response:
    with work().read() as tx:
        own = accounts.list_accounts_of(tx, debtor_id=visitor().subject_id)
    return show([care_of(account.account_id) for account in own])


@blueprint.get("/cannot-pay")
@debtor
def show_cannot_pay() -> Response:
    return _for_each(lambda views: make_response(render_template("debtor/cannot_pay.html", views=views)))


@blueprint.get("/something-wrong")
@debtor
def show_something_wrong() -> Response:
    return _for_each(lambda views: make_response(render_template("debtor/something_wrong.html", views=views)))


@blueprint.get("/me/talk")
@debtor
def show_talk() -> Response:
    """Lead to the talk page of the only account, or let the person pick one."""

    def show(views: list[CareView]) -> Response:
        if len(views) == 1:
            return see_other(f"/me/accounts/{views[0].balance.account.account_id}/talk")
        return make_response(render_template("debtor/talk_choice.html", views=views))

    return _for_each(show)
