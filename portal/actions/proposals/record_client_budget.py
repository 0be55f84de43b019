from datetime import datetime
from uuid import UUID

from portal.actions.cases.record_budget import keep_budget
from portal.actions.grants.view_client import usable
from portal.actions.proposals.propose_for_client import Counselor
from portal.core.negotiation.facts import Budget
from portal.store import grants
from portal.store.work import Work


def record_client_budget(
    work: Work, *, counselor: Counselor, grant_ref: str, account_id: UUID, budget: Budget, now: datetime
) -> bool:
    """Keep the budget that a counselor worked out with a client; it counts as an adviser's evidence.

    False when the grant has ended or does not allow it, or the account is not the client's.
    """
    with work.begin() as tx:
        grant = usable(
            grants.lock_grant(tx, grant_ref=grant_ref),
            counselor_id=counselor.counselor_id,
            agency_id=counselor.agency_id,
            now=now,
            scope="budget",
        )
        if grant is None:
            return False
        return keep_budget(
            tx,
            account_id=account_id,
            debtor_id=grant.debtor_id,
            budget=budget,
            actor=counselor.actor,
            now=now,
        )
