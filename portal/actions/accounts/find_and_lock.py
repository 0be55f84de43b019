from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.actors import Actor
from portal.store import accounts, debtors, events
from portal.store.accounts import Account
from portal.store.debtors import Debtor
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Found:
    """An account of the lender, locked until the commit, with its debtor."""

    account: Account
    debtor: Debtor


def find_and_lock(tx: Transaction, *, account_ref: str) -> Found | None:
    """Find an account by the lender's reference and lock it; None when the lender has no such account."""
    seen = accounts.find_account(tx, account_ref=account_ref)
    account = accounts.lock_account(tx, account_id=seen.account_id) if seen else None
    debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id) if account else None
    return Found(account=account, debtor=debtor) if account and debtor else None


def tell(
    tx: Transaction, found: Found, *, type_: str, actor: Actor, now: datetime, payload: dict[str, Any]
) -> None:
    """Append an event of this account."""
    events.append(
        tx,
        type=type_,
        actor=actor,
        at=now,
        payload=payload,
        account_ref=found.account.account_ref,
        creditor_ref=found.account.creditor_ref,
        debtor_ref=found.debtor.debtor_ref,
    )
