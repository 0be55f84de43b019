"""What can be done about one payment of a plan: pay, move, spread, pause, tell us why; first of all after a miss."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.life.change_payment import PaymentChanged, move_payment, split_payment
from portal.actions.life.tell_cause import tell_cause
from portal.actions.life.view_plan import PlanView, view_plan
from portal.core.life.options import Options
from portal.core.money import Money
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.format import day_text
from portal.web.forms import Form, OneOf, posted_token
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_plan_changes", __name__)

AT_END = "end"
LATER_DAYS = (7, 14, 28)


class MoveForm(Form):
    """To which day?"""

    day = OneOf(_l("Move it to"), options=[], told=_l("Please choose a day"))


class CauseForm(Form):
    """What happened?"""

    cause = OneOf(
        _l("What happened? You need not say"),
        options=[
            ("income_lost", _l("My income stopped")),
            ("income_less", _l("I have less income")),
            ("costs_up", _l("I have more to pay elsewhere")),
            ("payday_moved", _l("My payday changed")),
            ("forgot", _l("I forgot, or the bank did not do it")),
            ("other", _l("Something else")),
        ],
        told=_l("Please choose one. You can change it later"),
    )


def plan_of(account_id: UUID) -> PlanView:
    """Read the running plan of the visitor's account; where none runs, the page does not exist."""
    view = view_plan(work(), account_id=account_id, debtor_id=visitor().subject_id, now=portal().clock.now())
    if view is None:
        abort(404)
    return view


def _days(options: Options) -> list[tuple[str, str]]:
    """Offer a few days and the end of the plan; each is shown with its date, none is chosen."""
    start = max(options.row.due_on, options.earliest)
    days = [start + timedelta(days=more) for more in LATER_DAYS]
    found = [(day.isoformat(), day_text(day)) for day in days if options.earliest <= day <= options.latest]
    at_end = _("The end of the plan, %(day)s", day=day_text(options.at_end))
    return [*found, (AT_END, at_end)]


def _page(account_id: UUID, number: int, *, form: MoveForm | None = None, status: int = 200) -> Response:
    view = plan_of(account_id)
    options = view.options(number)
    if options is None:
        abort(404)
    shown = form or MoveForm()
    shown.day.offer(_days(options))
    currency = view.kept.currency
    parts = [(view.kept.life.row(target), Money(amount, currency)) for target, amount in options.parts]
    page = render_template(
        "debtor/change_payment.html",
        view=view,
        options=options,
        amount=Money(options.row.left, currency),
        gap=Money(view.kept.life.gap, currency),
        grace=view.grace_of(options.row),
        parts=parts,
        form=shown,
        causes=CauseForm(),
        path=f"/me/accounts/{account_id}",
    )
    return make_response(page, status)


@blueprint.get("/me/accounts/<uuid:account_id>/payments/<int:number>")
@debtor
def show_payment(account_id: UUID, number: int) -> Response:
    """Show what can be done about one payment."""
    return _page(account_id, number)


@blueprint.post("/me/accounts/<uuid:account_id>/payments/<int:number>/move")
@debtor
def move(account_id: UUID, number: int) -> Response:
    """Move the payment to the chosen day."""
    options = plan_of(account_id).options(number)
    if options is None:
        abort(404)
    form = MoveForm()
    form.day.offer(_days(options))
    if not form.validate_on_submit():
        return _page(account_id, number, form=form, status=422)
    chosen = form.day.data
    due_on = options.at_end if chosen == AT_END else options.earliest.fromisoformat(chosen)
    outcome = move_payment(
        work(),
        account_id=account_id,
        debtor_id=visitor().subject_id,
        number=number,
        due_on=due_on,
        token=posted_token(),
        now=portal().clock.now(),
    )
    return _after(account_id, number, outcome)


@blueprint.post("/me/accounts/<uuid:account_id>/payments/<int:number>/split")
@debtor
def split(account_id: UUID, number: int) -> Response:
    """Spread the payment over the next ones."""
    outcome = split_payment(
        work(),
        account_id=account_id,
        debtor_id=visitor().subject_id,
        number=number,
        token=posted_token(),
        now=portal().clock.now(),
    )
    return _after(account_id, number, outcome)


def _after(account_id: UUID, number: int, outcome: PaymentChanged) -> Response:
    if outcome.kind == "not_found":
        abort(404)
    here = f"/me/accounts/{account_id}"
    return see_other(
        f"{here}/payments/{number}" if outcome.kind == "not_possible" else f"{here}/home?view=plan"
    )


@blueprint.post("/me/accounts/<uuid:account_id>/cause")
@debtor
def tell_why(account_id: UUID) -> Response:
    """Take what happened, as a code; the plan's home then says thank you by going on."""
    plan_of(account_id)
    form = CauseForm()
    here = f"/me/accounts/{account_id}"
    if not form.validate_on_submit():
        return see_other(f"{here}/home")
    if not tell_cause(
        work(),
        account_id=account_id,
        debtor_id=visitor().subject_id,
        cause=form.cause.data,
        token=posted_token(),
        now=portal().clock.now(),
    ):
        abort(404)
    return see_other(f"{here}/help")
