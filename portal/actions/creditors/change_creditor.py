"""A lender says where a creditor's money goes, and which references its accounts have."""

import re
from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.store import events, lenders
from portal.store.work import Work

PAYOUT_ACCOUNT = re.compile(r"acct_[A-Za-z0-9]{6,40}")
"""How the provider's accounts are named (Stripe Connect)."""


def change_creditor(
    work: Work,
    *,
    creditor_id: UUID,
    payout_account: str | None,
    range_from: str | None,
    range_to: str | None,
    actor: Actor,
    now: datetime,
) -> str:
    """Keep a creditor's account at the provider and its range of references; None takes either away.

    Gives changed, unknown, account (no name of an account), range (it ends before it begins).
    """
    if payout_account is not None and not PAYOUT_ACCOUNT.fullmatch(payout_account):
        return "account"
    if range_from and range_to and range_to < range_from:
        return "range"
    with work.begin() as tx:
        creditor = lenders.lock_creditor(tx, creditor_id=creditor_id)
        if creditor is None:
            return "unknown"
        lenders.save_creditor_ways(
            tx,
            creditor_id=creditor_id,
            payout_account=payout_account,
            range_from=range_from,
            range_to=range_to,
        )
        events.append(
            tx,
            type="settings.changed",
            actor=actor,
            at=now,
            creditor_ref=creditor.creditor_ref,
            payload={"part": "creditor"},
        )
    return "changed"
