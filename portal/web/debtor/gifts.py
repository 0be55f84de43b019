"""A code for somebody who wants to help: made for an amount, shown once, ended at a tap."""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.gifts.make_gift import GiftMade, end_gift, make_gift
from portal.core.money import Money
from portal.store import accounts, gifts
from portal.store.accounts import Account
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.format import said, sign_of
from portal.web.forms import Form, MoneyField, posted_token
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_gifts", __name__)


class GiftForm(Form):
    """For how much is the code?"""

    amount = MoneyField(_l("How much may it be?"))


@blueprint.route("/me/accounts/<uuid:account_id>/gift", methods=["GET", "POST"])
@debtor
def gift(account_id: UUID) -> Response:
    """Make a code, and show the ones that can still be paid with."""
    account = _own(account_id)
    form = GiftForm()
    form.amount.currency = account.currency
    made = GiftMade()
    if form.validate_on_submit():
        made = make_gift(
            work(),
            account_id=account_id,
            debtor_id=visitor().subject_id,
            amount=form.amount.data or Money(0, account.currency),
            form_token=posted_token(),
            now=portal().clock.now(),
        )
        if made.reason:
            form.amount.errors = [_words(made.reason, account)]
    return _page(account, form, made)


def _page(account: Account, form: GiftForm, made: GiftMade) -> Response:
    with work().read() as tx:
        waiting = gifts.list_open_gifts(tx, account_id=account.account_id, now=portal().clock.now())
    page = render_template(
        "debtor/gift.html",
        form=form,
        code=made.code,
        address=f"{portal().settings.base_url}/gift",
        waiting=[(one, Money(one.amount_minor, one.currency)) for one in waiting],
        unit=sign_of(account.currency),
        path=f"/me/accounts/{account.account_id}",
    )
    return make_response(page, 422 if form.has_errors else 200)


@blueprint.post("/me/accounts/<uuid:account_id>/gift/<uuid:gift_id>/end")
@debtor
def end(account_id: UUID, gift_id: UUID) -> Response:
    """End a code at once."""
    _own(account_id)
    end_gift(
        work(),
        account_id=account_id,
        debtor_id=visitor().subject_id,
        gift_id=gift_id,
        now=portal().clock.now(),
    )
    return see_other(f"/me/accounts/{account_id}/gift")


def _own(account_id: UUID) -> Account:
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
    if account is None or account.debtor_id != visitor().subject_id:
        abort(404)
    return account


def _words(reason: str, account: Account) -> str:
    most = Money(account.balance_minor, account.currency)
    return {
        "amount": _("Choose an amount up to %(most)s", most=said(most)),
        "too_many": _("There are five codes already. End one of them first"),
        "settled": _("There is nothing to pay on this account. Thank you."),
    }.get(reason, _("This page was sent twice. Please look at your codes below"))
