from dataclasses import dataclass
from datetime import datetime

from portal.actions.accounts.find_and_lock import Found, find_and_lock, tell
from portal.actions.contact.send_message import quiet_queue
from portal.core.actors import Actor
from portal.store import account_changes, accounts
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class RecallOutcome:
    """What became of it: recalled, there_already, not_found, or refused with the guards that stand in the way.

    Guards: payment_in_flight, plan_active, disputed, settled.
    """

    kind: str
    guards: tuple[str, ...] = ()


def recall_account(
    work: Work, *, account_ref: str, reason: str, is_forced: bool, actor: Actor, now: datetime
) -> RecallOutcome:
    """Take an account back: the debtor sees a neutral page, nobody is contacted about it, and it is told.

    Refused while a payment is in flight, a plan is active, something is disputed, or it is settled, unless forced;
    the reason is told in either case.
    """
    with work.begin() as tx:
        found = find_and_lock(tx, account_ref=account_ref)
        if found is None:
            return RecallOutcome(kind="not_found")
        if found.account.state == "recalled":
            return RecallOutcome(kind="there_already")
        guards = _guards(tx, found, now)
        if guards and not is_forced:
            return RecallOutcome(kind="refused", guards=guards)
        account = found.account
        before = account.state
        if before != "open":
            accounts.move_account(tx, account_id=account.account_id, before=before, after="open", now=now)
        accounts.move_account(tx, account_id=account.account_id, before="open", after="recalled", now=now)
        payload = {
            "reason": reason,
            "is_forced": bool(guards),
            "balance": {"minor": account.balance_minor, "currency": account.currency},
        }
        tell(tx, found, type_="account.recalled", actor=actor, now=now, payload=payload)
        quiet_queue(tx, debtor=found.debtor, now=now)
    return RecallOutcome(kind="recalled", guards=guards)


def _guards(tx: Transaction, found: Found, now: datetime) -> tuple[str, ...]:
    account_id = found.account.account_id
    in_way = {
        "payment_in_flight": account_changes.has_payment_in_flight(tx, account_id=account_id),
        "plan_active": account_changes.has_plan(tx, account_id=account_id),
        "disputed": any(h.kind == "dispute" for h in accounts.list_holds(tx, account_id=account_id, now=now)),
        "settled": found.account.state == "settled",
    }
    return tuple(name for name, stands in in_way.items() if stands)
