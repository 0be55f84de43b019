"""Money goes back: a refund, or a bank that took a payment again. What it had settled opens again.

A chargeback reopens installments without a mark against the debtor (FEATURES 91). Taken off is the reverse of the way
in: credit first, then principal, interest and fees; the latest installment first. A refund that failed puts the sum
onto the account again.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.actions.life.carry_over import carry_over
from portal.actions.life.complete_agreement import complete_if_paid, reopen_if_unpaid
from portal.actions.payments.money_sides import book_back, money_sides, stays
from portal.actions.payments.place_money import place
from portal.actions.payments.settle_payment import tell_paid
from portal.actions.payments.telling import tell
from portal.core.fx import deal_of
from portal.core.money import Money
from portal.core.payments import PaymentNotice
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, debtors, ledger, payments
from portal.store import rebates as rebate_rows
from portal.store.accounts import Account
from portal.store.agreements import Installment
from portal.store.ledger import Entry
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.running_plans import find_running_plan
from portal.store.work import Transaction

#: The order in which money is taken off again.
BOOKS = ("credit", "principal", "interest", "fees")


def give_back(
    tx: Transaction, *, payment: Payment, amount: int, cause: str, notice: PaymentNotice, now: datetime
) -> Payment:
    """Take `amount` minor units of a locked payment off its account; `cause` is refund or returned."""
    account = known(accounts.find_account(tx, account_id=payment.account_id))
    after, opened = _take_off(tx, account, payment, amount=amount, cause=cause, now=now)
    agreement_id = _agreement_id(after.allocation)
    asked_by = carry_over(
        tx, agreement_id=agreement_id, principal_minor=opened[0], interest_minor=opened[1], now=now
    )
    reopen_if_unpaid(tx, account, agreement_id=asked_by, cause=cause, now=now)
    _tell_back(tx, payment, amount, cause=cause, notice=notice, now=now)
    return after


def _take_off(
    tx: Transaction, account: Account, payment: Payment, *, amount: int, cause: str, now: datetime
) -> tuple[Payment, tuple[int, int]]:
    """Take money off and book it; gives the payment, and how much principal and interest its plan asks for again."""
    kept = dict(payment.allocation or {})
    stays, plan_interest = _reopen(tx, kept, amount=amount, now=now)
    taken = _parts(kept, amount, plan_interest=plan_interest)
    _book_back(tx, account, payment, taken, amount=amount, cause=cause, now=now)
    kept |= {book: int(kept.get(book, 0)) - part for book, part in taken.items()}
    opened = sum(part for _, part in kept.get("installments", [])) - sum(part for _, part in stays)
    kept["installments"] = stays
    kept.pop("saved", None)
    column = "refunded_minor" if cause == "refund" else "returned_minor"
    after = replace(payment, allocation=kept, **{column: getattr(payment, column) + amount})
    _save(tx, after)
    return after, (max(opened - plan_interest, 0), min(opened, plan_interest))


def _tell_back(
    tx: Transaction, payment: Payment, amount: int, *, cause: str, notice: PaymentNotice, now: datetime
) -> None:
    left = known(accounts.find_account(tx, account_id=payment.account_id)).balance_minor
    gone = money_payload(amount, payment.currency)
    told: dict[str, Any] = {
        "balance": money_payload(left, payment.currency),
        "reason": notice.reason or notice.decline_code,
    }
    if cause == "refund":
        type_, more = "payment.refunded", {"refunded": gone, "refund": notice.refund_ref}
    else:
        type_, more = "payment.returned", {"returned": gone}
    tell(tx, payment, type_=type_, now=now, **{k: v for k, v in {**told, **more}.items() if v})


def take_again(tx: Transaction, *, payment: Payment, amount: int, now: datetime) -> Payment:
    """Put onto the account again what a refund that failed had taken off it."""
    failed, were_paid = money_payload(amount, payment.currency), set[int]()
    if _is_whole_payoff(payment, amount):
        payment, amount, were_paid = _all_off(tx, payment, amount, now=now)
    account = known(accounts.find_account(tx, account_id=payment.account_id))
    plan = find_running_plan(tx, account_id=payment.account_id)
    placed = place(
        tx, account=account, plan=plan, payment=payment, amount=amount, cause="refund_failed", now=now
    )
    placed = replace(placed, done=tuple(row for row in placed.done if row.number not in were_paid))
    after = replace(
        payment,
        refunded_minor=payment.refunded_minor - amount,
        allocation=_joined(payment.allocation or {}, placed.allocation),
    )
    _save(tx, after)
    balance = money_payload(placed.left_minor, payment.currency)
    tell(tx, payment, type_="payment.refund_failed", now=now, failed=failed, balance=balance)
    debtor_ref = known(debtors.find_debtor(tx, debtor_id=payment.debtor_id)).debtor_ref
    tell_paid(tx, account, payment, placed, debtor_ref=debtor_ref, now=now)
    if placed.agreement is not None and placed.is_plan_paid:
        complete_if_paid(
            tx, account, known(agreements.find_active(tx, account_id=account.account_id)), now=now
        )
    return after


def _is_whole_payoff(payment: Payment, amount: int) -> bool:
    """Tell whether a part makes a payment whole again that was to pay a plan off: it earns what it saved once more."""
    is_payoff = bool((payment.quote or {}).get("payoff_on"))
    return is_payoff and stays(payment) > 0 and stays(payment) + amount == payment.amount_minor


def _all_off(
    tx: Transaction, payment: Payment, amount: int, *, now: datetime
) -> tuple[Payment, int, set[int]]:
    """Take off the rest of a payment too, so that all of it is placed as it was at first.

    Gives the payment, its whole amount, and the numbers of the installments that were paid meanwhile.
    """
    account = known(accounts.find_account(tx, account_id=payment.account_id))
    plan = find_running_plan(tx, account_id=payment.account_id)
    were_paid = {row.number for row in plan.installments if row.state == "paid"} if plan else set()
    rest = stays(payment)
    after, _ = _take_off(tx, account, payment, amount=rest, cause="refund", now=now)
    return after, rest + amount, were_paid


def rename_back(tx: Transaction, *, payment: Payment, by: int, now: datetime) -> Payment:
    """Count `by` minor units that went back as refunded by us and not as taken by the bank; below zero the reverse."""
    after = replace(
        payment,
        refunded_minor=payment.refunded_minor + by,
        returned_minor=payment.returned_minor - by,
    )
    _save(tx, after)
    deal = deal_of(payment.quote)
    charged = Money(deal.charged(by), deal.pay.currency) if deal else Money(by, payment.currency)
    ledger.post(
        tx,
        account_id=payment.account_id,
        currency=payment.currency,
        entries=(
            Entry(book="cash", amount_minor=charged.minor, currency=charged.currency),
            Entry(book=book_back(payment), amount_minor=-charged.minor, currency=charged.currency),
        ),
        on_date=now.date(),
        cause="renamed",
        payment_id=payment.payment_id,
        now=now,
    )
    return after


def _save(tx: Transaction, payment: Payment) -> None:
    payments.save_money(
        tx,
        payment_id=payment.payment_id,
        refunded_minor=payment.refunded_minor,
        returned_minor=payment.returned_minor,
        allocation=payment.allocation,
    )


def _parts(kept: dict[str, Any], amount: int, *, plan_interest: int) -> dict[str, int]:
    """Say how much of each book the next `amount` units fall on; the plan's interest as the reopened rows say.

    Where another payment has paid the same row, the rows alone could ask for more than this payment has in a book.
    """
    in_debt = sum(int(kept.get(book, 0)) for book in BOOKS)
    own = min(int(kept.get("plan_interest", 0)), max(plan_interest, amount - in_debt))
    parts: dict[str, int] = {}
    left = amount - own
    for book in BOOKS:
        parts[book] = min(int(kept.get(book, 0)), left)
        left -= parts[book]
    return parts | {"plan_interest": own}


def _book_back(
    tx: Transaction,
    account: Account,
    payment: Payment,
    taken: dict[str, int],
    *,
    amount: int,
    cause: str,
    now: datetime,
) -> None:
    accounts.save_balance(
        tx,
        account_id=account.account_id,
        principal_minor=account.principal_minor + taken["principal"],
        interest_minor=account.interest_minor + taken["interest"],
        fees_minor=account.fees_minor + taken["fees"],
        now=now,
    )
    left = stays(payment)
    book = book_back(payment) if cause == "refund" else "cash"
    ledger.post(
        tx,
        account_id=account.account_id,
        currency=account.currency,
        entries=(
            *(Entry(book=part, amount_minor=side) for part, side in taken.items() if side),
            *money_sides(payment, book=book, before=left, after=left - amount),
        ),
        on_date=now.date(),
        cause=cause,
        payment_id=payment.payment_id,
        now=now,
    )
    if account.state == "settled" and amount > taken["credit"]:
        accounts.move_account(tx, account_id=account.account_id, before="settled", after="open", now=now)


def _reopen(
    tx: Transaction, kept: dict[str, Any], *, amount: int, now: datetime
) -> tuple[list[list[int]], int]:
    """Open the installments that the money had paid, the latest first, after what lay outside them.

    Gives the parts that stay on installments, and how much of the plan's own interest is unpaid again.
    """
    agreement_id = _agreement_id(kept)
    placed: list[list[int]] = kept.get("installments", [])
    if agreement_id is None:
        return placed, 0
    outside = sum(int(kept.get(book, 0)) for book in (*BOOKS, "plan_interest")) - sum(
        part for _, part in placed
    )
    left = max(amount - outside, 0)
    rows = {row.number: row for row in agreements.list_installments(tx, agreement_id=agreement_id)}
    saved = {int(number): int(by) for number, by in kept.get("saved", [])}
    stays: list[list[int]] = []
    interest = 0
    untouched = [[number, 0] for number in saved if number not in {one for one, _ in placed}]
    for number, part in (*reversed(placed), *untouched):
        row = rows[number]
        back = min(part, left, row.paid_minor)
        left -= back
        before, after = row.paid_minor, row.paid_minor - back
        interest += min(before, row.interest_minor) - min(after, row.interest_minor)
        _open_row(tx, row, back=back, saved=saved.get(number, 0), now=now)
        if part > back:
            stays.insert(0, [number, part - back])
    return stays, interest


def _open_row(tx: Transaction, row: Installment, *, back: int, saved: int, now: datetime) -> None:
    """Take `back` off one row; the interest that its payoff had saved is owed again."""
    if back or saved:
        state = row.state if row.state != "paid" else "due" if row.due_on <= now.date() else "upcoming"
        agreements.save_paid(tx, installment=row, paid_minor=row.paid_minor - back, state=state)
    if saved:
        rebate_rows.change_interest(tx, agreement_id=row.agreement_id, number=row.number, by_minor=saved)


def _agreement_id(kept: Any) -> UUID | None:
    named = (kept or {}).get("agreement")
    return UUID(hex=named) if named else None


def _joined(before: Any, more: dict[str, Any]) -> dict[str, Any]:
    """Add where money went to where it is already."""
    joined = {**before, **more}
    for book in (*BOOKS, "plan_interest"):
        joined[book] = int(before.get(book, 0)) + more[book]
    numbers = dict(before.get("installments", []))
    for number, part in more["installments"]:
        numbers[number] = numbers.get(number, 0) + part
    joined["installments"] = [list(item) for item in sorted(numbers.items())]
    return joined
