"""A counselor looks at a client: what the grant allows, and the client can see that somebody looked."""

from datetime import datetime
from functools import partial
from uuid import UUID

from portal.core.actors import counselor_actor
from portal.store import debtors, events, grants
from portal.store.debtors import new_ref
from portal.store.grants import Grant
from portal.store.rows import known
from portal.store.work import Transaction, Work

SEEN = {"view": ("balance", "offers", "agreement", "payments"), "budget": ("budget",), "propose": ("plans",)}


def view_client(
    work: Work,
    *,
    grant_ref: str,
    counselor_id: UUID,
    agency_id: UUID,
    visit_started_at: datetime,
    now: datetime,
) -> Grant | None:
    """Give the grant under which a counselor sees a client; None when it is not theirs or has ended.

    The first look of each visit is told to the lender and to the client.
    """
    mine = partial(usable, counselor_id=counselor_id, agency_id=agency_id, now=now)
    with work.read() as tx:
        grant = mine(grants.find_grant(tx, grant_ref=grant_ref))
    if grant is None or (grant.viewed_at is not None and grant.viewed_at >= visit_started_at):
        return grant
    with work.begin() as tx:
        locked = mine(grants.lock_grant(tx, grant_ref=grant_ref))
        if locked is not None and locked.viewed_at == grant.viewed_at:
            grants.note_view(tx, grant_id=grant.grant_id, now=now)
            _tell(tx, locked, counselor_id=counselor_id, agency_id=agency_id, now=now)
    return locked


def _tell(tx: Transaction, grant: Grant, *, counselor_id: UUID, agency_id: UUID, now: datetime) -> None:
    events.append(
        tx,
        type="counselor.viewed",
        actor=counselor_actor(new_ref("cou", counselor_id)),
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=grant.debtor_id)).debtor_ref,
        payload={
            "grant": grant.grant_ref,
            "agency": new_ref("agc", agency_id),
            "seen": [word for scope in grant.scopes for word in SEEN[scope]],
        },
    )


def usable(
    grant: Grant | None, *, counselor_id: UUID, agency_id: UUID, now: datetime, scope: str = ""
) -> Grant | None:
    """Give a grant back if this counselor of this agency may use it now (and it has the scope); None otherwise."""
    if grant is None or (grant.counselor_id, grant.agency_id) != (counselor_id, agency_id):
        return None
    return grant if grant.holds(now) and (not scope or grant.allows(scope)) else None
