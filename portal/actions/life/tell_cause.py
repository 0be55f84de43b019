from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.care import HARDSHIP_CAUSES
from portal.store import accounts, debtors, events, form_tokens
from portal.store.work import Work


def tell_cause(
    work: Work, *, account_id: UUID, debtor_id: UUID, cause: str, token: str, now: datetime
) -> bool:
    """Take from a person why paying has become harder, as a code without detail; False when the account is not theirs.

    Nothing is asked for in return and nothing gets worse by it. Raises ValueError for an unknown cause.
    """
    if cause not in HARDSHIP_CAUSES:
        raise ValueError(f"a cause is one of {', '.join(HARDSHIP_CAUSES)}")
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=account_id)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        if account is None or debtor is None or account.debtor_id != debtor_id:
            return False
        if form_tokens.use_token(tx, token=token, answer=cause, now=now):
            events.append_for_accounts(
                tx,
                accounts=[account],
                type="hardship.declared",
                actor=DEBTOR,
                at=now,
                debtor_ref=debtor.debtor_ref,
                payload={"cause": cause},
            )
        return True
