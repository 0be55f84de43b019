"""The money is certain: it settles installments and parts of the debt, is booked, told, and a receipt is numbered."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.actions.life.complete_agreement import complete_if_paid
from portal.actions.payments.place_money import Placed, place
from portal.actions.payments.telling import tell
from portal.core.actors import SYSTEM
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, debtors, events, gifts, payments
from portal.store.accounts import Account
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction


def settle(tx: Transaction, *, payment: Payment, now: datetime) -> Payment:
    """Settle a locked payment of a locked account, whose amount is what came in; gives it as it is afterwards."""
    account = known(accounts.find_account(tx, account_id=payment.account_id))
    placed = place(
        tx, account=account, payment=payment, amount=payment.amount_minor, cause="payment", now=now
    )
    settled = replace(
        payment,
        state="succeeded",
        receipt_number=f"R-{now.year}-{payment.payment_id.hex[-10:].upper()}",
        allocation=placed.allocation,
    )
    payments.move_payment(
        tx,
        payment_id=payment.payment_id,
        before=payment.state,
        after="succeeded",
        now=now,
        amount_minor=settled.amount_minor,
        value_on=settled.value_on,
        receipt_number=settled.receipt_number,
        gateway_ref=settled.gateway_ref,
        gateway_session=settled.gateway_session,
        method=settled.method,
        allocation=settled.allocation,
    )
    if gift := (payment.quote or {}).get("gift"):
        gifts.end_gifts(tx, account_id=account.account_id, gift_id=UUID(hex=gift), now=now)
    _tell_success(tx, account, settled, placed, now=now)
    tell_paid(tx, account, settled, placed, now=now)
    if placed.agreement is not None and placed.is_plan_paid:
        complete_if_paid(
            tx, account, known(agreements.find_active(tx, account_id=account.account_id)), now=now
        )
    return settled


def _tell_success(
    tx: Transaction, account: Account, payment: Payment, placed: Placed, *, now: datetime
) -> None:
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
    tell(tx, payment, type_="payment.succeeded", now=now, **more)
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="receipt.issued",
        actor=SYSTEM,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=payment.debtor_id)).debtor_ref,
        payload={
            "id": f"rcp_{payment.payment_id.hex}",
            "payment": payment.payment_ref,
            "amount": money_payload(payment.amount_minor, currency),
            "number": payment.receipt_number,
        },
    )


def tell_paid(tx: Transaction, account: Account, payment: Payment, placed: Placed, *, now: datetime) -> None:
    """Tell each installment that is paid in full now."""
    if placed.agreement is None or not placed.done:
        return
    debtor_ref = known(debtors.find_debtor(tx, debtor_id=payment.debtor_id)).debtor_ref
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
