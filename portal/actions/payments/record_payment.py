"""A kept notice of a provider becomes a fact: allocation, installments, ledger, events, in one transaction.

Notices come twice and in any order. Each adds to what is known of its payment; the payment then goes to where all
that is known says it stands, so that every order ends alike.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from portal.actions.payments.follow_story import follow
from portal.actions.payments.record_mandate import KINDS, apply_setup
from portal.core.fx import deal_of
from portal.core.money import Money
from portal.core.payment_notices import notice_from_json
from portal.core.payment_story import learn
from portal.core.payments import Kind, PaymentNotice, PaymentState
from portal.store import inbox, payments
from portal.store.paying import Paying, lock_paying
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
        paying = None if notice.kind in KINDS else _find(tx, notice, rail=source)
        if notice.kind in KINDS:
            result = apply_setup(tx, notice=notice, now=now)
        elif paying is None:
            result = "ignored"
        elif notice.kind is Kind.UNREADABLE:
            result = "parked"
        else:
            result = apply_notice(tx, paying=paying, notice=notice, now=now)
        state = result if result in {"parked", "ignored"} else "done"
        inbox.finish(tx, source=source, outside_id=outside_id, state=state, now=now)
        return Recorded(result=result)


def record_state(work: Work, *, payment_id: UUID, state: PaymentState, now: datetime) -> Recorded:
    """Apply what the provider answered when it was asked about an attempt (the sweeper, the way back from its page)."""
    notices = _as_notices(state, now)
    if not notices:
        return Recorded(result="nothing_new")
    with work.begin() as tx:
        results = []
        for notice in notices:
            paying = lock_paying(tx, payment_id=payment_id)
            if paying is None:
                return Recorded(result="ignored")
            results.append(apply_notice(tx, paying=paying, notice=notice, now=now))
        return Recorded(result="applied" if "applied" in results else results[0])


def apply_notice(tx: Transaction, *, paying: Paying, notice: PaymentNotice, now: datetime) -> str:
    """Add a notice to what is known of a locked payment and follow.

    Gives applied, known or nothing_new; parked for an amount in a currency that the payment is not made in.
    """
    payment = paying.payment
    amount = _in_debt(payment, notice.amount)
    if amount is None:
        return "parked"
    notice = replace(notice, amount=amount)
    before = payment.facts or {}
    facts = learn(before, notice)
    if facts == before:
        return "nothing_new"
    return follow(tx, paying=replace(paying, payment=replace(payment, facts=facts)), notice=notice, now=now)


def _in_debt(payment: Payment, told: Money | None) -> Money | None:
    """Give what a told amount settles in the debt's currency; None when it is of neither currency."""
    if told is None:
        return Money(payment.amount_minor, payment.currency)
    if told.currency == payment.currency:
        return told
    deal = deal_of(payment.quote)
    if deal is None or told.currency != deal.pay.currency:
        return None
    return Money(deal.settles(told.minor), payment.currency)


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


def _find(tx: Transaction, notice: PaymentNotice, *, rail: str) -> Paying | None:
    """Lock the payment of a rail that its notice is about: by our own id, else by the provider's words for it.

    A rail speaks for its own payments only, whatever id it names.
    """
    if (attempt := _attempt(notice)) and (paying := lock_paying(tx, payment_id=attempt)):
        return paying if paying.payment.gateway == rail else None
    found = None
    if notice.session_ref:
        found = payments.find_payment(tx, gateway=rail, gateway_session=notice.session_ref)
    if found is None and notice.payment_ref:
        found = payments.find_payment(tx, gateway=rail, gateway_ref=notice.payment_ref)
    return lock_paying(tx, payment_id=found.payment_id) if found else None


def _attempt(notice: PaymentNotice) -> UUID | None:
    try:
        return UUID(notice.attempt) if notice.attempt else None
    except ValueError:
        return None
