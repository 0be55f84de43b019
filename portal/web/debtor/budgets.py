"""Tell us your budget: four figures, so that plans fit what a month leaves."""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.cases.record_budget import record_budget
from portal.core.negotiation.facts import Budget
from portal.store import accounts
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.format import sign_of
from portal.web.forms import Form, MoneyField, Required
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_budgets", __name__)


class BudgetForm(Form):
    """What comes in, what goes out, what is there now."""

    income = MoneyField(_l("What comes in each month?"), [Required(_l("Type what comes in, 0 if nothing"))])
    outgoings = MoneyField(
        _l("What goes out each month?"), [Required(_l("Type what goes out, 0 if nothing"))]
    )
    savings = MoneyField(_l("What do you keep aside? You can leave this empty"))
    cash = MoneyField(_l("What could you pay at once? You can leave this empty"))


@blueprint.route("/me/accounts/<uuid:account_id>/budget", methods=["GET", "POST"])
@debtor
def tell_budget(account_id: UUID) -> Response:
    """Ask for four figures; with them the plans fit, and lower payments may open."""
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
    if account is None or account.debtor_id != visitor().subject_id:
        abort(404)
    form = BudgetForm()
    for one in (form.income, form.outgoings, form.savings, form.cash):
        one.currency = account.currency
    path = f"/me/accounts/{account_id}"
    if form.validate_on_submit() and _is_plausible(form):
        record_budget(
            work(),
            account_id=account_id,
            debtor_id=visitor().subject_id,
            budget=Budget(
                income_minor=form.income.data.minor,
                outgoings_minor=form.outgoings.data.minor,
                savings_minor=form.savings.data.minor if form.savings.data else 0,
                cash_minor=form.cash.data.minor if form.cash.data else 0,
            ),
            now=portal().clock.now(),
        )
        return see_other(f"{path}/plan?kind=installment")
    page = render_template("debtor/budget.html", form=form, path=path, unit=sign_of(account.currency))
    return make_response(page, 422 if form.has_errors else 200)


def _is_plausible(form: BudgetForm) -> bool:
    for one in (form.income, form.outgoings, form.savings, form.cash):
        if one.data is not None and not 0 <= one.data.minor <= 10**13:
            one.errors = [_("Please type an amount of 0 or more")]
            return False
    return True
