"""One creditor of the lender: what is held for it, what was paid out, where its money goes, which numbers it has."""

from uuid import UUID

from flask import Blueprint, Response, abort

from portal.actions.creditors.change_creditor import change_creditor
from portal.actions.creditors.record_payout import record_payout
from portal.core.money import Money
from portal.store import closings, lenders, payouts
from portal.store.lenders import Creditor
from portal.web.access import staff
from portal.web.context import portal, work
from portal.web.format import said
from portal.web.forms import Form, MoneyField, PickOne, Required, TextField, posted_token
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import KEEPERS, OWNERS, actor, show, today

blueprint = Blueprint("lender_creditors", __name__)
PATH = "/lender/books/creditors/<uuid:creditor_id>"


class PayoutForm(Form):
    """Money that went to the creditor."""

    currency = PickOne(_l("Currency"))
    amount = MoneyField(_l("Amount"))
    reference = TextField(
        _l("Reference of the bank order"), [Required(_l("Type the reference"))], length_max=80
    )


class WaysForm(Form):
    """Where its money goes, and its range of references."""

    account = TextField(_l("Account at the payment provider"), length_max=60)
    range_from = TextField(_l("First account number"), length_max=80)
    range_to = TextField(_l("Last account number"), length_max=80)


@blueprint.get(PATH)
@staff()
def show_creditor(creditor_id: UUID) -> Response:
    """Show a creditor's balances and payouts."""
    return _page(_creditor(creditor_id))


@blueprint.post(f"{PATH}/payouts")
@staff(*KEEPERS)
def pay_out(creditor_id: UUID) -> Response:
    """Write down that money was paid out."""
    creditor = _creditor(creditor_id)
    form = PayoutForm()
    form.currency.offer(_currencies(creditor_id))
    form.amount.currency = form.currency.data or ""
    if form.validate() and form.amount.data is None:
        form.amount.errors = [_("Type the amount")]
    if form.has_errors:
        return _page(creditor, payout_form=form)
    done = record_payout(
        work(),
        creditor_id=creditor_id,
        amount=form.amount.data,
        on=today(),
        reference=form.reference.data,
        token=posted_token(),
        actor=actor(),
        now=portal().clock.now(),
    )
    if done.kind == "amount" and done.held is not None:
        form.amount.errors = [_("At most %(held)s is held for this creditor", held=said(done.held))]
        return _page(creditor, payout_form=form)
    return see_other(f"/lender/books/creditors/{creditor_id}?done=saved")


@blueprint.post(f"{PATH}/ways")
@staff(*OWNERS)
def change(creditor_id: UUID) -> Response:
    """Keep where its money goes and its range of references."""
    creditor = _creditor(creditor_id)
    form = WaysForm()
    if form.validate():
        done = change_creditor(
            work(),
            creditor_id=creditor_id,
            payout_account=form.account.data or None,
            range_from=form.range_from.data or None,
            range_to=form.range_to.data or None,
            actor=actor(),
            now=portal().clock.now(),
        )
        if done == "account":
            form.account.errors = [_("This is no account. It begins with acct_")]
        if done == "range":
            form.range_to.errors = [_("The last number comes before the first one")]
    if form.has_errors:
        return _page(creditor, ways_form=form)
    return see_other(f"/lender/books/creditors/{creditor_id}?done=saved")


def _creditor(creditor_id: UUID) -> Creditor:
    with work().read() as tx:
        found = lenders.find_creditor(tx, creditor_id=creditor_id)
    return found or abort(404)


def _currencies(creditor_id: UUID) -> list[tuple[str, str]]:
    with work().read() as tx:
        rows = closings.list_running(tx, on=today())
    return [(row.currency, row.currency) for row in rows if row.creditor_id == creditor_id and row.held > 0]


def _page(
    creditor: Creditor, *, payout_form: PayoutForm | None = None, ways_form: WaysForm | None = None
) -> Response:
    with work().read() as tx:
        running = [
            row for row in closings.list_running(tx, on=today()) if row.creditor_id == creditor.creditor_id
        ]
        made = payouts.list_payouts(tx, creditor_id=creditor.creditor_id)
    wrong = payout_form or ways_form
    form = payout_form or PayoutForm(formdata=None)
    form.currency.offer((row.currency, row.currency) for row in running if row.held > 0)
    return show(
        "lender/creditor.html",
        status=422 if wrong else 200,
        creditor=creditor,
        balances=[
            (row, *_money(row.currency, row.net, row.direct, row.paid_out, row.held)) for row in running
        ],
        can_pay_out=any(row.held > 0 for row in running),
        payouts=[(one, Money(one.amount_minor, one.currency)) for one in made],
        payout_form=form,
        ways_form=ways_form
        or WaysForm(
            formdata=None,
            account=creditor.payout_account,
            range_from=creditor.range_from,
            range_to=creditor.range_to,
        ),
        form=wrong or form,
    )


def _money(currency: str, *minors: int) -> list[Money]:
    return [Money(minor, currency) for minor in minors]
