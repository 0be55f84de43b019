from datetime import datetime

from portal.actions.accounts.find_and_lock import Found, tell
from portal.core.actors import SYSTEM
from portal.store import accounts, debtors, disputes
from portal.store.disputes import Dispute
from portal.store.work import Work

BATCH = 50
LEVEL = "supervisor"


def escalate_disputes(work: Work, *, now: datetime) -> int:
    """Give the disputes that were not answered in time to a supervisor and tell it; gives how many. Safe twice.

    Nothing changes for the debtor: the account stays on hold until there is an answer.
    """
    with work.read() as tx:
        waiting = disputes.list_disputes(tx, state="open", limit=BATCH)
    late = [one for one in waiting if one.answer_due_at < now]
    return sum(_escalate(work, one, now=now) for one in late)


def _escalate(work: Work, late: Dispute, *, now: datetime) -> bool:
    """Escalate one dispute; False when it was answered meanwhile."""
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=late.account_id)
        debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id) if account else None
        if account is None or debtor is None:
            return False
        if not disputes.move_dispute(
            tx, dispute_id=late.dispute_id, before="open", after="escalated", now=now
        ):
            return False
        payload = {"id": late.dispute_ref, "level": LEVEL, "reason": "late"}
        found = Found(account=account, debtor=debtor)
        tell(tx, found, type_="dispute.escalated", actor=SYSTEM, now=now, payload=payload)
        return True
