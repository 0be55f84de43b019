"""Money goes back: a refund, or a bank that questions a payment and may take it. What it had settled opens again.

A chargeback reopens installments without a mark against the debtor (FEATURES 91).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.actions.payments.telling import tell
from portal.core.payments import Kind, PaymentNotice
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, ledger, payments
from portal.store.accounts import Account
from portal.store.ledger import Entry
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What a reversal takes off, part by part, in minor units."""

    credit: int
    principal: int
    interest: int
    fees: int
    plan_interest: int


def reverse(tx: Transaction, *, payment: Payment, notice: PaymentNotice, now: datetime) -> str:
    """Apply a refund or a bank's question to a locked payment; gives applied, nothing_new or waits."""
    if payment.state in {"started", "pending", "unknown"}:
        return "waits"
    match notice.kind:
        case Kind.REFUNDED:
            return _refund(tx, payment, notice, now)
        case Kind.DISPUTED:
            return _dispute(tx, payment, notice, now)
        case Kind.DISPUTE_WON:
            return _won(tx, payment, now)
        case _:
            return _lost(tx, payment, notice, now)


def _refund(tx: Transaction, payment: Payment, notice: PaymentNotice, now: datetime) -> str:
    so_far = notice.amount.minor if notice.amount is not None else payment.amount_minor
    delta = min(so_far, payment.amount_minor) - payment.refunded_minor
    if delta <= 0 or payment.state not in {"succeeded", "disputed"}:
        return "nothing_new"
    account = _undo(tx, payment, delta, cause="refund", now=now)
    whole = payment.refunded_minor + delta == payment.amount_minor
    if whole and payment.state == "succeeded":
        payments.move_payment(
            tx,
            payment_id=payment.payment_id,
            before="succeeded",
            after="refunded",
            now=now,
            refunded_minor=payment.amount_minor,
        )
    else:
        payments.save_refunded(
            tx, payment_id=payment.payment_id, refunded_minor=payment.refunded_minor + delta
        )
    more: dict[str, Any] = {
        "refunded": money_payload(delta, payment.currency),
        "balance": money_payload(account.balance_minor, payment.currency),
    }
    tell(tx, payment, type_="payment.refunded", now=now, **more)
    return "applied"


def _dispute(tx: Transaction, payment: Payment, notice: PaymentNotice, now: datetime) -> str:
    if payment.state != "succeeded":
        return "nothing_new"
    payments.move_payment(tx, payment_id=payment.payment_id, before="succeeded", after="disputed", now=now)
    more = {"reason": notice.decline_code} if notice.decline_code else {}
    tell(tx, payment, type_="payment.disputed", now=now, **more)
    return "applied"


def _won(tx: Transaction, payment: Payment, now: datetime) -> str:
    if payment.state != "disputed":
        return "nothing_new" if payment.state != "succeeded" else "waits"
    payments.move_payment(tx, payment_id=payment.payment_id, before="disputed", after="succeeded", now=now)
    return "applied"


def _lost(tx: Transaction, payment: Payment, notice: PaymentNotice, now: datetime) -> str:
    if payment.state not in {"succeeded", "disputed"}:
        return "nothing_new"
    delta = payment.amount_minor - payment.refunded_minor
    account = _undo(tx, payment, delta, cause="returned", now=now)
    payments.move_payment(tx, payment_id=payment.payment_id, before=payment.state, after="returned", now=now)
    more: dict[str, Any] = {
        "returned": money_payload(delta, payment.currency),
        "balance": money_payload(account.balance_minor, payment.currency),
    }
    if notice.decline_code:
        more["reason"] = notice.decline_code
    tell(tx, payment, type_="payment.returned", now=now, **more)
    return "applied"


def _undo(tx: Transaction, payment: Payment, delta: int, *, cause: str, now: datetime) -> Account:
    """Take `delta` off again: credit first, then principal, interest and fees, the reverse of the way in."""
    account = known(accounts.find_account(tx, account_id=payment.account_id))
    undone = _parts(payment, delta)
    accounts.save_balance(
        tx,
        account_id=account.account_id,
        principal_minor=account.principal_minor + undone.principal,
        interest_minor=account.interest_minor + undone.interest,
        fees_minor=account.fees_minor + undone.fees,
        now=now,
    )
    sides = (*vars(undone).items(), ("refunds" if cause == "refund" else "cash", -delta))
    ledger.post(
        tx,
        account_id=account.account_id,
        currency=payment.currency,
        entries=tuple(Entry(book=book, amount_minor=side) for book, side in sides if side),
        on_date=now.date(),
        cause=cause,
        payment_id=payment.payment_id,
        now=now,
    )
    _reopen(tx, payment, delta)
    if account.state == "settled" and delta > undone.credit:
        accounts.move_account(tx, account_id=account.account_id, before="settled", after="open", now=now)
    return known(accounts.find_account(tx, account_id=account.account_id))


def _parts(payment: Payment, delta: int) -> Undone:
    """Say which parts the next `delta` units of a payment's reversal fall on."""
    kept = dict(payment.allocation or {})
    skip, left = payment.refunded_minor, delta
    parts: dict[str, int] = {}
    for book in ("credit", "principal", "interest", "fees", "plan_interest"):
        room = int(kept.get(book, 0))
        passed = min(room, skip)
        skip -= passed
        parts[book] = min(room - passed, left)
        left -= parts[book]
    return Undone(**parts)


def _reopen(tx: Transaction, payment: Payment, delta: int) -> None:
    """Open the installments that the reversed money had paid, the latest first."""
    if payment.agreement_id is None:
        return
    rows = {row.number: row for row in agreements.list_installments(tx, agreement_id=payment.agreement_id)}
    placed = [(int(number), int(part)) for number, part in (payment.allocation or {}).get("installments", [])]
    left = delta
    for number, part in reversed(placed):
        row = rows[number]
        back = min(part, left, row.paid_minor)
        if back:
            state = "due" if row.state == "paid" else row.state
            agreements.save_paid(tx, installment=row, paid_minor=row.paid_minor - back, state=state)
            left -= back
