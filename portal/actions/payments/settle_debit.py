"""The end of a debit's payment is the debit's: done, tried again after payday, or left to the debtor, who is told."""

from datetime import datetime

from portal.actions.payments.record_mandate import cancel
from portal.core.actors import SYSTEM
from portal.core.calendar import local_day
from portal.core.mandates import next_try
from portal.core.payment_story import Standing
from portal.core.payments import is_hard_decline
from portal.store import debtors, jobs, mandates
from portal.store.mandates import Debit, Mandate
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction

#: Declines that end the mandate: the way to pay is gone, or the bank was told to stop.
GONE = frozenset(
    {
        "account_closed",
        "bank_account_restricted",
        "debit_not_authorized",
        "invalid_account",
        "lost_card",
        "pickup_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "stolen_card",
        "stop_payment_order",
    }
)


def settle_debit(tx: Transaction, *, payment: Payment, target: Standing, now: datetime) -> None:
    """Move the debit of a payment to where the payment stands, in an open transaction of a locked account."""
    debit = mandates.find_debit(tx, payment_id=payment.payment_id)
    if debit is None or debit.state not in {"taking", "told", "failed"}:
        return
    if target.took:
        _done(tx, debit)
        return
    if debit.state == "taking" and target.state in {"failed", "canceled"}:
        mandate = known(mandates.find_mandate(tx, mandate_id=debit.mandate_id))
        _declined(tx, debit, mandate, target, now=now)


def _done(tx: Transaction, debit: Debit) -> None:
    if debit.state != "taking":
        mandates.move_debit(tx, debit_id=debit.debit_id, before=debit.state, after="taking")
    mandates.move_debit(tx, debit_id=debit.debit_id, before="taking", after="done")


def _declined(tx: Transaction, debit: Debit, mandate: Mandate, target: Standing, *, now: datetime) -> None:
    debtor = known(debtors.find_debtor(tx, debtor_id=mandate.debtor_id))
    today = local_day(now=now, time_zone=debtor.time_zone)
    again = next_try(
        declined_on=today,
        tries=debit.tries,
        code=target.code,
        is_final=target.is_final,
        terms=mandate.terms,
    )
    if debit.tries == 1:
        jobs.defer(tx, "tell_declined", queue="messages", debtor_id=str(mandate.debtor_id))
    if again is not None and mandate.state == "active":
        mandates.move_debit(tx, debit_id=debit.debit_id, before="taking", after="told", debit_on=again)
        return
    mandates.move_debit(tx, debit_id=debit.debit_id, before="taking", after="failed")
    if mandate.state == "active" and target.code in GONE and is_hard_decline(target.code):
        cancel(tx, mandate, reason=target.code or "declined", actor=SYSTEM, now=now)
