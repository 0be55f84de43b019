"""Pay: how much, with what it saves, and over to the provider's own page."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template
from wtforms import BooleanField

from portal.actions.payments.quote_payment import quote_payment
from portal.actions.payments.start_payment import GoTo, NoPage, Wish, start_payment
from portal.core.fx import FxQuote
from portal.core.money import Money
from portal.core.payment_methods import METHODS, offered
from portal.core.payments import PageWish
from portal.store import accounts, agreements
from portal.store.accounts import Account
from portal.store.work import Transaction
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.till import Till, open_till
from portal.web.format import said, sign_of
from portal.web.forms import Form, MoneyField, PickOne, posted_token
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_payments", __name__)
#: The way to pay that is chosen on the partner's own page.
PAGE = "page"
#: What there is to look at instead of a page: the payment that is in the way.
LOOK_AT = frozenset({"checking", "paid", "old_form"})


class PayForm(Form):
    """How much?"""

    which = PickOne(_l("How much do you want to pay?"), told=_l("Please choose how much you want to pay"))
    amount = MoneyField(_l("Another amount"))
    again = BooleanField(_l("Yes, I want to pay this as well"))
    currency = PickOne(_l("In which currency?"), told=_l("Please choose a currency"))
    way = PickOne(_l("How do you want to pay?"), told=_l("Please choose how you want to pay"))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What somebody chose to pay, with its price where it is paid in another currency."""

    amount: Money
    which: str
    pays_again: bool
    price: FxQuote | None = None
    way: str = PAGE

    @property
    def charged(self) -> Money:
        """What is charged: the amount, or its price in another currency."""
        return self.price.pay if self.price else self.amount


@blueprint.get("/me/pay")
@debtor
def pay_first() -> Response:
    """Lead to the account whose payment is the most overdue, or the first on which something is open."""
    with work().read() as tx:
        own = accounts.list_accounts_of(tx, debtor_id=visitor().subject_id)
        waiting = [(_oldest_due(tx, account), account) for account in own if account.state == "open"]
    if not waiting:
        return see_other("/me")
    first = min(waiting, key=lambda one: one[0])[1]
    return see_other(f"/me/accounts/{first.account_id}/pay")


def _oldest_due(tx: Transaction, account: Account) -> date:
    agreement = agreements.find_active(tx, account_id=account.account_id)
    if agreement is None:
        return account.delinquent_since or date.max
    rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    return next((row.due_on for row in rows if row.left_minor), date.max)


@blueprint.route("/me/accounts/<uuid:account_id>/pay", methods=["GET", "POST"])
@debtor
def pay(account_id: UUID) -> Response:
    """Ask how much; then lead to the provider's page."""
    till = open_till(account_id)
    form = PayForm()
    form.which.offer(_choices(till))
    form.currency.offer(_currencies(till))
    form.currency.data = form.currency.data or till.account.currency
    offer_ways(form.way, till, till.account.currency)
    form.amount.currency = till.account.currency
    if form.validate_on_submit() and (amount := _amount(form, till)) is not None:
        choice = Choice(amount=amount, which=form.which.data, pays_again=form.again.data, way=form.way.data)
        if form.currency.data == till.account.currency:
            if takes(form.way, amount):
                return go(till, choice)
        elif _keep_price(till, choice, form):
            return see_other(f"/me/accounts/{account_id}/pay/price")
    return _page(till, form)


def offer_ways(field: PickOne, till: Till, currency: str) -> None:
    """Offer the partner's page and the ways of other rails that fit a currency; the first is chosen by itself."""
    page = [(PAGE, _("By card or another way on our payment partner's page"))] if till.has_page else []
    ways = [(way.name, way.label) for way in till.ways(currency)]
    field.offer(page + ways or [(PAGE, "")])
    field.data = field.data or field.default


def takes(field: PickOne, amount: Money) -> bool:
    """Tell whether the chosen way takes the amount; False with its limits on the field."""
    if field.data == PAGE or METHODS[field.data].takes(amount):
        return True
    least, most = METHODS[field.data].limits[amount.currency]
    field.errors = [
        _(
            "This way takes amounts from %(least)s to %(most)s. Please choose another one",
            least=said(Money(least, amount.currency)),
            most=said(Money(most, amount.currency)),
        )
    ]
    return False


