"""A lender hears which machines of its guests can read what is its own: when a key is made, and when it ends.

The keys are shared, the telling is each lender's own: its note of a key and the event are one transaction, so nothing
is told twice, and what a crash cut off is told by the sweeper.
"""

from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor, counselor_actor, provider_actor
from portal.store import events, guest_keys, guest_lenders
from portal.store.debtors import new_ref
from portal.store.guest_keys import KnownHere
from portal.store.work import Database, Transaction, Work

BATCH = 200


def tell_lenders(database: Database, *, house_id: UUID, now: datetime) -> None:
    """Tell every lender that a house serves what it has not heard of the house's keys."""
    with database.shared().read() as shared:
        served = guest_lenders.list_lenders(shared, house_id=house_id)
    for lender_id, _slug, _name in served:
        tell_guest_keys(database.work(lender_id), now=now)


def tell_guest_keys(work: Work, *, now: datetime) -> int:
    """Tell a lender which keys of its guests are new and which have ended; gives how many. Safe to run twice."""
    with work.read() as tx:
        if not (guest_keys.list_new(tx, limit=1) or guest_keys.list_ended(tx, limit=1)):
            return 0
    told = 0
    with work.begin() as tx:
        for one in guest_keys.list_new(tx, limit=BATCH):
            if guest_keys.note_told(tx, api_key_id=one.key.api_key_id, now=now):
                _tell(tx, one, type_="key.created", now=now, scopes=sorted(one.key.scopes))
                told += 1
        for one in guest_keys.list_ended(tx, limit=BATCH):
            if guest_keys.note_ended(tx, api_key_id=one.key.api_key_id, now=now):
                _tell(tx, one, type_="key.revoked", now=now, reason="guest")
                told += 1
    return told


def _tell(tx: Transaction, one: KnownHere, *, type_: str, now: datetime, **more: object) -> None:
    payload = {"id": new_ref("key", one.key.api_key_id), "house": _house(one), **more}
    events.append(tx, type=type_, actor=_actor(one), at=now, payload=payload)


def _house(one: KnownHere) -> str:
    return one.provider_slug or new_ref("agc", one.key.house_id)


def _actor(one: KnownHere) -> Actor:
    if one.provider_slug:
        return provider_actor(one.provider_slug)
    return counselor_actor(new_ref("cou", one.key.guest_id))
