"""A grant ends before its date: the debtor takes it back, or the counselor hands it back."""

from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR, Actor, counselor_actor
from portal.store import debtors, events, grants
from portal.store.debtors import new_ref
from portal.store.grants import Grant
from portal.store.rows import known
from portal.store.work import Transaction, Work


def revoke_grant(work: Work, *, grant_ref: str, debtor_id: UUID, now: datetime) -> bool:
    """Take a grant back at once, or a code that still waits; False when it is not this debtor's.

    A repeated tap changes nothing. The counselor's next request finds nothing.
    """
    with work.begin() as tx:
        grant = grants.lock_grant(tx, grant_ref=grant_ref)
        if grant is None or grant.debtor_id != debtor_id:
            return False
        _end(tx, grant, actor=DEBTOR, reason="debtor", now=now)
    return True


def return_grant(work: Work, *, grant_ref: str, counselor_id: UUID, agency_id: UUID, now: datetime) -> bool:
    """Hand a grant back because the work is done; False when it is not this counselor's."""
    with work.begin() as tx:
        grant = grants.lock_grant(tx, grant_ref=grant_ref)
        if grant is None or (grant.counselor_id, grant.agency_id) != (counselor_id, agency_id):
            return False
        actor = counselor_actor(new_ref("cou", counselor_id))
        _end(tx, grant, actor=actor, reason="counselor", now=now)
    return True


def _end(tx: Transaction, grant: Grant, *, actor: Actor, reason: str, now: datetime) -> None:
    if grant.state in {"offered", "active"}:
        grants.end(tx, grant_id=grant.grant_id, before=grant.state, after="revoked", now=now)
        tell_end(tx, grant, actor=actor, reason=reason, now=now)


def tell_end(tx: Transaction, grant: Grant, *, actor: Actor, reason: str, now: datetime) -> None:
    """Append the event of a grant's end; `reason` is debtor, date, counselor or lender."""
    agency = {"agency": new_ref("agc", grant.agency_id)} if grant.agency_id else {}
    events.append(
        tx,
        type="grant.revoked",
        actor=actor,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=grant.debtor_id)).debtor_ref,
        payload={"id": grant.grant_ref, **agency, "reason": reason},
    )