def _keep_price(till: Till, choice: Choice, form: PayForm) -> bool:
    """Ask for the price in another currency and keep it with the visit; False with an error where there is none."""
    services = portal()
    done = quote_payment(
        work(),
        session_id=visitor().session_id,
        account_id=till.account.account_id,
        debtor_id=visitor().subject_id,
        amount=choice.amount,
        currency=form.currency.data,
        choice=choice.which,
        pays_again=choice.pays_again,
        rates=services.fx_rates,
        now=services.clock.now(),
    )
    if done.quote is None:
        own = till.account.currency
        form.currency.errors = [
            _("There is no current price for this currency. Please pay in %(currency)s", currency=own)
        ]
    return done.quote is not None


def _currencies(till: Till) -> list[tuple[str, str]]:
    own = till.account.currency
    return [
        (own, _("%(currency)s, as on your account", currency=own)),
        *((one, one) for one in till.currencies),
    ]


def _page(till: Till, form: PayForm) -> Response:
    page = render_template(
        "debtor/pay.html",
        form=form,
        till=till,
        unit=sign_of(till.account.currency),
        path=f"/me/accounts/{till.account.account_id}",
    )
    return make_response(page, 422 if form.has_errors else 200)


def _choices(till: Till) -> list[tuple[str, str]]:
    can = till.payable
    choices = []
    if can.next is not None:
        choices.append(
            ("installment", _("The next payment, %(amount)s", amount=said(till.money(can.next.left))))
        )
    if can.overdue:
        choices.append(
            ("overdue", _("Everything past its date, %(amount)s", amount=said(till.money(can.overdue))))
        )
    if can.all:
        choices.append(("balance", _("All of it, %(amount)s", amount=said(till.money(can.all)))))
    choices.append(("part", _("Another amount")))
    return choices


def _amount(form: PayForm, till: Till) -> Money | None:
    """Give the wished amount; None with an error on the field when there is none that can be paid."""
    can = till.payable
    if till.on_its_way is not None and not form.again.data:
        form.again.errors = [_("Please tick the box if you want to pay this as well")]
        return None
    if form.which.data != "part":
        chosen = {
            "installment": can.next.left if can.next else 0,
            "overdue": can.overdue,
            "balance": can.all,
        }
        return till.money(chosen[form.which.data])
    if form.amount.data is None:
        form.amount.errors = [_("Type the amount that you want to pay")]
        return None
    if not can.least <= form.amount.data.minor <= can.all:
        form.amount.errors = [
            _(
                "Choose an amount from %(least)s to %(most)s",
                least=said(till.money(can.least)),
                most=said(till.money(can.all)),
            )
        ]
        return None
    return form.amount.data


def go(till: Till, choice: Choice) -> Response:
    """Begin the payment and lead to the provider's page."""
    services = portal()
    amount, is_page = choice.amount, choice.way == PAGE
    gateway = services.stripe if is_page else services.rails.get(METHODS[choice.way].rail)
    account_path = f"/me/accounts/{till.account.account_id}"
    base = services.settings.base_url.rstrip("/")
    if gateway is None:
        return make_response(render_template("debtor/no_page.html", path=account_path, reason="trouble"), 503)
    is_all = amount.minor == till.payable.all and till.payable.next is not None
    done = start_payment(
        work(),
        wish=Wish(
            account_id=till.account.account_id,
            amount=amount,
            purpose="balance" if is_all else choice.which,
            payoff_on=till.today.isoformat() if is_all else None,
            pays_again=choice.pays_again,
            fx=choice.price,
        ),
        debtor_id=visitor().subject_id,
        gateway=gateway,
        rails=services.rails,
        page_for=lambda ref: PageWish(
            success_url=f"{base}/me/payments/{ref}?back=1",
            cancel_url=f"{base}{account_path}/pay",
            language=current().tag,
            methods=_methods(till, choice.charged) if is_page else (choice.way,),
        ),
        form_token=posted_token(),
        now=services.clock.now(),
    )
    return see_other(done.url) if isinstance(done, GoTo) else _no_page(done, account_path)


def _methods(till: Till, amount: Money) -> tuple[str, ...]:
    """Give exactly what the lender picked for this country; where it picked nothing, the provider offers what fits."""
    if not till.picked:
        return ()
    return offered(amount=amount, country=till.country, picked=till.picked)


def _no_page(done: NoPage, account_path: str) -> Response:
    """Say why there is no page; where another payment is the reason, show that one."""
    if done.reason in LOOK_AT and done.payment_ref:
        return see_other(f"/me/payments/{done.payment_ref}")
    if done.reason in {"on_its_way", "newer", "quote_over"}:
        return see_other(f"{account_path}/pay")
    status = 503 if done.reason in {"trouble", "refused"} else 409
    page = render_template("debtor/no_page.html", path=account_path, reason=done.reason)
    return make_response(page, status)
