"""The price of a payment in another currency: how it comes about, until when it stands, and on to the payment."""

from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, url_for

from portal.actions.payments.quote_payment import KEPT
from portal.core.fx import FxQuote, from_json
from portal.web.access import debtor
from portal.web.context import portal, visitor
from portal.web.debtor.payments import Choice, go, offer_ways, takes
from portal.web.debtor.till import open_till
from portal.web.forms import Form, PickOne
from portal.web.htmx import see_other
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_pay_prices", __name__)


class PriceForm(Form):
    """The price is kept with the visit; how it is paid is chosen here."""

    way = PickOne(_l("How do you want to pay?"), told=_l("Please choose how you want to pay"))


@blueprint.route("/me/accounts/<uuid:account_id>/pay/price", methods=["GET", "POST"])
@debtor
def price(account_id: UUID) -> Response:
    """Show the kept price; then lead to the provider's page. One that stands no longer leads back to the choice."""
    till = open_till(account_id)
    kept = visitor().state.get(KEPT) or {}
    if kept.get("account") != account_id.hex:
        return see_other(url_for("debtor_payments.pay", account_id=account_id))
    quote = from_json(kept["quote"])
    form = PriceForm()
    offer_ways(form.way, till, quote.pay.currency)
    if not quote.stands(portal().clock.now()):
        return see_other(url_for("debtor_payments.pay", account_id=account_id))
    if form.validate_on_submit() and takes(form.way, quote.pay):
        choice = Choice(
            amount=quote.debt,
            which=kept["choice"],
            pays_again=kept["again"],
            price=quote,
            way=form.way.data,
        )
        return go(till, choice)
    return _page(account_id, quote, form)


def _page(account_id: UUID, quote: FxQuote, form: PriceForm) -> Response:
    page = render_template("debtor/pay_price.html", form=form, quote=quote, path=f"/me/accounts/{account_id}")
    return make_response(page, 422 if form.has_errors else 200)
