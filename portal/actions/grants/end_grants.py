from datetime import datetime

from portal.actions.grants.revoke_grant import tell_end
from portal.core.actors import SYSTEM
from portal.store import grants
from portal.store.work import Work

BATCH = 200


def end_grants(work: Work, *, now: datetime) -> int:
    """End the grants whose date, and the codes whose week, has passed; gives how many. Safe to run twice.

    Nobody could use them any more since that moment: this only writes it down and tells the lender.
    """
    with work.begin() as tx:
        over = grants.list_over(tx, now=now, limit=BATCH)
        for grant in over:
            if grants.end(tx, grant_id=grant.grant_id, before=grant.state, after="expired", now=now):
                tell_end(tx, grant, actor=SYSTEM, reason="date", now=now)
        return len(over)
