"""A debtor stops one debit, or moves it to another day, by themselves, until the end of the day before it."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.mandates import can_change, move_window
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, debtors, events, mandates
from portal.store.mandates import Debit
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class DebitChanged:
    """What became of it: stopped, moved, too_late, bad_day (with the window), unknown."""

    kind: str
    window: tuple[date, date] | None = None


def stop_debit(work: Work, *, debit_id: UUID, debtor_id: UUID, today: date, now: datetime) -> DebitChanged:
    """Stop one debit; the payment itself is due as before, and can be paid in any other way."""
    with work.begin() as tx:
        debit = _own(tx, debit_id, debtor_id)
        if debit is None:
            return DebitChanged(kind="unknown")
        if debit.state == "stopped":
            return DebitChanged(kind="stopped")
        if debit.state != "told" or not can_change(debit_on=debit.debit_on, today=today):
            return DebitChanged(kind="too_late")
        mandates.move_debit(tx, debit_id=debit_id, before="told", after="stopped")
        _tell(tx, debit, debtor_id, now=now, is_stopped=True)
    return DebitChanged(kind="stopped")


def move_debit(
    work: Work, *, debit_id: UUID, debtor_id: UUID, day: date, today: date, now: datetime
) -> DebitChanged:
    """Move one debit to another day, at the latest to the end of the installment's grace days."""
    with work.begin() as tx:
        debit = _own(tx, debit_id, debtor_id)
        if debit is None:
            return DebitChanged(kind="unknown")
        if debit.state != "told" or not can_change(debit_on=debit.debit_on, today=today):
            return DebitChanged(kind="too_late")
        agreement = known(agreements.find_agreement(tx, agreement_id=debit.agreement_id))
        grace = int(json.loads(agreement.terms_json)["rules"]["grace_days"])
        window = move_window(due_on=debit.due_on, today=today, grace_days=grace)
        if not window[0] <= day <= window[1]:
            return DebitChanged(kind="bad_day", window=window)
        mandates.move_debit(tx, debit_id=debit_id, before="told", after="told", debit_on=day)
        _tell(tx, debit, debtor_id, now=now, is_stopped=False, debit_on=day.isoformat())
    return DebitChanged(kind="moved")


def _own(tx: Transaction, debit_id: UUID, debtor_id: UUID) -> Debit | None:
    """Find a debit of the debtor's own account and lock the account; anybody else's does not exist."""
    debit = mandates.find_debit(tx, debit_id=debit_id)
    account = accounts.lock_account(tx, account_id=debit.account_id) if debit else None
    if account is None or account.debtor_id != debtor_id:
        return None
    return mandates.find_debit(tx, debit_id=debit_id)


def _tell(tx: Transaction, debit: Debit, debtor_id: UUID, *, now: datetime, **more: Any) -> None:
    account = known(accounts.find_account(tx, account_id=debit.account_id))
    mandate = known(mandates.find_mandate(tx, mandate_id=debit.mandate_id))
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="debit.changed",
        actor=DEBTOR,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=debtor_id)).debtor_ref,
        payload={
            "mandate": mandate.mandate_ref,
            "number": debit.number,
            "amount": money_payload(debit.amount_minor, account.currency),
            **more,
        },
    )
