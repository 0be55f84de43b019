"""A counselor types the code that a client gave: from now on the grant is theirs, and nobody else's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.core.actors import counselor_actor
from portal.core.client_codes import read_code
from portal.store import debtors, events, grants, guest_lenders, sign_in_tries
from portal.store.debtors import new_ref
from portal.store.directory import Entry, find_entry
from portal.store.rows import known
from portal.store.work import Database


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The client is on the counselor's list."""

    lender_id: int
    grant_ref: str


@dataclass(frozen=True, kw_only=True)
class NotTaken:
    """Nothing changed. `reason`: no_match (never why), too_many (tries of this counselor in five minutes)."""

    reason: str


NO_MATCH = NotTaken(reason="no_match")


def take_grant(
    database: Database, *, counselor_id: UUID, agency_id: UUID, code: str, now: datetime
) -> Taken | NotTaken:
    """Take a client by the code; an unknown, used, ended or old one answers alike. The lender hears who took it."""
    with database.shared().begin() as shared:
        if not sign_in_tries.count_try(shared, word=f"client_code:{counselor_id}", now=now):
            return NotTaken(reason="too_many")
        shown = read_code(code)
        entry = find_entry(shared, kind="client_code", secret=grants.code_word(shown)) if shown else None
    if entry is None or entry.lender_id is None or entry.subject_id is None:
        return NO_MATCH
    return _take(database, entry, entry.lender_id, counselor_id=counselor_id, agency_id=agency_id, now=now)


def _take(
    database: Database, entry: Entry, lender_id: int, *, counselor_id: UUID, agency_id: UUID, now: datetime
) -> Taken | NotTaken:
    with database.work(lender_id).begin() as tx:
        grant = grants.lock_grant(tx, grant_id=entry.subject_id)
        if grant is None or not grant.waits(now):
            return NO_MATCH
        grants.take(tx, grant_id=grant.grant_id, agency_id=agency_id, counselor_id=counselor_id, now=now)
        guest_lenders.note_lender(tx, house_id=agency_id)
        events.append(
            tx,
            type="counselor.viewed",
            actor=counselor_actor(new_ref("cou", counselor_id)),
            at=now,
            debtor_ref=known(debtors.find_debtor(tx, debtor_id=grant.debtor_id)).debtor_ref,
            payload={"grant": grant.grant_ref, "agency": new_ref("agc", agency_id), "seen": ["consent"]},
        )
    return Taken(lender_id=lender_id, grant_ref=grant.grant_ref)
