"""The lender tells a payment that reached it another way: by bank, at a branch, through an agency."""

from dataclasses import dataclass
from datetime import date, datetime, time

from portal.actions.accounts.find_and_lock import Found, find_and_lock
from portal.actions.payments.record_payment import apply_notice
from portal.core.imports.acts import METHODS
from portal.core.money import Money
from portal.core.payments import Kind, PaymentNotice
from portal.store import agreements, form_tokens, payments
from portal.store.debtors import new_ref
from portal.store.paying import lock_paying
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction, Work

ELSEWHERE = "elsewhere"


@dataclass(frozen=True, kw_only=True)
class TakenElsewhere:
    """What became of it: taken, taken_before (the same `reference` and payment), or a refusal.

    Refusals change nothing: unknown (no such account), settled (nothing is open), amount (not above zero),
    other_currency (`currency` is the account's), future, other_payment (the reference stands for another one).
    """

    kind: str
    payment_ref: str | None = None
    currency: str = ""


def take_payment_elsewhere(
    work: Work,
    *,
    account_ref: str,
    amount_minor: int,
    currency: str,
    reference: str,
    method: str,
    paid_on: date,
    now: datetime,
) -> TakenElsewhere:
    """Book a payment that was made elsewhere as if it had been made here: plan, debt, ledger, receipt, events.

    `reference` is the lender's own number of the payment: told twice, it is booked once. Raises ValueError for an
    unknown method.
    """
    if method not in METHODS:
        raise ValueError(f"a method is one of {', '.join(METHODS)}")
    with work.begin() as tx:
        found = find_and_lock(tx, account_ref=account_ref)
        if found is None:
            return TakenElsewhere(kind="unknown")
        before = payments.find_payment(tx, gateway=ELSEWHERE, gateway_ref=reference)
        if before is not None:
            return _again(before, found, amount_minor, currency)
        if refusal := _refusal(found, amount_minor, currency, paid_on=paid_on, now=now):
            return TakenElsewhere(kind=refusal, currency=found.account.currency)
        payment = _begin(tx, found, amount_minor, reference=reference, method=method, now=now)
        if not form_tokens.use_token(
            tx, token=f"{ELSEWHERE}:{reference}", answer=payment.payment_ref, now=now
        ):
            raise SameReferenceError
        paying = known(lock_paying(tx, payment_id=payment.payment_id))
        apply_notice(tx, paying=paying, notice=_notice(payment, paid_on, now), now=now)
    return TakenElsewhere(kind="taken", payment_ref=payment.payment_ref)


class SameReferenceError(Exception):
    """The same reference was being told for another account at this moment; everything here was rolled back."""


def _again(before: Payment, found: Found, amount_minor: int, currency: str) -> TakenElsewhere:
    is_same = (before.account_id, before.amount_minor, before.currency) == (
        found.account.account_id,
        amount_minor,
        currency,
    )
    if is_same:
        return TakenElsewhere(kind="taken_before", payment_ref=before.payment_ref)
    return TakenElsewhere(kind="other_payment")


def _refusal(found: Found, amount_minor: int, currency: str, *, paid_on: date, now: datetime) -> str:
    if found.account.state != "open":
        return "settled"
    if currency != found.account.currency:
        return "other_currency"
    if amount_minor <= 0:
        return "amount"
    return "future" if paid_on > now.date() else ""


def _notice(payment: Payment, paid_on: date, now: datetime) -> PaymentNotice:
    return PaymentNotice(
        event_id=payment.payment_ref,
        event_type=ELSEWHERE,
        kind=Kind.SUCCEEDED,
        at=datetime.combine(paid_on, time(), tzinfo=now.tzinfo),
        amount=Money(payment.amount_minor, payment.currency),
    )


def _begin(
    tx: Transaction, found: Found, amount_minor: int, *, reference: str, method: str, now: datetime
) -> Payment:
    agreement = agreements.find_active(tx, account_id=found.account.account_id)
    payment_id = tx.new_id()
    payment = Payment(
        payment_id=payment_id,
        payment_ref=new_ref("pay", payment_id),
        debtor_id=found.account.debtor_id,
        account_id=found.account.account_id,
        agreement_id=agreement.agreement_id if agreement else None,
        currency=found.account.currency,
        amount_minor=amount_minor,
        purpose="amount",
        channel=ELSEWHERE,
        gateway=ELSEWHERE,
        method=method,
        gateway_ref=reference,
        state="started",
        started_at=now,
    )
    payments.save_payment(tx, payment)
    return payment
