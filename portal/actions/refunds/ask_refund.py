"""Somebody asks that money go back: staff with a second pair of eyes, a debtor for what was paid too much at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.staff.second_eyes import tell_decision
from portal.core.actors import SYSTEM, Actor
from portal.core.plans.telling import money_payload
from portal.core.refunds import credit_of, has_way_back, refundable
from portal.store import accounts, events, jobs, payments, refunds
from portal.store.debtors import new_ref
from portal.store.payments import Payment
from portal.store.refunds import OPEN, Refund
from portal.store.rows import known
from portal.store.work import Transaction, Work

GIVEN_BACK_FROM = frozenset({"succeeded", "disputed"})


@dataclass(frozen=True, kw_only=True)
class RefundAsked:
    """What became of it: asked (waits for a second pair of eyes), approved, or refused with its reason.

    Reasons: unknown, state (nothing came in, or all went back), amount (with `most` that can go back), no_way_back (the
    way it came takes nothing back), disputed (the bank decides).
    """

    kind: str
    refund_id: UUID | None = None
    refund_ref: str = ""
    reason: str = ""
    most_minor: int = 0


def ask_refund(
    work: Work, *, payment_ref: str, amount_minor: int, reason: str, by: str, actor: Actor, now: datetime
) -> RefundAsked:
    """Ask for a refund as staff; `by` is the reference of who asks, who may not approve it."""
    with work.begin() as tx:
        payment = _lock(tx, payment_ref)
        if payment is None:
            return RefundAsked(kind="refused", reason="unknown")
        refusal = _why_not(tx, payment, amount_minor, now=now)
        if refusal is not None:
            return refusal
        refund = _save(tx, payment, amount_minor, reason=reason, by=by, state="asked", now=now)
        payload = {
            "id": f"apr_{refund.refund_id.hex}",
            "subject": "refund",
            "subject_id": refund.refund_ref,
            "level": "approver",
            "amount": money_payload(amount_minor, refund.currency),
        }
        events.append(tx, type="approval.requested", actor=actor, at=now, payload=payload)
        return RefundAsked(kind="asked", refund_id=refund.refund_id, refund_ref=refund.refund_ref)


def ask_credit_back(work: Work, *, payment_ref: str, debtor_id: UUID, now: datetime) -> RefundAsked:
    """Ask back what a payment brought beyond the debt; it is the debtor's own money, so nobody has to approve it."""
    with work.begin() as tx:
        payment = _lock(tx, payment_ref)
        if payment is None or payment.debtor_id != debtor_id:
            return RefundAsked(kind="refused", reason="unknown")
        credit = credit_of(payment.allocation, claimed=_claimed(tx, payment))
        if not credit:
            return RefundAsked(kind="refused", reason="state")
        refusal = _why_not(tx, payment, credit, now=now)
        if refusal is not None:
            return refusal
        refund = _save(tx, payment, credit, reason="overpaid", by="debtor", state="approved", now=now)
        tell_decision(
            tx,
            approval_ref=f"apr_{refund.refund_id.hex}",
            decision="approved",
            subject="refund",
            subject_ref=refund.refund_ref,
            actor=SYSTEM,
            now=now,
            reason="own_credit",
        )
        jobs.defer(tx, "send_refund", queue="payments", refund_id=str(refund.refund_id))
        return RefundAsked(kind="approved", refund_id=refund.refund_id, refund_ref=refund.refund_ref)


def _lock(tx: Transaction, payment_ref: str) -> Payment | None:
    payment = payments.find_payment(tx, payment_ref=payment_ref)
    if payment is None:
        return None
    accounts.lock_account(tx, account_id=payment.account_id)
    return known(payments.lock_payment(tx, payment_id=payment.payment_id))


def _claimed(tx: Transaction, payment: Payment) -> int:
    open_ones = (
        one for one in refunds.list_refunds_of(tx, payment_id=payment.payment_id) if one.state in OPEN
    )
    return sum(one.amount_minor for one in open_ones)


def _why_not(tx: Transaction, payment: Payment, amount: int, *, now: datetime) -> RefundAsked | None:
    if payment.state == "disputed":
        return RefundAsked(kind="refused", reason="disputed")
    if payment.state not in GIVEN_BACK_FROM or payment.gateway_ref is None:
        return RefundAsked(kind="refused", reason="state")
    most = refundable(
        took=payment.amount_minor,
        refunded=payment.refunded_minor,
        returned=payment.returned_minor,
        claimed=_claimed(tx, payment),
    )
    if not 0 < amount <= most:
        return RefundAsked(kind="refused", reason="amount", most_minor=most)
    paid_on = payment.value_on or payment.started_at.date()
    is_ours = payment.channel in {"portal", "mandate", "link"}
    if not is_ours or not has_way_back(method=payment.method, paid_on=paid_on, today=now.date()):
        return RefundAsked(kind="refused", reason="no_way_back")
    return None


def _save(
    tx: Transaction, payment: Payment, amount: int, *, reason: str, by: str, state: str, now: datetime
) -> Refund:
    refund_id = tx.new_id()
    refund = Refund(
        refund_id=refund_id,
        refund_ref=new_ref("rfn", refund_id),
        payment_id=payment.payment_id,
        account_id=payment.account_id,
        amount_minor=amount,
        currency=payment.currency,
        reason=reason,
        state=state,
        asked_by=by,
        asked_at=now,
        decided_by=by if state == "approved" else None,
        decided_at=now if state == "approved" else None,
    )
    refunds.save_refund(tx, refund)
    return refund
