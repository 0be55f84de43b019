"""The money is certain: it settles installments and parts of the debt, is booked, told, and a receipt is numbered."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.actions.payments.complete_agreement import complete_if_paid
from portal.actions.payments.telling import tell
from portal.core.actors import SYSTEM
from portal.core.agreements.books import Due, Owed, Settled, interest_part, pay_installments
from portal.core.agreements.books import settle as settle_debt
from portal.core.payments import PaymentNotice
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, debtors, events, ledger, payments
from portal.store.accounts import Account
from portal.store.agreements import Agreement, Installment
from portal.store.ledger import Entry
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction

OPEN = frozenset({"started", "pending", "unknown", "failed", "canceled"})
"""States from which a payment can still succeed: a decline or a closed page may be followed by a second try."""


def settle(tx: Transaction, *, payment: Payment, notice: PaymentNotice, now: datetime) -> str:
    """Apply a success to a locked payment of a locked account; a second one changes nothing.

    What the provider took decides, not what was asked: the amount of the notice is what is settled.
    """
    if payment.state not in OPEN:
        return "nothing_new"
    paid = _as_told(payment, notice)
    amount = paid.amount_minor
    account = known(accounts.find_account(tx, account_id=payment.account_id))
    agreement = agreements.find_active(tx, account_id=account.account_id)
    rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id) if agreement else []
    parts = pay_installments(
        amount_minor=amount, dues=[Due(number=r.number, left_minor=r.left_minor) for r in rows]
    )
    new_interest = _pay_rows(tx, rows, parts)
    settled = _book(tx, account, paid, new_interest=new_interest, now=now)
    receipt = f"R-{now.year}-{payment.payment_id.hex[-10:].upper()}"
    payments.move_payment(
        tx,
        payment_id=payment.payment_id,
        before=payment.state,
        after="succeeded",
        now=now,
        amount_minor=amount,
        value_on=notice.at.date(),
        receipt_number=receipt,
        gateway_ref=paid.gateway_ref,
        gateway_session=paid.gateway_session,
        method=paid.method,
        allocation=_allocation(settled, new_interest, parts),
    )
    _tell_success(
        tx, account, paid, settled, new_interest=new_interest, parts=parts, receipt=receipt, now=now
    )
    if agreement is not None:
        done = [row for row in rows if (row.number, row.left_minor) in parts]
        _tell_paid(tx, account, agreement, done, payment=paid, now=now)
        complete_if_paid(tx, account, agreement, now=now)
    return "applied"


def _as_told(payment: Payment, notice: PaymentNotice) -> Payment:
    """Give the attempt with what the provider says of it."""
    return replace(
        payment,
        amount_minor=notice.amount.minor if notice.amount is not None else payment.amount_minor,
        gateway_ref=notice.payment_ref or payment.gateway_ref,
        gateway_session=notice.session_ref or payment.gateway_session,
        method=notice.method or payment.method,
    )


def _pay_rows(tx: Transaction, rows: list[Installment], parts: tuple[tuple[int, int], ...]) -> int:
    """Write the parts onto the installments; gives how much of them is the plan's own interest."""
    by_number = {row.number: row for row in rows}
    interest = 0
    for number, part in parts:
        row = by_number[number]
        interest += interest_part(paid_before=row.paid_minor, part=part, interest=row.interest_minor)
        state = "paid" if part == row.left_minor else row.state
        if not agreements.save_paid(tx, installment=row, paid_minor=row.paid_minor + part, state=state):
            raise InstallmentChangedError
    return interest


class InstallmentChangedError(Exception):
    """An installment changed although its account was locked; everything was rolled back."""


def _book(
    tx: Transaction, account: Account, payment: Payment, *, new_interest: int, now: datetime
) -> Settled:
    """Settle what exceeds the plan's own interest against the parts of the debt, and post all of it."""
    owed = Owed(fees=account.fees_minor, interest=account.interest_minor, principal=account.principal_minor)
    rest = payment.amount_minor - new_interest
    settled = (
        settle_debt(amount_minor=rest, owed=owed)
        if rest
        else Settled(fees=0, interest=0, principal=0, credit=0)
    )
    accounts.save_balance(
        tx,
        account_id=account.account_id,
        principal_minor=account.principal_minor - settled.principal,
        interest_minor=account.interest_minor - settled.interest,
        fees_minor=account.fees_minor - settled.fees,
        now=now,
    )
    sides = {
        "cash": payment.amount_minor,
        "fees": -settled.fees,
        "interest": -settled.interest,
        "principal": -settled.principal,
        "plan_interest": -new_interest,
        "credit": -settled.credit,
    }
    ledger.post(
        tx,
        account_id=account.account_id,
        currency=payment.currency,
        entries=tuple(Entry(book=book, amount_minor=side) for book, side in sides.items() if side),
        on_date=now.date(),
        cause="payment",
        payment_id=payment.payment_id,
        now=now,
    )
    if settled.total - settled.credit == owed.total and account.state == "open":
        accounts.move_account(tx, account_id=account.account_id, before="open", after="settled", now=now)
    return settled


def _allocation(settled: Settled, new_interest: int, parts: tuple[tuple[int, int], ...]) -> dict[str, Any]:
    return {
        "fees": settled.fees,
        "interest": settled.interest,
        "principal": settled.principal,
        "credit": settled.credit,
        "plan_interest": new_interest,
        "installments": [list(part) for part in parts],
    }


def _tell_success(
    tx: Transaction,
    account: Account,
    payment: Payment,
    settled: Settled,
    *,
    new_interest: int,
    parts: tuple[tuple[int, int], ...],
    receipt: str,
    now: datetime,
) -> None:
    currency = payment.currency
    left = account.balance_minor - settled.total + settled.credit
    allocation = {
        "principal": money_payload(settled.principal, currency),
        "interest": money_payload(settled.interest + new_interest, currency),
        "fees": money_payload(settled.fees, currency),
        "unallocated": money_payload(settled.credit, currency),
    }
    more: dict[str, Any] = {"allocation": allocation, "balance": money_payload(left, currency)}
    if parts:
        more["installments"] = [number for number, _ in parts if number > 0]
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
            "number": receipt,
        },
    )


def _tell_paid(
    tx: Transaction,
    account: Account,
    agreement: Agreement,
    done: list[Installment],
    *,
    payment: Payment,
    now: datetime,
) -> None:
    debtor_ref = known(debtors.find_debtor(tx, debtor_id=payment.debtor_id)).debtor_ref
    for row in done:
        amount = money_payload(row.amount_minor, payment.currency)
        events.append_for_accounts(
            tx,
            accounts=[account],
            type="installment.paid",
            actor=SYSTEM,
            at=now,
            debtor_ref=debtor_ref,
            payload={
                "agreement": agreement.agreement_ref,
                "number": row.number,
                "due_on": row.due_on.isoformat(),
                "amount": amount,
                "payment": payment.payment_ref,
                "paid": amount,
                "is_late": now.date() > row.due_on,
                "paid_on": now.date().isoformat(),
            },
        )
