"""Where money goes on an account: first the installments of its plan, then the parts of the debt, the rest is credit.

Booked in the same step. What a payment placed is kept with it, so that it can be taken off again part by part.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from portal.actions.payments.money_sides import book_back, book_in, money_sides, stays
from portal.core.agreements.books import Due, Owed, Settled, interest_part, pay_installments
from portal.core.agreements.books import settle as settle_debt
from portal.core.payables import Due as OpenDue
from portal.core.payables import rebates
from portal.store import accounts, ledger
from portal.store import rebates as rebate_rows
from portal.store.accounts import Account
from portal.store.active_plans import ActivePlan
from portal.store.agreements import Installment
from portal.store.ledger import Entry
from portal.store.payments import Payment
from portal.store.running_plans import RunningPlan, save_parts
from portal.store.work import Transaction

Parts = tuple[tuple[int, int], ...]
"""The number of an installment and minor units of it."""
NOTHING = Settled(fees=0, interest=0, principal=0, credit=0)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where money went: `allocation` as it is kept, the plan, the installments that are paid in full now, the rest.

    `is_plan_paid`: nothing is left of the plan's installments; `moved` is the plan as the money left it.
    """

    allocation: dict[str, Any]
    agreement: ActivePlan | None
    done: tuple[Installment, ...]
    left_minor: int
    is_plan_paid: bool
    moved: RunningPlan | None


def place(
    tx: Transaction,
    *,
    account: Account,
    plan: RunningPlan | None,
    payment: Payment,
    amount: int,
    cause: str,
    now: datetime,
) -> Placed:
    """Put an amount of a payment onto a locked account and book it; `plan` counts while it is the account's own.

    What is written waits (`Transaction.later`): an installment that changed although its account was locked raises
    LostRowError and undoes everything.
    """
    agreement = plan.plan if plan is not None and plan.is_active else None
    rows = list(plan.installments) if plan is not None and agreement is not None else []
    saved: Parts = ()
    if agreement is not None:
        rows, saved = _rebate(tx, agreement, rows, payment=payment, amount=amount)
    dues = [Due(number=row.number, left_minor=row.left_minor) for row in rows]
    parts = pay_installments(amount_minor=amount, dues=dues)
    plan_interest, paid = _pay_rows(tx, rows, parts)
    settled = _book(tx, account, payment, amount, plan_interest=plan_interest, cause=cause, now=now)
    allocation = _kept(settled, plan_interest, parts, agreement, saved)
    return Placed(
        allocation=allocation,
        agreement=agreement,
        done=tuple(row for row in rows if (row.number, row.left_minor) in parts),
        left_minor=account.balance_minor - settled.total + settled.credit,
        is_plan_paid=sum(row.left_minor for row in rows) == sum(part for _, part in parts),
        moved=plan.with_installments(_moved(rows, paid, saved)) if plan is not None and rows else plan,
    )


def _kept(
    settled: Settled, plan_interest: int, parts: Parts, agreement: ActivePlan | None, saved: Parts
) -> dict[str, Any]:
    """Say where money went, as it is kept with its payment."""
    kept: dict[str, Any] = {
        "fees": settled.fees,
        "interest": settled.interest,
        "principal": settled.principal,
        "credit": settled.credit,
        "plan_interest": plan_interest,
        "installments": [list(part) for part in parts],
    }
    if agreement is not None:
        kept["agreement"] = agreement.agreement_id.hex
    if saved:
        kept["saved"] = [list(one) for one in saved]
    return kept


def open_dues(rows: list[Installment]) -> tuple[OpenDue, ...]:
    """Give the installments of a plan as far as they are open."""
    return tuple(
        OpenDue(
            number=row.number,
            due_on=row.due_on,
            left=row.left_minor,
            interest=row.interest_minor,
            unpaid_interest=max(row.interest_minor - row.paid_minor, 0),
        )
        for row in rows
    )


