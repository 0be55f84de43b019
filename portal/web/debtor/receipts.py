"""One payment: received with its receipt, on its way, not through, or still being asked about."""

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.payments.record_payment import record_state
from portal.actions.refunds.ask_refund import ask_credit_back
from portal.core.fx import deal_of
from portal.core.money import Money
from portal.core.payment_methods import expected_on
from portal.core.payments import PaymentState
from portal.core.refunds import credit_of
from portal.store import accounts, agreements, payments, refunds
from portal.store.payments import Payment
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.htmx import see_other
from portal.web.language import gettext as _

blueprint = Blueprint("debtor_receipts", __name__)


@blueprint.get("/me/payments/<payment_ref>")
@debtor
def show_payment(payment_ref: str) -> Response:
    """Say where a payment stands, and no more than is certain."""
    payment = own_payment(payment_ref)
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=payment.account_id)
        agreement = agreements.find_active(tx, account_id=payment.account_id)
        rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id) if agreement else []
        back = refunds.list_refunds_of(tx, payment_id=payment.payment_id)
    moving = sum(one.amount_minor for one in back if one.state in refunds.OPEN)
    left = sum(row.left_minor for row in rows) if rows else account.balance_minor if account else 0
    page = render_template(
        "debtor/payment.html",
        payment=payment,
        amount=Money(payment.amount_minor, payment.currency),
        back=Money(payment.refunded_minor + payment.returned_minor, payment.currency),
        next_row=next((row for row in rows if row.left_minor), None),
        left=Money(left, payment.currency),
        parts=_parts(payment),
        price=deal_of(payment.quote),
        credit=Money(credit_of(payment.allocation, claimed=moving), payment.currency),
        going_back=Money(moving, payment.currency),
        has_no_way_back="no" in request.args,
        voucher=(payment.facts or {}).get("voucher"),
        expected=expected_on(payment.method, today=payment.started_at.date()),
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
    payment = own_payment(payment_ref)
    gateway = portal().rails.get(payment.gateway)
    if gateway is not None and payment.state in {"started", "pending", "unknown"}:
        state = gateway.find_payment(session_ref=payment.gateway_session, attempt=payment.payment_id)
        if isinstance(state, PaymentState):
            record_state(work(), payment_id=payment.payment_id, state=state, now=portal().clock.now())
    return see_other(f"/me/payments/{payment_ref}")


@blueprint.post("/me/payments/<payment_ref>/give-back")
@debtor
def give_back(payment_ref: str) -> Response:
    """Ask back what was paid beyond the debt; it goes the way it came."""
    own_payment(payment_ref)
    done = ask_credit_back(
        work(), payment_ref=payment_ref, debtor_id=visitor().subject_id, now=portal().clock.now()
    )
    asked = "" if done.kind == "approved" else f"?no={done.reason}"
    return see_other(f"/me/payments/{payment_ref}{asked}")


def own_payment(payment_ref: str) -> Payment:
    """Find a payment of the visitor; anybody else's does not exist."""
    with work().read() as tx:
        payment = payments.find_payment(tx, payment_ref=payment_ref)
    if payment is None or payment.debtor_id != visitor().subject_id:
        abort(404)
    return payment
