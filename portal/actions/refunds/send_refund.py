"""An approved refund goes to the provider, once per refund however often it is asked; its answer is applied.

Without an answer the refund stays approved and is asked for again under the same key for a day; after that a person
looks, because the provider does not remember the key any more.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from portal.actions.payments.money_sides import destination_of, stays
from portal.actions.payments.record_payment import apply_notice
from portal.core.fx import deal_of
from portal.core.money import Money
from portal.core.payments import (
    Kind,
    PaymentNotice,
    PaymentRefused,
    PaymentTrouble,
    RefundStarted,
    may_repeat,
)
from portal.store import payments, refunds
from portal.store.paying import lock_paying
from portal.store.payments import Payment
from portal.store.refunds import Refund
from portal.store.rows import known
from portal.store.work import Work


class Refunding(Protocol):
    """The part of a payment gateway that this action needs."""

    name: str

    def refund(
        self,
        *,
        key: UUID | str,
        payment_ref: str,
        amount: Money,
        reason: str | None = None,
        takes_back: bool = False,
    ) -> RefundStarted | PaymentTrouble:
        """Pay back a part or all of a payment, once per key; `takes_back` from the creditor's account where it went."""


def send_refund(work: Work, *, refund_id: UUID, gateway: Refunding, now: datetime) -> str:
    """Send an approved refund: sent, done, failed, waits (no answer, ask again), stale, nothing. Safe to call twice.

    A refund goes the way its payment came; other_rail: that is not this gateway.
    """
    with work.begin() as tx:
        refund = refunds.lock_refund(tx, refund_id=refund_id)
        if refund is None or refund.state != "approved" or refund.decided_at is None:
            return "nothing"
        if not may_repeat(started_at=refund.decided_at, now=now):
            return "stale"
        payment = known(payments.find_payment(tx, payment_id=refund.payment_id))
        if payment.gateway != gateway.name:
            return "other_rail"
    answer = gateway.refund(
        key=refund.refund_id,
        payment_ref=payment.gateway_ref or "",
        amount=_charged(payment, refund),
        reason="requested_by_customer" if refund.asked_by == "debtor" else None,
        takes_back=destination_of(payment) is not None,
    )
    if isinstance(answer, RefundStarted):
        return _take(work, refund, payment, answer, now=now)
    if isinstance(answer, PaymentRefused):
        with work.begin() as tx:
            refunds.move_refund(
                tx, refund_id=refund.refund_id, before="approved", after="failed", ended_at=now
            )
        return "failed"
    return "waits"


def _charged(payment: Payment, refund: Refund) -> Money:
    """Give what goes back, in the currency in which it was paid and at the price of that time."""
    deal = deal_of(payment.quote)
    if deal is None:
        return Money(refund.amount_minor, refund.currency)
    left = stays(payment)
    back = deal.charged(left) - deal.charged(left - refund.amount_minor)
    return Money(back, deal.pay.currency)


def _take(work: Work, refund: Refund, payment: Payment, answer: RefundStarted, *, now: datetime) -> str:
    """Write the provider's answer down, and let the payment follow it like a notice of the provider's."""
    after = {"succeeded": "done", "pending": "sent", "failed": "failed"}[answer.state]
    notice = PaymentNotice(
        event_id="asked",
        event_type="asked",
        kind=Kind.REFUND_FAILED if answer.state == "failed" else Kind.REFUNDED,
        at=now,
        payment_ref=payment.gateway_ref,
        refund_ref=answer.refund_ref,
        amount=answer.amount,
        reason=refund.reason,
    )
    with work.begin() as tx:
        paying = known(lock_paying(tx, payment_id=refund.payment_id))
        ends = {} if after == "sent" else {"ended_at": now}
        refunds.move_refund(
            tx,
            refund_id=refund.refund_id,
            before="approved",
            after=after,
            gateway_ref=answer.refund_ref,
            **ends,
        )
        apply_notice(tx, paying=paying, notice=notice, now=now)
    return after
