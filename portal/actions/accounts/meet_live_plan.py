"""The case system changes a balance while a signed plan runs: the bounds say what follows, and everybody is told.

Whatever the rule, the plan stays as it was signed and the portal's balance with it; the case system's figure is kept
beside it (`core.reconciliation`).

- keep: the plan goes on; the difference is shown.
- requote: the plan goes on; a person is to offer the debtor a plan on the new figures, to be signed or not.
- freeze: the plan rests, its days are given back, until that person has answered and released it.
"""

from datetime import datetime
from uuid import UUID

from portal.actions.accounts.find_and_lock import Found, tell
from portal.actions.accounts.tell_balance import balance_payload
from portal.actions.cases.desk import NoDesk, lay_desk
from portal.actions.cases.hand_over import hand_over
from portal.core.actors import SYSTEM, Actor
from portal.core.bounds.model import BALANCE_RULES
from portal.core.bounds.resolve import resolve
from portal.core.holds import freeze_of, stops
from portal.core.negotiation.context import subject_of
from portal.store import accounts, case_balances
from portal.store.case_balances import Parts
from portal.store.debtors import new_ref
from portal.store.work import Transaction

CAUSE = "balance_change"
KEEP, REQUOTE, FREEZE = BALANCE_RULES


def meet_live_plan(
    tx: Transaction, found: Found, *, told: Parts, actor: Actor, now: datetime, import_id: UUID | None = None
) -> str:
    """Meet a balance (principal, interest, fees) that the case system says of a locked account with a running plan.

    Gives the rule that was followed. The same figures again change and tell nothing.
    """
    account = found.account
    last = case_balances.find_told(tx, account_id=account.account_id)
    if last is not None and last[0] == told and last[1].effect != "none":
        return last[1].effect
    rule = _rule(tx, found, now=now)
    before = (account.principal_minor, account.interest_minor, account.fees_minor)
    case_balances.save_told(
        tx, account_id=account.account_id, parts=told, ours_minor=sum(before), effect=rule, now=now
    )
    payload = balance_payload(
        before=before, after=told, currency=account.currency, now=now, reason="case_system"
    )
    payload |= {"effect": rule, **({"import": f"imp_{import_id}"} if import_id else {})}
    tell(tx, found, type_="account.balance_changed", actor=actor, now=now, payload=payload)
    if rule == FREEZE:
        _rest(tx, found, actor=actor, now=now)
    if rule in {REQUOTE, FREEZE}:
        hand_over(tx, debtor=found.debtor, account=account, cause=CAUSE, words=None, now=now, actor=SYSTEM)
    return rule


def _rule(tx: Transaction, found: Found, *, now: datetime) -> str:
    account = found.account
    desk = lay_desk(tx, account_id=account.account_id, debtor_id=account.debtor_id, today=now.date(), now=now)
    if isinstance(desk, NoDesk):
        return KEEP
    segment = resolve(bounds=desk.bounds, subject=subject_of(desk.facts.accounts[0]), pack=desk.pack)
    return segment.common.balance_change if segment else KEEP


def _rest(tx: Transaction, found: Found, *, actor: Actor, now: datetime) -> None:
    """Hold the account until somebody releases it; one that rests for this cause already stays as it is."""
    account_id = found.account.account_id
    if any(hold.kind == CAUSE for hold in accounts.list_holds(tx, account_id=account_id, now=now)):
        return
    hold_id = accounts.save_hold(tx, account_id=account_id, kind=CAUSE, now=now)
    payload = {"id": new_ref("hld", hold_id), "cause": CAUSE, "stops": stops(freeze_of(CAUSE))}
    tell(tx, found, type_="account.held", actor=actor, now=now, payload=payload)
