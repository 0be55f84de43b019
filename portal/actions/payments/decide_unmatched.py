"""The second pair of eyes says yes or no to a step about money that fits nothing; who asked for it may not."""

from dataclasses import replace
from datetime import datetime

from portal.actions.payments.ask_unmatched import money_of
from portal.actions.payments.record_payment import apply_notice
from portal.actions.staff.second_eyes import check_decision, tell_decision, why_not_decided
from portal.core.actors import Actor
from portal.store import accounts, agreements, inbox, jobs, payments, unmatched
from portal.store.debtors import new_ref
from portal.store.paying import lock_paying
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.unmatched import Step
from portal.store.work import Transaction, Work


def decide_unmatched(
    work: Work, *, step_ref: str, decision: str, by: str, actor: Actor, now: datetime
) -> str:
    """Approve or decline a step: decided, unknown, not_waiting, own_work (refused), or gone (dealt with meanwhile).

    An approved match is booked at once like any payment; what is sent back goes out by a job. Raises ValueError for
    another decision.
    """
    check_decision(decision)
    with work.begin() as tx:
        step = unmatched.lock_step(tx, step_ref=step_ref)
        if step is None:
            return "unknown"
        refusal = why_not_decided(is_waiting=step.state == "asked", asked_by=step.asked_by, by=by)
        if refusal:
            return refusal
        ends = {"ended_at": now} if decision == "declined" else {}
        unmatched.move_step(
            tx, step_id=step.step_id, before="asked", after=decision, decided_by=by, decided_at=now, **ends
        )
        tell_decision(
            tx,
            approval_ref=f"apr_{step.step_id.hex}",
            decision=decision,
            subject=f"unmatched_{step.kind}",
            subject_ref=step.step_ref,
            actor=actor,
            now=now,
        )
        if decision == "approved":
            _begin(tx, step, now=now)
    return "decided"


def _begin(tx: Transaction, step: Step, *, now: datetime) -> None:
    if step.kind == "send_back":
        jobs.defer(tx, "send_unmatched", queue="payments", step_id=str(step.step_id))
        return
    kept = known(unmatched.lock_notice(tx, source=step.source, outside_id=step.outside_id))
    notice, _amount = known(money_of(kept.body))
    payment = _payment(tx, step, gateway_ref=notice.payment_ref or "", now=now)
    paying = known(lock_paying(tx, payment_id=payment.payment_id))
    apply_notice(tx, paying=paying, notice=replace(notice, attempt=None, session_ref=None), now=now)
    unmatched.move_step(tx, step_id=step.step_id, before="approved", after="done", ended_at=now)
    inbox.finish(tx, source=step.source, outside_id=step.outside_id, state="done", now=now)


def _payment(tx: Transaction, step: Step, *, gateway_ref: str, now: datetime) -> Payment:
    """Write down the payment that the money is now; the account is locked first, as always."""
    account = known(accounts.lock_account(tx, account_id=known(step.account_id)))
    active = agreements.find_active(tx, account_id=account.account_id)
    payment_id = tx.new_id()
    payment = Payment(
        payment_id=payment_id,
        payment_ref=new_ref("pay", payment_id),
        debtor_id=account.debtor_id,
        account_id=account.account_id,
        agreement_id=active.agreement_id if active else None,
        currency=step.currency,
        amount_minor=step.amount_minor,
        purpose="amount",
        channel="elsewhere",
        gateway=step.source,
        gateway_ref=gateway_ref,
        state="started",
        started_at=now,
    )
    payments.save_payment(tx, payment)
    return payment
