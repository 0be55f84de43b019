"""A plan was kept as long as it says: its accounts count as up to date; or that is taken back, or a plan ends late."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.core.actors import SYSTEM, Actor
from portal.core.life.clock import day_of
from portal.core.life.state import Life
from portal.store import accounts, events, re_ages
from portal.store.accounts import Account
from portal.store.lives import KeptLife, LivingAccount
from portal.store.re_ages import ReAge
from portal.store.rows import known
from portal.store.work import Transaction


def re_age(tx: Transaction, kept: KeptLife, *, payments: int, now: datetime) -> None:
    """Count the accounts of a plan as up to date after so many payments in a row, and tell it; they are locked."""
    today = day_of(now, kept.world.zone)
    for one in kept.accounts:
        account = known(accounts.find_account(tx, account_id=one.account_id))
        if account.delinquent_since is None:
            continue
        found = re_ages.save_re_age(
            tx,
            account_id=one.account_id,
            agreement_id=kept.agreement_id,
            delinquent_since=account.delinquent_since,
            now=now,
        )
        payload = {
            "payments": payments,
            "days_past_due_before": found.days_past_due(today),
            "days_past_due": 0,
        }
        _tell(tx, account, kept, name="account.re_aged", actor=SYSTEM, payload=payload, now=now)


def un_age(tx: Transaction, kept: KeptLife, *, cause: str, actor: Actor = SYSTEM, now: datetime) -> bool:
    """Take back what a plan's re-age did, and tell it; False where nothing of it stands. The accounts are locked."""
    today = day_of(now, kept.world.zone)
    standing = [(one, _standing(tx, kept, one)) for one in kept.accounts]
    for one, found in standing:
        if found is not None:
            re_ages.save_undone(tx, re_age=found, now=now)
            account = known(accounts.find_account(tx, account_id=one.account_id))
            payload = {"cause": cause, "days_past_due": found.days_past_due(today)}
            _tell(tx, account, kept, name="account.re_age_undone", actor=actor, payload=payload, now=now)
    return any(found is not None for _, found in standing)


def count_late_again(tx: Transaction, kept: KeptLife, life: Life, *, now: datetime) -> None:
    """Let accounts that count as up to date be late from the first payment on that a plan ended without."""
    unpaid = [row.due_on for row in life.rows if row.left]
    for one in kept.accounts:
        account = known(accounts.find_account(tx, account_id=one.account_id))
        if unpaid and account.delinquent_since is None:
            re_ages.save_delinquent_since(
                tx, account_id=one.account_id, delinquent_since=min(unpaid), now=now
            )


def _standing(tx: Transaction, kept: KeptLife, one: LivingAccount) -> ReAge | None:
    found = re_ages.find_standing(tx, account_id=one.account_id)
    return found if found is not None and found.agreement_id == kept.agreement_id else None


def _tell(
    tx: Transaction,
    account: Account,
    kept: KeptLife,
    *,
    name: str,
    actor: Actor,
    payload: Mapping[str, Any],
    now: datetime,
) -> None:
    events.append_for_accounts(
        tx,
        accounts=[account],
        type=name,
        actor=actor,
        at=now,
        debtor_ref=kept.debtor_ref,
        payload={"agreement": kept.agreement_ref, **payload},
    )
