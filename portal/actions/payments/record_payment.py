"""A kept notice of a provider becomes a fact: allocation, installments, ledger, events, in one transaction.

Notices come twice and in any order. Each adds to what is known of its payment; the payment then goes to where all
that is known says it stands, so that every order ends alike.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from portal.actions.payments.follow_story import follow
from portal.actions.payments.record_mandate import KINDS, apply_setup
from portal.core.money import Money
from portal.core.payment_notices import notice_from_json
from portal.core.payment_story import learn
from portal.core.payments import Kind, PaymentNotice, PaymentState
from portal.store import accounts, inbox, payments
from portal.store.payments import Payment
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What became of a notice. `result`: applied, known (kept, nothing moved yet), nothing_new, ignored, parked."""

    result: str


def record_payment(work: Work, *, source: str, outside_id: str, now: datetime) -> Recorded:
    """Apply one kept notice; safe to run twice, and in any order of the notices."""
    with work.begin() as tx:
        row = inbox.lock_kept(tx, source=source, outside_id=outside_id)
        if row is None:
            return Recorded(result="nothing_new")
        notice = notice_from_json(row.body)
        payment = None if notice.kind in KINDS else _find(tx, notice)
        if notice.kind in KINDS:
            result = apply_setup(tx, notice=notice, now=now)
        elif payment is None:
            result = "ignored"
        elif notice.kind is Kind.UNREADABLE:
            result = "parked"
        else:
            result = apply_notice(tx, payment=_lock(tx, payment), notice=notice, now=now)
        state = result if result in {"parked", "ignored"} else "done"
        inbox.finish(tx, source=source, outside_id=outside_id, state=state, now=now)
        return Recorded(result=result)


def record_state(work: Work, *, payment_id: UUID, state: PaymentState, now: datetime) -> Recorded:
    """Apply what the provider answered when it was asked about an attempt (the sweeper, the way back from its page)."""
    notices = _as_notices(state, now)
    if not notices:
        return Recorded(result="nothing_new")
    with work.begin() as tx:
        payment = payments.find_payment(tx, payment_id=payment_id)
        if payment is None:
            return Recorded(result="ignored")
        _lock(tx, payment)
        results = [
            apply_notice(tx, payment=_again(tx, payment), notice=notice, now=now) for notice in notices
        ]
        return Recorded(result="applied" if "applied" in results else results[0])


def apply_notice(tx: Transaction, *, payment: Payment, notice: PaymentNotice, now: datetime) -> str:
    """Add a notice to what is known of a locked payment and follow; gives applied, known or nothing_new."""
    if notice.amount is None:
        notice = replace(notice, amount=Money(payment.amount_minor, payment.currency))
    before = payment.facts or {}
    facts = learn(before, notice)
    if facts == before:
        return "nothing_new"
    payments.save_money(tx, payment_id=payment.payment_id, facts=facts)
    return follow(tx, payment=replace(payment, facts=facts), notice=notice, now=now)


def _as_notices(state: PaymentState, now: datetime) -> list[PaymentNotice]:
    """Say an answer as notices: what was disputed or given back had come in first."""
    kinds = {"pending": Kind.PENDING, "failed": Kind.FAILED, "canceled": Kind.CANCELED}
    kinds |= dict.fromkeys(("succeeded", "refunded", "disputed"), Kind.SUCCEEDED)
    if state.state not in kinds:
        return []
    first = PaymentNotice(
        event_id="asked",
        event_type="asked",
        kind=kinds[state.state],
        at=now,
        session_ref=state.session_ref,
        payment_ref=state.payment_ref,
        customer_ref=state.customer_ref,
        method_ref=state.method_ref,
        method=state.method,
        amount=state.amount,
        voucher_url=state.voucher_url,
        decline_code=state.decline_code,
        is_final=state.is_final,
    )
    if state.refunded is None or first.kind is not Kind.SUCCEEDED:
        return [first]
    return [first, replace(first, kind=Kind.REFUNDED, amount=state.refunded)]


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


def _again(tx: Transaction, payment: Payment) -> Payment:
    return payments.find_payment(tx, payment_id=payment.payment_id) or payment