def _rebate(
    tx: Transaction, agreement: ActivePlan, rows: list[Installment], *, payment: Payment, amount: int
) -> tuple[list[Installment], Parts]:
    """Take the interest that is not earned yet off the rows when the payment pays a plan off as it was promised."""
    promised_on = (payment.quote or {}).get("payoff_on")
    if promised_on is None or agreement.signed_at is None:
        return rows, ()
    on = date.fromisoformat(promised_on)
    saved = rebates(open_dues(rows), starts_on=agreement.signed_at.date(), on=on)
    less = dict(saved)
    if amount < sum(row.left_minor for row in rows) - sum(less.values()):
        return rows, ()
    for number, by in saved:
        rebate_rows.change_interest(tx, agreement_id=agreement.agreement_id, number=number, by_minor=-by)
    return [
        replace(
            row,
            amount_minor=row.amount_minor - less.get(row.number, 0),
            interest_minor=row.interest_minor - less.get(row.number, 0),
        )
        for row in rows
    ], saved


def _moved(
    rows: list[Installment], paid: list[tuple[Installment, int, str]], saved: Parts
) -> dict[int, Installment]:
    """Give the rows that money moved as they are now: those that it paid, and those that got cheaper."""
    cheaper = {number for number, _ in saved}
    return {row.number: row for row in rows if row.number in cheaper} | {
        row.number: replace(row, paid_minor=paid_minor, state=state) for row, paid_minor, state in paid
    }


def _pay_rows(
    tx: Transaction, rows: list[Installment], parts: Parts
) -> tuple[int, list[tuple[Installment, int, str]]]:
    """Write the parts onto the installments; gives how much is the plan's own interest, and what was written."""
    by_number = {row.number: row for row in rows}
    interest = 0
    paid: list[tuple[Installment, int, str]] = []
    nothing_left = [
        (row.number, 0) for row in rows if not row.left_minor and row.state not in {"paid", "moved"}
    ]
    for number, part in (*nothing_left, *parts):
        row = by_number[number]
        interest += interest_part(paid_before=row.paid_minor, part=part, interest=row.interest_minor)
        state = "paid" if part == row.left_minor else row.state
        paid.append((row, row.paid_minor + part, state))
    if rows:
        save_parts(tx, agreement_id=rows[0].agreement_id, parts=paid)
    return interest, paid


def _book(
    tx: Transaction,
    account: Account,
    payment: Payment,
    amount: int,
    *,
    plan_interest: int,
    cause: str,
    now: datetime,
) -> Settled:
    """Settle what exceeds the plan's own interest against the parts of the debt, and post all of it."""
    owed = Owed(fees=account.fees_minor, interest=account.interest_minor, principal=account.principal_minor)
    rest = amount - plan_interest
    settled = settle_debt(amount_minor=rest, owed=owed) if rest else NOTHING
    accounts.save_balance(
        tx,
        account_id=account.account_id,
        principal_minor=account.principal_minor - settled.principal,
        interest_minor=account.interest_minor - settled.interest,
        fees_minor=account.fees_minor - settled.fees,
        now=now,
    )
    ledger.post(
        tx,
        account_id=account.account_id,
        currency=account.currency,
        entries=(
            *_money(payment, amount, cause=cause),
            *_sides(settled, plan_interest=plan_interest),
        ),
        on_date=now.date(),
        cause=cause,
        payment_id=payment.payment_id,
        now=now,
    )
    if settled.total - settled.credit == owed.total and account.state == "open":
        accounts.move_account(tx, account_id=account.account_id, before="open", after="settled", now=now)
    return settled


def _money(payment: Payment, amount: int, *, cause: str) -> tuple[Entry, ...]:
    """Give where the money is; what comes again after a refund that failed lies with the refunds."""
    if cause == "payment":
        return money_sides(payment, book=book_in(payment), before=0, after=amount)
    return money_sides(payment, book=book_back(payment), before=stays(payment), after=stays(payment) + amount)


def _sides(settled: Settled, *, plan_interest: int) -> tuple[Entry, ...]:
    """Give the sides of the debt."""
    sides = {
        "fees": -settled.fees,
        "interest": -settled.interest,
        "principal": -settled.principal,
        "plan_interest": -plan_interest,
        "credit": -settled.credit,
    }
    return tuple(Entry(book=book, amount_minor=side) for book, side in sides.items() if side)
