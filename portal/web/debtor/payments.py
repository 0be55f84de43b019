"""Pay through the provider's own page; say what is certain and what is not; keep the receipt."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.payments.record_payment import record_state
from portal.actions.payments.start_payment import GoTo, Wish, start_payment
from portal.core.money import Money
from portal.core.payments import PageWish, PaymentState
from portal.store import accounts, agreements, payments
from portal.store.accounts import Account
from portal.store.agreements import Agreement, Installment
from portal.store.payments import Payment
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.format import said, sign_of
from portal.web.forms import Form, MoneyField, PickOne, posted_token
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_payments", __name__)
LEAST = {0: 1, 2: 100, 3: 1_000}


class PayForm(Form):
    """How much?"""

    which = PickOne(_l("How much do you want to pay?"), told=_l("Please choose how much you want to pay"))
    amount = MoneyField(_l("Another amount"))


@dataclass(frozen=True, kw_only=True)
class Payable:
    """What can be paid on an account: the next installment, all of it."""

    account: Account
    agreement: Agreement | None
    next_row: Installment | None
    left_minor: int

    @property
    def all(self) -> Money:
        return Money(self.left_minor, self.account.currency)

    @property
    def next(self) -> Money | None:
        return Money(self.next_row.left_minor, self.account.currency) if self.next_row else None


@blueprint.route("/me/accounts/<uuid:account_id>/pay", methods=["GET", "POST"])
@debtor
def pay(account_id: UUID) -> Response:
    """Ask how much; then lead to the provider's page."""
    payable = _payable(account_id)
    form = PayForm()
    form.which.offer(_choices(payable))
    form.amount.currency = payable.account.currency
    if form.validate_on_submit() and (amount := _amount(form, payable)) is not None:
        return _go(payable, amount, purpose=form.which.data)
    page = render_template(
        "debtor/pay.html",
        form=form,
        payable=payable,
        unit=sign_of(payable.account.currency),
        path=f"/me/accounts/{account_id}",
    )
    return make_response(page, 422 if form.has_errors else 200)


def _payable(account_id: UUID) -> Payable:
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        if account is None or account.debtor_id != visitor().subject_id:
            abort(404)
        agreement = agreements.find_active(tx, account_id=account_id)
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id) if agreement else []
    left = sum(row.left_minor for row in rows) if rows else account.balance_minor
    return Payable(
        account=account,
        agreement=agreement,
        next_row=next((row for row in rows if row.left_minor), None),
        left_minor=left,
    )


def _choices(payable: Payable) -> list[tuple[str, str]]:
    choices = []
    if payable.next is not None:
        choices.append(("installment", _("The next payment, %(amount)s", amount=said(payable.next))))
    if payable.left_minor:
        choices.append(("balance", _("All of it, %(amount)s", amount=said(payable.all))))
    choices.append(("part", _("Another amount")))
    return choices


def _amount(form: PayForm, payable: Payable) -> Money | None:
    """Give the wished amount; None with an error on the field when there is none that can be paid."""
    if form.which.data == "installment":
        return payable.next
    if form.which.data == "balance":
        return payable.all
    wished = form.amount.data
    least = Money(LEAST[_places(payable.account.currency)], payable.account.currency)
    if wished is None:
        form.amount.errors = [_("Type the amount that you want to pay")]
        return None
    if not least.minor <= wished.minor <= payable.left_minor:
        form.amount.errors = [
            _(
                "Choose an amount from %(least)s to %(most)s",
                least=said(least),
                most=said(payable.all),
            )
        ]
        return None
    return wished


def _places(currency: str) -> int:
    return -Money(1, currency).decimal.as_tuple().exponent


def _go(payable: Payable, amount: Money, *, purpose: str) -> Response:
    services = portal()
    account_path = f"/me/accounts/{payable.account.account_id}"
    base = services.settings.base_url.rstrip("/")
    if services.stripe is None:
        return make_response(render_template("debtor/no_page.html", path=account_path, reason="trouble"), 503)
    done = start_payment(
        work(),
        wish=Wish(account_id=payable.account.account_id, amount=amount, purpose=purpose),
        debtor_id=visitor().subject_id,
        gateway=services.stripe,
        page_for=lambda ref: PageWish(
            success_url=f"{base}/me/payments/{ref}?back=1",
            cancel_url=f"{base}{account_path}/pay",
            language=current().tag,
        ),
        form_token=posted_token(),
        now=services.clock.now(),
    )
    if isinstance(done, GoTo):
        return see_other(done.url)
    status = 503 if done.reason in {"trouble", "refused"} else 409
    page = render_template("debtor/no_page.html", path=account_path, reason=done.reason)
    return make_response(page, status)


@blueprint.get("/me/payments/<payment_ref>")
@debtor
def show_payment(payment_ref: str) -> Response:
    """Say where a payment stands: received with its receipt, on its way, not through, or still being asked about."""
    payment = _own(payment_ref)
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=payment.account_id)
        agreement = agreements.find_active(tx, account_id=payment.account_id)
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id) if agreement else []
    page = render_template(
        "debtor/payment.html",
        payment=payment,
        amount=Money(payment.amount_minor, payment.currency),
        account=account,
        agreement=agreement,
        next_row=next((row for row in rows if row.left_minor), None),
        left=Money(sum(row.left_minor for row in rows) if rows else account.balance_minor, payment.currency),
        parts=_parts(payment),
        path=f"/me/accounts/{payment.account_id}",
    )
    return make_response(page)


def _parts(payment: Payment) -> list[tuple[str, Money]]:
    labels = {
        "fees": _("Fees"),
        "interest": _("Interest"),
        "plan_interest": _("Interest in your plan"),
        "principal": _("What you borrowed"),
        "credit": _("Paid too much, yours to get back"),
    }
    kept = payment.allocation or {}
    return [(label, Money(kept[name], payment.currency)) for name, label in labels.items() if kept.get(name)]


@blueprint.post("/me/payments/<payment_ref>/check")
@debtor
def check_payment(payment_ref: str) -> Response:
    """Ask the provider where a payment stands, and record its answer."""
    payment = _own(payment_ref)
    gateway = portal().stripe
    if gateway is not None and payment.state in {"started", "pending", "unknown"}:
        state = gateway.find_payment(session_ref=payment.gateway_session, attempt=payment.payment_id)
        if isinstance(state, PaymentState):
            record_state(work(), payment_id=payment.payment_id, state=state, now=portal().clock.now())
    return see_other(f"/me/payments/{payment_ref}")


def _own(payment_ref: str) -> Payment:
    with work().read() as tx:
        payment = payments.find_payment(tx, payment_ref=payment_ref)
    if payment is None or payment.debtor_id != visitor().subject_id:
        abort(404)
    return payment
