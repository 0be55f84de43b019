"""One act that a file tells, by the very action that the console and the API use: the same guards, the same events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from portal.actions.accounts.adjust_account import adjust_account
from portal.actions.accounts.itemize_account import LINES_MAX, itemize_account
from portal.actions.accounts.recall_account import recall_account
from portal.actions.payments.take_payment_elsewhere import SameReferenceError, take_payment_elsewhere
from portal.core.actors import Actor
from portal.core.imports.acts import ADJUSTMENTS, PAYMENT, ActRow, LineRow, RecallRow, TransactionRow
from portal.core.imports.faults import Fault
from portal.store.accounts import Line
from portal.store.work import Work

UPDATED, UNCHANGED = "updated", "unchanged"


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Who tells acts, and when; `work` may be a rehearsal."""

    work: Work
    actor: Actor
    now: datetime


def apply_act(teller: Teller, rows: Sequence[ActRow]) -> str | Fault:
    """Do what the rows of one act say: updated, unchanged (it was done before), or why it was not done."""
    first = rows[0]
    if isinstance(first, TransactionRow):
        return _pay(teller, first) if first.kind == PAYMENT else _adjust(teller, first)
    if isinstance(first, RecallRow):
        return _recall(teller, first)
    return _itemize(teller, cast("Sequence[LineRow]", rows))


def _pay(teller: Teller, row: TransactionRow) -> str | Fault:
    try:
        done = take_payment_elsewhere(
            teller.work,
            account_ref=row.account_ref,
            amount_minor=row.amount_minor,
            currency=row.currency,
            reference=row.transaction_ref,
            method=row.method,
            paid_on=row.booked_on,
            now=teller.now,
        )
    except SameReferenceError:
        return Fault("transaction_ref", "transaction.differs", row.transaction_ref)
    faults = {
        "unknown": Fault("account_ref", "row.account_unknown", row.account_ref),
        "settled": Fault("account_ref", "row.account_closed", row.account_ref),
        "other_currency": Fault(
            "currency", "row.account_currency", row.currency, {"currency": done.currency}
        ),
        "future": Fault("booked_on", "date.future", row.booked_on.isoformat()),
        "other_payment": Fault("transaction_ref", "transaction.differs", row.transaction_ref),
        "amount": Fault("amount", "amount.zero"),
    }
    return {"taken": UPDATED, "taken_before": UNCHANGED}.get(done.kind) or faults[done.kind]


def _adjust(teller: Teller, row: TransactionRow) -> str | Fault:
    reason, _, sign = ADJUSTMENTS[row.kind]
    done = adjust_account(
        teller.work,
        account_ref=row.account_ref,
        component=row.component,
        amount_minor=sign * row.amount_minor,
        currency=row.currency,
        reason=reason,
        on_date=row.booked_on,
        actor=teller.actor,
        now=teller.now,
        reference=row.transaction_ref,
    )
    faults = {
        "not_found": Fault("account_ref", "row.account_unknown", row.account_ref),
        "other_currency": Fault(
            "currency", "row.account_currency", row.currency, {"currency": done.currency}
        ),
        "below_zero": Fault("amount", "amount.below_zero", params={"component": row.component}),
        "plan_active": Fault("account_ref", "kept.plan_active", row.account_ref),
        "other_adjustment": Fault("transaction_ref", "transaction.differs", row.transaction_ref),
    }
    return {"adjusted": UPDATED, "told_before": UNCHANGED}.get(done.kind) or faults[done.kind]


def _recall(teller: Teller, row: RecallRow) -> str | Fault:
    done = recall_account(
        teller.work,
        account_ref=row.account_ref,
        reason=row.reason,
        is_forced=row.is_forced,
        actor=teller.actor,
        now=teller.now,
    )
    faults = {
        "not_found": Fault("account_ref", "row.account_unknown", row.account_ref),
        "refused": Fault("force", "recall.guarded", row.account_ref, {"guards": ", ".join(done.guards)}),
    }
    return {"recalled": UPDATED, "there_already": UNCHANGED}.get(done.kind) or faults[done.kind]


def _itemize(teller: Teller, rows: Sequence[LineRow]) -> str | Fault:
    first = rows[0]
    if len(rows) > LINES_MAX:
        return Fault("", "lines.too_many", first.account_ref, {"limit": LINES_MAX})
    other = next((row.currency for row in rows if row.currency != first.currency), None)
    if other is not None:
        return Fault("currency", "row.account_currency", other, {"currency": first.currency})
    done = itemize_account(
        teller.work,
        account_ref=first.account_ref,
        currency=first.currency,
        lines=_lines(rows),
        actor=teller.actor,
        now=teller.now,
    )
    sums = {"sum": sum(row.amount_minor for row in rows), "balance": done.balance_minor}
    faults = {
        "not_found": Fault("account_ref", "row.account_unknown", first.account_ref),
        "closed": Fault("account_ref", "row.account_closed", first.account_ref),
        "other_currency": Fault(
            "currency", "row.account_currency", first.currency, {"currency": done.currency}
        ),
        "lines_differ": Fault("amount", "lines.differ", first.account_ref, sums),
        "plan_active": Fault("account_ref", "kept.plan_active", first.account_ref),
    }
    return {"itemized": UPDATED, "unchanged": UNCHANGED}.get(done.kind) or faults[done.kind]


def _lines(rows: Sequence[LineRow]) -> list[Line]:
    return [
        Line(
            position=place,
            kind=row.kind,
            label_key=row.label_key,
            on_date=row.on_date,
            amount_minor=row.amount_minor,
        )
        for place, row in enumerate(rows, 1)
    ]
