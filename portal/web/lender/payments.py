"""How people pay: the ways for each country, the smallest own amount, the payment provider's signing secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from flask import Blueprint, Response, abort, request

from portal.actions.lenders.change_payments import (
    SECRET_PREFIX,
    choose_methods,
    keep_gateway_secret,
    set_fx,
    set_least_payment,
)
from portal.core.fx import LOCKED_MINUTES, MARGIN_BP_MAX, STALE_HOURS, FxRules, rules_of
from portal.core.money import Money
from portal.core.packs.rules import PACKS
from portal.core.payables import least_payment
from portal.core.payment_methods import STRIPE, Method, choosable, picked_for
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
_PREFIX = {"stripe": "", "qr": "qr"}
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
    hours = CountField(
        _l("How many hours old a rate may be"), _NEEDED, least=STALE_HOURS[0], most=STALE_HOURS[1]
    )


class SecretForm(Form):
    """A provider's signing secret; its fields carry the provider's name, because the page has one form for each."""

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


NONE_WRONG: Mapping[str, SecretForm] = MappingProxyType({})


class Door(NamedTuple):
    """Where a provider tells us what happened, and since when its secret is kept."""

    rail: str
    name: str
    address: str
    changed_at: datetime | None
    hint: str


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
        rules=FxRules(
            currencies=tuple(code for code in _currencies() if code in request.form.getlist("currencies")),
            margin_bp=form.margin.data,
            locked_minutes=form.minutes.data,
            stale_hours=form.hours.data,
        ),
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
    rail = request.form.get("rail", "stripe")
    if rail not in SECRET_PREFIX:
        abort(400)
    form = SecretForm(prefix=_PREFIX[rail])
    if form.validate() and not keep_gateway_secret(
        work(), gateway=rail, secret=form.secret.data, actor=actor(), now=portal().clock.now()
    ):
        form.secret.errors = [_("This is no signing secret of this provider")]
    if form.has_errors:
        form.secret.data = ""
        return _page(secret_form={rail: form})
    return see_other(f"{PATH}?done=saved")


def _page(
    *,
    country: str | None = None,
    least_form: LeastForm | None = None,
    secret_form: Mapping[str, SecretForm] = NONE_WRONG,
    fx_form: FxForm | None = None,
) -> Response:
    with work().read() as tx:
        settings = known(lenders.find_lender(tx, lender_id=tx.lender_id)).settings
        changes = {name: gateway_secrets.find_change(tx, gateway=name) for name in SECRET_PREFIX}
        homes = [one.country for one in lenders.list_creditors(tx) if one.country in PACKS]
    chosen = country or _country(request.args.get("country", homes[0] if homes else ""))
    currency = PACKS[chosen].currency
    least = Money(least_payment(settings, currency), currency)
    picked = picked_for(settings, chosen)
    form = CountryForm(formdata=None, country=chosen)
    form.country.offer((code, pack.name) for code, pack in sorted(PACKS.items(), key=lambda one: one[1].name))
    form.country.data = chosen
    wrong = next((one for one in (least_form, fx_form, *secret_form.values()) if one is not None), None)
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
        secret_forms={rail: SecretForm(formdata=None, prefix=prefix) for rail, prefix in _PREFIX.items()}
        | dict(secret_form),
        fx_form=fx_form or _fx_form(fx),
        currencies=[(code, code in fx.currencies) for code in _currencies()],
        has_rates=portal().fx_rates is not None,
        form=wrong or form,
        doors=_doors(changes),
    )


def _fx_form(fx: FxRules) -> FxForm:
    return FxForm(formdata=None, margin=fx.margin_bp, minutes=fx.locked_minutes, hours=fx.stale_hours)


def _doors(changes: Mapping[str, datetime | None]) -> list[Door]:
    """List where each provider that is set up tells us what happened; Stripe's always, to be entered first."""
    base = f"{portal().settings.base_url}/hooks"
    names = {"stripe": _("Messages of the payment provider"), "qr": _("Messages of the QR switch")}
    hints = {
        "stripe": _("It begins with whsec_ and is never shown again. The one before goes on for a day."),
        "qr": _("At least 20 letters or digits, never shown again. The one before goes on for a day."),
    }
    return [
        Door(name, names[name], f"{base}/{name}/{_slug()}", changes[name], hints[name])
        for name in SECRET_PREFIX
        if name == "stripe" or name in portal().rails
    ]


def _slug() -> str:
    with work().read() as tx:
        return known(lenders.find_lender(tx, lender_id=visitor().lender_id)).slug


def _country(wished: str) -> str:
    return wished if wished in PACKS else next(iter(sorted(PACKS)))


def _choosable(country: str) -> tuple[Method, ...]:
    rails = STRIPE.union(portal().rails)
    return choosable(country=country, currency=PACKS[country].currency, rails=rails)
