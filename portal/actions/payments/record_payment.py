"""A kept notice of a provider becomes a fact: allocation, installments, ledger, events, in one transaction.

Notices come twice and in any order. Each is applied only where the payment's state allows it; a refund that is
faster than its payment waits in the inbox until the payment is there.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.payments import reverse_payment, settle_payment
from portal.actions.payments.telling import move_and_tell
from portal.core.payment_notices import notice_from_json
from portal.core.payments import Kind, PaymentNotice, PaymentState
from portal.store import accounts, inbox, payments
from portal.store.payments import Payment
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What became of a notice. `result`: applied, nothing_new, waits, ignored, parked (a person must look)."""

    result: str


def record_payment(work: Work, *, source: str, outside_id: str, now: datetime) -> Recorded:
    """Apply one kept notice; safe to run twice, and in any order of the notices."""
    with work.begin() as tx:
        row = inbox.lock_kept(tx, source=source, outside_id=outside_id)
        if row is None:
            return Recorded(result="nothing_new")
        notice = notice_from_json(row.body)
        payment = _find(tx, notice)
        if payment is None:
            inbox.finish(tx, source=source, outside_id=outside_id, state="ignored", now=now)
            return Recorded(result="ignored")
        result = apply_notice(tx, payment=_lock(tx, payment), notice=notice, now=now)
        if result != "waits":
            state = "parked" if result == "parked" else "done"
            inbox.finish(tx, source=source, outside_id=outside_id, state=state, now=now)
        return Recorded(result=result)


def record_state(work: Work, *, payment_id: UUID, state: PaymentState, now: datetime) -> Recorded:
    """Apply what the provider answered when it was asked about an attempt (the sweeper, the way back from its page)."""
    kinds = {
        "succeeded": Kind.SUCCEEDED,
        "pending": Kind.PENDING,
        "failed": Kind.FAILED,
        "canceled": Kind.CANCELED,
    }
    if state.state not in kinds:
        return Recorded(result="nothing_new")
    with work.begin() as tx:
        payment = payments.find_payment(tx, payment_id=payment_id)
        if payment is None:
            return Recorded(result="ignored")
        notice = PaymentNotice(
            event_id="asked",
            event_type="asked",
            kind=kinds[state.state],
            at=now,
            session_ref=state.session_ref,
            payment_ref=state.payment_ref,
            method=state.method,
            amount=state.amount,
            decline_code=state.decline_code,
        )
        return Recorded(result=apply_notice(tx, payment=_lock(tx, payment), notice=notice, now=now))


def apply_notice(tx: Transaction, *, payment: Payment, notice: PaymentNotice, now: datetime) -> str:
    """Apply a notice to a locked payment; gives applied, nothing_new, waits or parked."""
    match notice.kind:
        case Kind.SUCCEEDED:
            return settle_payment.settle(tx, payment=payment, notice=notice, now=now)
        case Kind.PENDING | Kind.FAILED | Kind.CANCELED:
            return _move(tx, payment, notice, now)
        case Kind.REFUNDED | Kind.DISPUTED | Kind.DISPUTE_WON | Kind.DISPUTE_LOST:
            return reverse_payment.reverse(tx, payment=payment, notice=notice, now=now)
        case Kind.UNREADABLE | Kind.REFUND_FAILED:
            return "parked"
        case _:
            return "nothing_new"


def _find(tx: Transaction, notice: PaymentNotice) -> Payment | None:
    if notice.attempt:
        try:
            found = payments.find_payment(tx, payment_id=UUID(notice.attempt))
        except ValueError:
            found = None
        if found is not None:
            return found
    if notice.session_ref:
        found = payments.find_payment(tx, gateway_session=notice.session_ref)
        if found is not None:
            return found
    return payments.find_payment(tx, gateway_ref=notice.payment_ref) if notice.payment_ref else None


def _lock(tx: Transaction, payment: Payment) -> Payment:
    """Lock the account first, then the payment: the order of every action, so that none waits for another in a ring."""
    accounts.lock_account(tx, account_id=payment.account_id)
    locked = payments.lock_payment(tx, payment_id=payment.payment_id)
    return locked or payment


def _move(tx: Transaction, payment: Payment, notice: PaymentNotice, now: datetime) -> str:
    after = {Kind.PENDING: "pending", Kind.FAILED: "failed", Kind.CANCELED: "canceled"}[notice.kind]
    allowed = {
        "pending": {"started", "unknown"},
        "failed": {"started", "pending", "unknown"},
        "canceled": {"started", "pending", "unknown"},
    }
    if payment.state not in allowed[after]:
        return "nothing_new"
    named = {"gateway_ref": notice.payment_ref, "method": notice.method}
    if words := {name: word for name, word in named.items() if word}:
        payments.save_gateway_words(tx, payment_id=payment.payment_id, **words)
    more: dict[str, str | bool] = {}
    if after == "failed":
        more = {"reason": notice.decline_code or "declined", "is_retryable": not notice.is_final}
    if after == "canceled":
        more = {"reason": "page_closed", "is_retryable": True}
    told = "payment.pending" if after == "pending" else "payment.failed"
    move_and_tell(tx, payment, after=after, type_=told, now=now, **more)
    return "applied"
