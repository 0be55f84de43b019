from uuid import UUID

from portal.store import accounts, agreements, lives
from portal.store.lives import KeptLife
from portal.store.work import Transaction


def lock_plan(tx: Transaction, *, account_id: UUID, debtor_id: UUID) -> KeptLife | None:
    """Lock the accounts of a person's running plan and load it, in an open transaction; None when it is not theirs."""
    active = agreements.find_active(tx, account_id=account_id)
    if active is None or active.debtor_id != debtor_id:
        return None
    for one in agreements.list_account_ids(tx, agreement_id=active.agreement_id):
        accounts.lock_account(tx, account_id=one)
    return lives.load_life(tx, agreement_id=active.agreement_id)
