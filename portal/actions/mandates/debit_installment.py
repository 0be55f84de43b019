"""One installment is collected as its mandate says: once, at most what was told, never under a hold.

The scheduler of a plan may call `debit_installment` for every installment that falls due: without a mandate, a notice
or a day that has come it answers so and does nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from portal.actions.payments.destinations import with_destination
from portal.actions.payments.money_sides import destination_of
from portal.actions.payments.record_payment import record_state
from portal.actions.payments.telling import move_and_tell, payment_payload
from portal.core.actors import SYSTEM
from portal.core.calendar import local_day
from portal.core.mandates import STOPPING_HOLDS
from portal.core.money import Money
from portal.core.payments import (
    PaymentBusy,
    PaymentDeclined,
    PaymentRefused,
    PaymentState,
    PaymentTrouble,
)
from portal.store import accounts, agreements, debtors, events, mandates, payments
from portal.store.debtors import new_ref
from portal.store.mandates import Debit, Mandate
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction, Work


class Debiting(Protocol):
    """The part of a payment gateway that this action needs."""

    name: str
    passes_on: bool

    def charge_kept(
        self,
        *,
        attempt: UUID | str,
        amount: Money,
        customer_ref: str,
        method_ref: str,
        label: str,
        method: str = "card",
        destination: str | None = None,
    ) -> PaymentState | PaymentTrouble:
        """Debit a kept method while the debtor is away; with `destination` its money goes on to a creditor."""


@dataclass(frozen=True, kw_only=True)
class Debited:
    """What became of it: taken, pending, declined, unknown (being asked about), or not made with its reason.

    Reasons of `not_made`: no_mandate, not_told, not_yet, stopped, held, paid, in_flight, busy.
    """

    kind: str
    reason: str = ""
    payment_ref: str | None = None


def debit_installment(
    work: Work, *, agreement_id: UUID, number: int, gateway: Debiting, now: datetime
) -> Debited:
    """Collect one installment of an agreement if its mandate and its notice allow it today. Safe to call twice."""
    with work.begin() as tx:
        begun = _begin(tx, agreement_id, number, gateway, now)
    if isinstance(begun, Debited):
        return begun
    payment, mandate = begun
    answer = gateway.charge_kept(
        attempt=payment.payment_id,
        amount=Money(payment.amount_minor, payment.currency),
        customer_ref=mandate.customer_ref or "",
        method_ref=mandate.method_ref or "",
        label=payment.payment_ref,
        method=mandate.method or "card",
        destination=destination_of(payment),
    )
    return _end(work, payment, answer, now=now)


def _begin(
    tx: Transaction, agreement_id: UUID, number: int, gateway: Debiting, now: datetime
) -> Debited | tuple[Payment, Mandate]:
    """Write the attempt down under the account's lock, so that no second one begins."""
    mandate = mandates.find_active_mandate(tx, agreement_id=agreement_id)
    if mandate is None or mandate.gateway != gateway.name:
        return Debited(kind="not_made", reason="no_mandate")
    accounts.lock_account(tx, account_id=mandate.account_id)
    debit = mandates.find_debit(tx, agreement_id=agreement_id, number=number)
    row = next(
        (one for one in agreements.list_installments(tx, agreement_id=agreement_id) if one.number == number),
        None,
    )
    left = row.left_minor if row else 0
    reason = _why_not(tx, mandate, debit, left=left, now=now)
    if reason or debit is None:
        return Debited(kind="not_made", reason=reason)
    payment = _attempt(tx, mandate, min(left, debit.amount_minor), gateway, now)
    mandates.move_debit(
        tx,
        debit_id=debit.debit_id,
        before="told",
        after="taking",
        tries=debit.tries + 1,
        payment_id=payment.payment_id,
    )
    return payment, mandate


def _why_not(tx: Transaction, mandate: Mandate, debit: Debit | None, *, left: int, now: datetime) -> str:
    if debit is None or debit.mandate_id != mandate.mandate_id:
        return "not_told"
    if debit.state != "told":
        return "stopped" if debit.state in {"stopped", "failed"} else "in_flight"
    agreement = agreements.find_agreement(tx, agreement_id=mandate.agreement_id)
    if agreement is None or agreement.state != "active" or not left:
        return "paid"
    debtor = known(debtors.find_debtor(tx, debtor_id=mandate.debtor_id))
    if debit.debit_on > local_day(now=now, time_zone=debtor.time_zone):
        return "not_yet"
    holds = accounts.list_holds(tx, account_id=mandate.account_id, now=now)
    if any(hold.kind in STOPPING_HOLDS for hold in holds):
        return "held"
    return "in_flight" if payments.list_in_flight(tx, account_id=mandate.account_id) else ""


def _attempt(tx: Transaction, mandate: Mandate, amount: int, gateway: Debiting, now: datetime) -> Payment:
    account = known(accounts.find_account(tx, account_id=mandate.account_id))
    agreement = known(agreements.find_agreement(tx, agreement_id=mandate.agreement_id))
    payment_id = tx.new_id()
    payment = Payment(
        payment_id=payment_id,
        payment_ref=new_ref("pay", payment_id),
        debtor_id=mandate.debtor_id,
        account_id=mandate.account_id,
        agreement_id=mandate.agreement_id,
        currency=account.currency,
        amount_minor=amount,
        purpose="installment",
        channel="mandate",
        gateway=gateway.name,
        method=mandate.method,
        state="started",
        started_at=now,
        quote=with_destination(tx, None, account=account, gateway=gateway),
    )
    payments.save_payment(tx, payment)
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="payment.started",
        actor=SYSTEM,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=mandate.debtor_id)).debtor_ref,
        payload=payment_payload(payment, agreement_ref=agreement.agreement_ref),
    )
    return payment


def _put_back(work: Work, payment: Payment, *, now: datetime) -> None:
    """End an attempt of which the provider did nothing; the debit waits for the next round, and no try is counted."""
    with work.begin() as tx:
        accounts.lock_account(tx, account_id=payment.account_id)
        move_and_tell(
            tx,
            payment,
            after="canceled",
            type_="payment.failed",
            now=now,
            reason="provider_busy",
            is_retryable=True,
        )
        debit = mandates.find_debit(tx, payment_id=payment.payment_id)
        if debit is not None:
            mandates.move_debit(
                tx, debit_id=debit.debit_id, before="taking", after="told", tries=debit.tries - 1
            )


def _end(work: Work, payment: Payment, answer: PaymentState | PaymentTrouble, *, now: datetime) -> Debited:
    """Write the answer down. A refusal of the request itself counts as a decline that a person must look at."""
    ref = payment.payment_ref
    if isinstance(answer, PaymentDeclined):
        answer = PaymentState(
            state="failed", payment_ref=answer.payment_ref, decline_code=answer.code, is_final=answer.is_final
        )
    elif isinstance(answer, PaymentRefused):
        answer = PaymentState(state="failed", decline_code=answer.code, is_final=True)
    elif isinstance(answer, PaymentBusy):
        _put_back(work, payment, now=now)
        return Debited(kind="not_made", reason="busy", payment_ref=ref)
    if isinstance(answer, PaymentState):
        record_state(work, payment_id=payment.payment_id, state=answer, now=now)
        kinds = {"succeeded": "taken", "pending": "pending", "failed": "declined", "canceled": "declined"}
        return Debited(kind=kinds.get(answer.state, "unknown"), payment_ref=ref)
    with work.begin() as tx:
        move_and_tell(tx, payment, after="unknown", type_="payment.unknown", now=now)
    return Debited(kind="unknown", payment_ref=ref)
