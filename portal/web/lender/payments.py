"""How people pay: the ways for each country, the smallest own amount, the payment provider's signing secret."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from portal.actions.lenders.change_payments import (
    choose_methods,
    keep_gateway_secret,
    set_fx,
    set_least_payment,
)
from portal.core.fx import LOCKED_MINUTES, MARGIN_BP_MAX, rules_of
from portal.core.money import Money
from portal.core.packs.rules import PACKS
from portal.core.payables import least_payment
from portal.core.payment_methods import Method, choosable, picked_for
from portal.store import gateway_secrets, lenders
from portal.store.rows import known
from portal.web.access import staff
from portal.web.context import portal, visitor, work
from portal.web.forms import CountField, Form, MoneyField, PickOne, Required, TextField
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import KEEPERS, OWNERS, actor, show

blueprint = Blueprint("lender_payments", __name__)
PATH = "/lender/payments"
_NEEDED = [Required(_l("Type a whole number"))]


class CountryForm(Form):
    """The country whose ways to pay are shown."""

    country = PickOne(_l("Country"))


class LeastForm(Form):
    """The smallest own amount."""

    least = MoneyField(_l("Smallest amount that people may choose"))


class FxForm(Form):
    """The price of paying in another currency."""

    margin = CountField(_l("Margin in basis points"), _NEEDED, least=0, most=MARGIN_BP_MAX)
    minutes = CountField(
        _l("How many minutes a price stands"), _NEEDED, least=LOCKED_MINUTES[0], most=LOCKED_MINUTES[1]
    )


class SecretForm(Form):
    """The provider's signing secret."""

    secret = TextField(_l("Signing secret"), [Required(_l("Paste the secret"))], length_max=200)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One way to pay as the page offers it."""

    method: Method
    is_picked: bool

    @property
    def note(self) -> str:
        """What is particular about it, in one line."""
        words = {
            "voucher": _("paid in cash or in a bank's app, the money comes later"),
            "qr": _("a code to scan, certain within minutes"),
            "debit": _("a debit, certain after some working days"),
            "transfer": _("a transfer, certain after some working days"),
        }.get(self.method.nature, _("certain at once"))
        more = [words]
        if self.method.can_keep:
            more.append(_("can be debited by itself"))
        if not self.method.refund_days:
            more.append(_("cannot be refunded the same way"))
        return "; ".join(more)


@blueprint.get(PATH)
@staff()
def show_payments() -> Response:
    """Show how people pay in one country."""
    return _page()


@blueprint.post(f"{PATH}/methods")
@staff(*KEEPERS)
def choose() -> Response:
    """Choose the ways to pay for a country."""
    country = _country(request.form.get("country", ""))
    wanted = request.form.getlist("methods")
    names = [method.name for method in _choosable(country) if method.name in wanted]
    choose_methods(work(), country=country, methods=names, actor=actor(), now=portal().clock.now())
    return see_other(f"{PATH}?country={country}&done=saved")


@blueprint.post(f"{PATH}/least")
@staff(*KEEPERS)
def set_least() -> Response:
    """Set the smallest own amount in the currency of a country."""
    country = _country(request.form.get("country", ""))
    currency = PACKS[country].currency
    form = LeastForm()
    form.least.currency = currency
    if form.validate() and not set_least_payment(
        work(),
        currency=currency,
        least_minor=form.least.data.minor if form.least.data is not None else None,
        actor=actor(),
        now=portal().clock.now(),
    ):
        form.least.errors = [_("Type an amount above zero")]
    if form.has_errors:
        return _page(country=country, least_form=form)
    return see_other(f"{PATH}?country={country}&done=saved")


@blueprint.post(f"{PATH}/currencies")
@staff(*KEEPERS)
def choose_currencies() -> Response:
    """Choose in which other currencies people may pay, and at which price."""
    form = FxForm()
    if not form.validate():
        return _page(fx_form=form)
    set_fx(
        work(),
        currencies=[code for code in _currencies() if code in request.form.getlist("currencies")],
        margin_bp=form.margin.data,
        locked_minutes=form.minutes.data,
        actor=actor(),
        now=portal().clock.now(),
    )
    return see_other(f"{PATH}?done=saved")


def _currencies() -> list[str]:
    """Give the currencies of the packs: where people live, they can pay."""
    return sorted({pack.currency for pack in PACKS.values()})


@blueprint.post(f"{PATH}/secret")
@staff(*OWNERS)
def keep_secret() -> Response:
    """Keep the provider's signing secret, sealed; it is never shown again."""
    form = SecretForm()
    if form.validate() and not keep_gateway_secret(
        work(), gateway="stripe", secret=form.secret.data, actor=actor(), now=portal().clock.now()
    ):
        form.secret.errors = [_("This is no signing secret. It begins with whsec_")]
    if form.has_errors:
        form.secret.data = ""
        return _page(secret_form=form)
    return see_other(f"{PATH}?done=saved")


def _page(
    *,
    country: str | None = None,
    least_form: LeastForm | None = None,
    secret_form: SecretForm | None = None,
    fx_form: FxForm | None = None,
) -> Response:
    with work().read() as tx:
        settings = known(lenders.find_lender(tx, lender_id=tx.lender_id)).settings
        changed_at = gateway_secrets.find_change(tx, gateway="stripe")
        homes = [one.country for one in lenders.list_creditors(tx) if one.country in PACKS]
    chosen = country or _country(request.args.get("country", homes[0] if homes else ""))
    currency = PACKS[chosen].currency
    least = Money(least_payment(settings, currency), currency)
    picked = picked_for(settings, chosen)
    form = CountryForm(formdata=None, country=chosen)
    form.country.offer((code, pack.name) for code, pack in sorted(PACKS.items(), key=lambda one: one[1].name))
    form.country.data = chosen
    wrong = next((one for one in (least_form, secret_form, fx_form) if one is not None), None)
    fx = rules_of(settings)
    return show(
        "lender/payments.html",
        status=422 if wrong is not None else 200,
        country=chosen,
        country_form=form,
        choices=[Choice(method=one, is_picked=one.name in picked) for one in _choosable(chosen)],
        has_picked=bool(picked),
        currency=currency,
        least_form=least_form or LeastForm(formdata=None, least=least),
        secret_form=secret_form or SecretForm(formdata=None),
        fx_form=fx_form or FxForm(formdata=None, margin=fx.margin_bp, minutes=fx.locked_minutes),
        currencies=[(code, code in fx.currencies) for code in _currencies()],
        has_rates=portal().fx_rates is not None,
        form=wrong or form,
        changed_at=changed_at,
        address=f"{portal().settings.base_url}/hooks/stripe/{_slug()}",
    )


def _slug() -> str:
    with work().read() as tx:
        return known(lenders.find_lender(tx, lender_id=visitor().lender_id)).slug


def _country(wished: str) -> str:
    return wished if wished in PACKS else next(iter(sorted(PACKS)))


def _choosable(country: str) -> tuple[Method, ...]:
    return choosable(country=country, currency=PACKS[country].currency)
