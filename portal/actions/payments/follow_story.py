"""A payment goes to where all that is known of it says it stands: money in, money back, states, events."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.actions.life.follow_money import after_money, before_money
from portal.actions.payments.reverse_payment import give_back, rename_back, take_again
from portal.actions.payments.settle_debit import settle_debit
from portal.actions.payments.settle_payment import settle
from portal.actions.payments.telling import move_and_tell, tell
from portal.core.payment_methods import expected_on
from portal.core.payment_story import Standing, standing
from portal.core.payments import Kind, PaymentNotice
from portal.core.states import PAYMENT, REFUND
from portal.store import payments, refunds
from portal.store.paying import Paying
from portal.store.payments import Payment
from portal.store.work import Transaction

WITH_MONEY = frozenset({"succeeded", "disputed", "refunded", "returned"})


def follow(tx: Transaction, *, paying: Paying, notice: PaymentNotice, now: datetime) -> str:
    """Bring a locked payment to its standing; gives applied, or known when nothing had to move yet.

    `notice` is the news that led here: it brings the provider's words and the reason that is told.
    """
    payment = paying.payment
    target = standing(payment.facts or {})
    result = _follow(tx, paying, target, notice, now=now)
    if payment.channel == "mandate":
        settle_debit(tx, payment=payment, target=target, now=now)
    if notice.refund_ref:
        _settle_refund(tx, payment, notice, now=now)
    return result


def _settle_refund(tx: Transaction, payment: Payment, notice: PaymentNotice, *, now: datetime) -> None:
    """Bring our own refund to where the provider says it stands."""
    after = "failed" if notice.kind is Kind.REFUND_FAILED else "done" if notice.is_final else ""
    for refund in refunds.list_refunds_of(tx, payment_id=payment.payment_id):
        if refund.gateway_ref == notice.refund_ref and after in REFUND[refund.state]:
            refunds.move_refund(
                tx, refund_id=refund.refund_id, before=refund.state, after=after, ended_at=now
            )


def _follow(
    tx: Transaction, paying: Paying, target: Standing, notice: PaymentNotice, *, now: datetime
) -> str:
    before = payment = paying.payment
    if target.took == 0:
        return _say_word(tx, payment, target, notice, now)
    paying, plan = before_money(tx, paying, now=now)
    moved = None
    if payment.state not in WITH_MONEY:
        told = replace(paying, payment=_as_told(payment, notice, target))
        payment, moved = settle(tx, paying=told, plan=plan, now=now)
    else:
        payments.save_money(tx, payment_id=payment.payment_id, facts=payment.facts, value_on=target.took_on)
    settled = payment
    payment = _back(tx, payment, target, notice, now=now)
    if payment is not settled:
        moved = None
    payment = _walk(tx, payment, target, notice, now=now)
    after_money(tx, plan, moved, payment_ref=payment.payment_ref, now=now)
    return "applied" if payment != before else "known"


def _as_told(payment: Payment, notice: PaymentNotice, target: Standing) -> Payment:
    """Give the attempt with what the provider says of it: what it took decides, not what was asked."""
    return replace(
        payment,
        amount_minor=target.took,
        value_on=target.took_on,
        gateway_ref=notice.payment_ref or payment.gateway_ref,
        gateway_session=notice.session_ref or payment.gateway_session,
        method=notice.method or payment.method,
    )


def _back(
    tx: Transaction, payment: Payment, target: Standing, notice: PaymentNotice, *, now: datetime
) -> Payment:
    """Move what went back, or came again after a refund that failed.

    What the bank took cannot be refunded too: a refund that is told after it, or one that failed, only changes by
    whom the same money went back.
    """
    refunded = target.refunded - payment.refunded_minor
    returned = target.returned - payment.returned_minor
    if refunded * returned < 0:
        by = min(abs(refunded), abs(returned))
        payment = rename_back(tx, payment=payment, by=by if refunded > 0 else -by, now=now)
        refunded, returned = (
            target.refunded - payment.refunded_minor,
            target.returned - payment.returned_minor,
        )
    if refunded < 0:
        payment = take_again(tx, payment=payment, amount=-refunded, now=now)
    if refunded > 0:
        payment = give_back(tx, payment=payment, amount=refunded, cause="refund", notice=notice, now=now)
    if returned > 0:
        payment = give_back(tx, payment=payment, amount=returned, cause="returned", notice=notice, now=now)
    return payment


def _walk(
    tx: Transaction, payment: Payment, target: Standing, notice: PaymentNotice, *, now: datetime
) -> Payment:
    """Move the state, over `succeeded` where the table knows no straight way."""
    after = target.state or payment.state
    if after == payment.state:
        return payment
    way = [after] if after in PAYMENT[payment.state] else ["succeeded", after]
    for step in way:
        payments.move_payment(tx, payment_id=payment.payment_id, before=payment.state, after=step, now=now)
        payment = replace(payment, state=step)
    if after == "disputed":
        told = {
            "chargeback": notice.dispute_ref,
            "reason": notice.reason or notice.decline_code,
        }
        tell(tx, payment, type_="payment.disputed", now=now, **_given(told))
    return payment


def _say_word(
    tx: Transaction, payment: Payment, target: Standing, notice: PaymentNotice, now: datetime
) -> str:
    """Move a payment that no money follows: the bank has the order, or it came to nothing."""
    payments.save_money(tx, payment_id=payment.payment_id, facts=payment.facts)
    after = target.state
    if after is None or after not in PAYMENT[payment.state]:
        return "known"
    named = _given({"gateway_ref": notice.payment_ref, "method": notice.method})
    if named:
        payments.save_gateway_words(tx, payment_id=payment.payment_id, **named)
        payment = replace(payment, **named)
    more: dict[str, str | bool] = {}
    if after == "pending" and (day := expected_on(payment.method, today=now.date())):
        more = {"expected_on": day.isoformat()}
    if after == "failed":
        more = {"reason": target.code or "declined", "is_retryable": not target.is_final}
    if after == "canceled":
        more = {"reason": "page_closed", "is_retryable": True}
    told = "payment.pending" if after == "pending" else "payment.failed"
    move_and_tell(tx, payment, after=after, type_=told, now=now, **more)
    return "applied"


def _given(words: dict[str, Any]) -> dict[str, Any]:
    return {name: word for name, word in words.items() if word}
