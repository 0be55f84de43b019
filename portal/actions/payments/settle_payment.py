"""The money is certain: it settles installments and parts of the debt, is booked, told, and a receipt is numbered."""

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.actions.life.complete_agreement import complete_if_paid
from portal.actions.payments.place_money import Placed, place
from portal.actions.payments.telling import tell_of
from portal.core.actors import SYSTEM
from portal.core.fx import deal_of
from portal.core.life.money import final_at
from portal.core.plans.telling import money_payload
from portal.store import agreements, events, gifts, jobs, payments
from portal.store.accounts import Account
from portal.store.paying import Paying
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.running_plans import RunningPlan
from portal.store.work import Transaction


class Settled(NamedTuple):
    """A payment as it is afterwards, and its plan as the money left it: None when that has to be read again."""

    payment: Payment
    plan: RunningPlan | None


def settle(tx: Transaction, *, paying: Paying, plan: RunningPlan | None, now: datetime) -> Settled:
    """Settle a locked payment, whose amount is what came in; `plan` is the plan of its account as it stands now."""
    payment = paying.payment
    account = paying.account
    placed = place(
        tx, account=account, plan=plan, payment=payment, amount=payment.amount_minor, cause="payment", now=now
    )
    settled = replace(
        payment,
        state="succeeded",
        receipt_number=f"R-{now.year}-{payment.payment_id.hex[-10:].upper()}",
        allocation=placed.allocation,
    )
    payments.save_success(tx, payment=settled, before=payment.state, now=now)
    if gift := (payment.quote or {}).get("gift"):
        gifts.end_gifts(tx, account_id=account.account_id, gift_id=UUID(hex=gift), now=now)
    if deal_of(payment.quote):
        jobs.defer(tx, "value_payment", queue="payments", payment_id=str(payment.payment_id))
    _tell_success(tx, replace(paying, payment=settled), placed, now=now)
    tell_paid(tx, account, settled, placed, debtor_ref=paying.debtor_ref, now=now)
    if placed.agreement is not None and placed.is_plan_paid:
        complete_if_paid(
            tx, account, known(agreements.find_active(tx, account_id=account.account_id)), now=now
        )
        return Settled(settled, None)
    if placed.agreement is None and not placed.left_minor:
        _confirm_end(tx, settled, now=now)
    return Settled(settled, placed.moved)


def _confirm_end(tx: Transaction, payment: Payment, *, now: datetime) -> None:
    """Let a worker write the letter that nothing is left to pay, as soon as this money is final."""
    jobs.defer(
        tx,
        "issue_closing_letter",
        queue="documents",
        not_before=final_at([(now, payment.method or "")]),
        account_id=payment.account_id.hex,
    )


def _tell_success(tx: Transaction, paying: Paying, placed: Placed, *, now: datetime) -> None:
    payment = paying.payment
    currency = payment.currency
    kept = placed.allocation
    allocation = {
        "principal": money_payload(kept["principal"], currency),
        "interest": money_payload(kept["interest"] + kept["plan_interest"], currency),
        "fees": money_payload(kept["fees"], currency),
        "unallocated": money_payload(kept["credit"], currency),
    }
    more: dict[str, Any] = {"allocation": allocation, "balance": money_payload(placed.left_minor, currency)}
    if numbers := [number for number, _ in kept["installments"] if number > 0]:
        more["installments"] = numbers
    tell_of(tx, paying, type_="payment.succeeded", now=now, **more)
    events.append_for_accounts(
        tx,
        accounts=[paying.account],
        type="receipt.issued",
        actor=SYSTEM,
        at=now,
        debtor_ref=paying.debtor_ref,
        payload={
            "id": f"rcp_{payment.payment_id.hex}",
            "payment": payment.payment_ref,
            "amount": money_payload(payment.amount_minor, currency),
            "number": payment.receipt_number,
        },
    )


def tell_paid(
    tx: Transaction, account: Account, payment: Payment, placed: Placed, *, debtor_ref: str, now: datetime
) -> None:
    """Tell each installment that is paid in full now."""
    if placed.agreement is None:
        return
    for row in placed.done:
        amount = money_payload(row.amount_minor, payment.currency)
        events.append_for_accounts(
            tx,
            accounts=[account],
            type="installment.paid",
            actor=SYSTEM,
            at=now,
            debtor_ref=debtor_ref,
            payload={
                "agreement": placed.agreement.agreement_ref,
                "number": row.number,
                "due_on": row.due_on.isoformat(),
                "amount": amount,
                "payment": payment.payment_ref,
                "paid": amount,
                "is_late": now.date() > row.due_on,
                "paid_on": now.date().isoformat(),
            },
        )
