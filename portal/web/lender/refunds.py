"""Money that goes back: asked by one, approved by another, then sent the way it came."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request

from portal.actions.refunds.ask_refund import ask_refund
from portal.actions.refunds.decide_refund import decide_refund
from portal.core.money import Money
from portal.core.refunds import REASONS, refundable
from portal.store import accounts, payments, refunds
from portal.store.payments import Payment
from portal.store.refunds import OPEN, Refund
from portal.store.rows import known
from portal.store.work import Transaction
from portal.web.access import staff
from portal.web.context import portal, work
from portal.web.format import said
from portal.web.forms import Form, MoneyField, PickOne
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import APPROVERS, HANDLERS, actor, me_ref, posted_decision, show

blueprint = Blueprint("lender_refunds", __name__)
PATH = "/lender/refunds"
ENDED_SHOWN = 20


class RefundForm(Form):
    """How much goes back, and why."""

    amount = MoneyField(_l("How much goes back"))
    why = PickOne(_l("Why"))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One refund as the list shows it."""

    refund: Refund
    payment_ref: str
    account_ref: str
    is_own: bool

    @property
    def amount(self) -> Money:
        """What goes back."""
        return Money(self.refund.amount_minor, self.refund.currency)

    @property
    def reason(self) -> str:
        """Why, in words."""
        return reason_words(self.refund.reason)


@blueprint.get(PATH)
@staff()
def list_refunds() -> Response:
    """Show what waits for a second pair of eyes, what is on its way, and what ended lately."""
    return _list()


def _list(*, status: int = 200, wrong: str = "") -> Response:
    with work().read() as tx:
        waiting = [_row(tx, one) for one in refunds.list_refunds(tx, state="asked")]
        moving = [
            _row(tx, one)
            for state in ("approved", "sent", "failed")
            for one in refunds.list_refunds(tx, state=state)
        ]
    return show("lender/payments_refunds.html", status=status, waiting=waiting, moving=moving, wrong=wrong)


def _row(tx: Transaction, refund: Refund) -> Row:
    payment = known(payments.find_payment(tx, payment_id=refund.payment_id))
    account = known(accounts.find_account(tx, account_id=refund.account_id))
    return Row(
        refund=refund,
        payment_ref=payment.payment_ref,
        account_ref=account.account_ref,
        is_own=refund.asked_by == me_ref(),
    )


@blueprint.route("/lender/payments/<payment_ref>/refund", methods=["GET", "POST"])
@staff(*HANDLERS)
def ask(payment_ref: str) -> Response:
    """Ask that a payment, or a part of it, go back."""
    payment, most = _payment(payment_ref)
    form = RefundForm()
    form.amount.currency = payment.currency
    form.why.offer((code, reason_words(code)) for code in REASONS)
    if request.method == "POST" and form.validate():
        wished = form.amount.data
        done = ask_refund(
            work(),
            payment_ref=payment_ref,
            amount_minor=wished.minor if wished is not None else most.minor,
            reason=form.why.data,
            by=me_ref(),
            actor=actor(),
            now=portal().clock.now(),
        )
        if done.kind == "asked":
            return see_other(f"{PATH}?done=refund-asked")
        form.amount.errors = [refusal_words(done.reason, most)]
    return show(
        "lender/payments_refund.html",
        status=422 if form.has_errors else 200,
        form=form,
        payment=payment,
        amount=Money(payment.amount_minor, payment.currency),
        most=most,
    )


def _payment(payment_ref: str) -> tuple[Payment, Money]:
    with work().read() as tx:
        payment = payments.find_payment(tx, payment_ref=payment_ref)
        if payment is None:
            abort(404)
        others = refunds.list_refunds_of(tx, payment_id=payment.payment_id)
    came_in = payment.receipt_number is not None
    most = refundable(
        took=payment.amount_minor if came_in else 0,
        refunded=payment.refunded_minor,
        returned=payment.returned_minor,
        claimed=sum(one.amount_minor for one in others if one.state in OPEN),
    )
    return payment, Money(most, payment.currency)


@blueprint.post("/lender/refunds/<refund_ref>/decide")
@staff(*APPROVERS)
def decide(refund_ref: str) -> Response:
    """Say yes or no; not to what oneself asked for."""
    decision = posted_decision()
    done = decide_refund(
        work(), refund_ref=refund_ref, decision=decision, by=me_ref(), actor=actor(), now=portal().clock.now()
    )
    if done == "unknown":
        abort(404)
    if done == "own_work":
        return _list(status=422, wrong=_("You asked for this refund yourself. Somebody else has to decide"))
    return see_other(f"{PATH}?done={'refund-' + decision if done == 'decided' else 'there_already'}")


def reason_words(code: str) -> str:
    """Say why money goes back."""
    return {
        "requested": _("They asked for it"),
        "paid_twice": _("Paid twice"),
        "overpaid": _("Paid too much"),
        "goodwill": _("Goodwill"),
        "error": _("Our mistake"),
        "withdrawn": _("They took the plan back"),
    }[code]


def refusal_words(reason: str, most: Money) -> str:
    """Say why nothing can go back."""
    return {
        "amount": _("At most %(most)s can go back", most=said(most)),
        "no_way_back": _(
            "The way it came takes nothing back. Send it by bank transfer and adjust the account"
        ),
        "disputed": _("The bank is deciding about this payment. Wait for its answer"),
    }.get(reason, _("Nothing of this payment can go back"))
