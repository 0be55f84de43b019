from datetime import datetime
from typing import Any
from uuid import UUID

from portal.actions.accounts.find_and_lock import find_and_lock
from portal.actions.accounts.meet_live_plan import meet_live_plan
from portal.actions.accounts.tell_balance import balance_payload
from portal.core.actors import Actor
from portal.core.imports.faults import Fault
from portal.store import case_balances, events, staged_changes
from portal.store.staged_changes import Change
from portal.store.work import Transaction

_AT_ONCE = 1_000
_KEPT = {"keep": "kept.plan_active", "requote": "kept.plan_requoted", "freeze": "kept.plan_frozen"}


def change_accounts(
    tx: Transaction, *, import_id: UUID, actor: Actor, now: datetime
) -> list[tuple[int, list[Fault]]]:
    """Apply what a file says anew about known accounts; give the rows that were kept out, with the reason.

    A signed plan is never altered: the rule of the bounds says what follows. A recalled account stays recalled, a
    settled one settled. An account with an open case, an offer or a plan is told as `account.balance_changed`, each
    once.
    """
    kept: list[tuple[int, list[Fault]]] = []
    last = 0
    while some := staged_changes.list_changes(tx, import_id=import_id, after_row=last, limit=_AT_ONCE):
        last = some[-1].row_number
        reasons = {
            change.account_id: _reason_to_keep(tx, change, import_id=import_id, actor=actor, now=now)
            for change in some
        }
        kept += [
            (change.row_number, [_fault(change, why)])
            for change in some
            if (why := reasons[change.account_id])
        ]
        fresh = [change for change in some if not reasons[change.account_id]]
        if fresh:
            ids = [change.account_id for change in fresh]
            staged_changes.apply_changes(tx, import_id=import_id, account_ids=ids, now=now)
            case_balances.save_taken_over(tx, import_id=import_id, account_ids=ids, now=now)
        for change in fresh:
            if change.has_case and change.before != change.after:
                _tell(tx, change, import_id=import_id, actor=actor, now=now)
    staged_changes.apply_debtor_changes(tx, import_id=import_id, now=now)
    return kept


def _reason_to_keep(
    tx: Transaction, change: Change, *, import_id: UUID, actor: Actor, now: datetime
) -> str | None:
    if change.has_plan:
        return _KEPT[_meet(tx, change, import_id=import_id, actor=actor, now=now)]
    if change.state == "recalled":
        return "kept.recalled"
    if change.state == "settled" and change.new_state == "open" and sum(change.after) > 0:
        return "kept.settled"
    return None


def _meet(tx: Transaction, change: Change, *, import_id: UUID, actor: Actor, now: datetime) -> str:
    """Follow the declared rule where the balance is another one; details alone keep the plan as it is."""
    found = find_and_lock(tx, account_ref=change.account_ref)
    if found is None or change.before == change.after:
        return "keep"
    return meet_live_plan(tx, found, told=change.after, actor=actor, now=now, import_id=import_id)


def _fault(change: Change, reason: str) -> Fault:
    figures: dict[str, Any] = {
        "before": sum(change.before),
        "after": sum(change.after),
        "currency": change.currency,
    }
    return Fault("", reason, change.account_ref, figures)


def _tell(tx: Transaction, change: Change, *, import_id: UUID, actor: Actor, now: datetime) -> None:
    payload = balance_payload(
        before=change.before, after=change.after, currency=change.currency, now=now, reason="case_system"
    )
    events.append(
        tx,
        type="account.balance_changed",
        actor=actor,
        at=now,
        payload=payload | {"import": f"imp_{import_id}"},
        account_ref=change.account_ref,
        creditor_ref=change.creditor_ref,
        debtor_ref=change.debtor_ref,
    )
