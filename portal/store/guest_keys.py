"""Keys to the API of guests' machines. The shared directory knows a key's digest; the row here says what it may do.

A key of a counselor reaches what that counselor's clients consented to, a key of a training provider the provider's
learners; who they are lives with each lender. `guest_keys_told` is the lender's own note of which keys it heard of.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.store.tables.identity import guest_keys_told
from portal.store.tables.shared import agencies, guest_keys, guest_lenders, providers
from portal.store.work import SharedTransaction, Transaction


@dataclass(frozen=True, kw_only=True)
class GuestKey:
    """One key; `audience` is counselor or trainer, `house_id` the agency or provider, `guest_id` who made it."""

    api_key_id: UUID
    audience: str
    house_id: UUID
    guest_id: UUID
    prefix: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class KnownHere:
    """A guest's key as a lender hears of it; `house` is the agency's name or the provider's."""

    key: GuestKey
    house: str
    provider_slug: str | None


_KEY = tuple(guest_keys.c[name] for name in GuestKey.__dataclass_fields__)
_WITH_HOUSE = (*_KEY, agencies.c.name.label("agency"), providers.c.name.label("provider"), providers.c.slug)
_HOUSES = guest_keys.outerjoin(agencies, agencies.c.agency_id == guest_keys.c.house_id).outerjoin(
    providers, providers.c.provider_id == guest_keys.c.house_id
)


def save_guest_key(tx: SharedTransaction, key: GuestKey) -> None:
    """Save a new key; its secret goes to the directory (`save_entry`, kind guest_key) in the same transaction."""
    tx.execute(insert(guest_keys).values(**{**vars(key), "scopes": list(key.scopes)}))


def find_guest_key(tx: SharedTransaction, *, api_key_id: UUID) -> GuestKey | None:
    """Find a key that has not been revoked."""
    row = tx.execute(
        select(*_KEY).where(guest_keys.c.api_key_id == api_key_id, guest_keys.c.revoked_at.is_(None))
    ).one_or_none()
    return None if row is None else _key(row)


def list_guest_keys(
    tx: SharedTransaction, *, house_id: UUID, guest_id: UUID | None = None, limit: int = 200
) -> list[GuestKey]:
    """List the keys of a house that open something, of one guest if named, newest first."""
    wanted = [guest_keys.c.house_id == house_id, guest_keys.c.revoked_at.is_(None)]
    if guest_id is not None:
        wanted.append(guest_keys.c.guest_id == guest_id)
    rows = tx.execute(select(*_KEY).where(*wanted).order_by(guest_keys.c.api_key_id.desc()).limit(limit))
    return [_key(row) for row in rows]


def revoke_guest_key(tx: SharedTransaction, *, api_key_id: UUID, now: datetime) -> bool:
    """End a key by compare-and-set; False when it had ended."""
    step = update(guest_keys).where(guest_keys.c.api_key_id == api_key_id, guest_keys.c.revoked_at.is_(None))
    return tx.execute(step.values(revoked_at=now)).rowcount == 1


def _key(row: Row[Any]) -> GuestKey:
    own = {name: getattr(row, name) for name in GuestKey.__dataclass_fields__}
    return GuestKey(**{**own, "scopes": tuple(row.scopes)})


def _known(row: Row[Any]) -> KnownHere:
    return KnownHere(key=_key(row), house=row.agency or row.provider or "", provider_slug=row.slug)


# ---- what a lender knows of them


def list_new(tx: Transaction, *, limit: int) -> list[KnownHere]:
    """List the keys of the houses that serve this lender and of which it was not told yet."""
    told = and_(
        guest_keys_told.c.lender_id == tx.lender_id, guest_keys_told.c.api_key_id == guest_keys.c.api_key_id
    )
    rows = tx.execute(
        select(*_WITH_HOUSE)
        .select_from(
            _HOUSES.join(guest_lenders, guest_lenders.c.house_id == guest_keys.c.house_id).outerjoin(
                guest_keys_told, told
            )
        )
        .where(
            guest_lenders.c.lender_id == tx.lender_id,
            guest_keys.c.revoked_at.is_(None),
            guest_keys_told.c.api_key_id.is_(None),
        )
        .order_by(guest_keys.c.api_key_id)
        .limit(limit)
    )
    return [_known(row) for row in rows]


def list_ended(tx: Transaction, *, limit: int) -> list[KnownHere]:
    """List the keys that this lender was told of and whose end it was not told yet."""
    rows = tx.execute(
        select(*_WITH_HOUSE)
        .select_from(_told_here())
        .where(
            guest_keys_told.c.lender_id == tx.lender_id,
            guest_keys_told.c.ended_at.is_(None),
            guest_keys.c.revoked_at.is_not(None),
        )
        .order_by(guest_keys.c.api_key_id)
        .limit(limit)
    )
    return [_known(row) for row in rows]


def list_known(tx: Transaction, *, limit: int = 100) -> list[KnownHere]:
    """List the guests' keys that open something of this lender's, newest first."""
    rows = tx.execute(
        select(*_WITH_HOUSE)
        .select_from(_told_here())
        .where(guest_keys_told.c.lender_id == tx.lender_id, guest_keys_told.c.ended_at.is_(None))
        .order_by(guest_keys.c.api_key_id.desc())
        .limit(limit)
    )
    return [_known(row) for row in rows]


def _told_here() -> Any:
    return _HOUSES.join(guest_keys_told, guest_keys_told.c.api_key_id == guest_keys.c.api_key_id)


def note_told(tx: Transaction, *, api_key_id: UUID, now: datetime) -> bool:
    """Note that this lender hears of a key now; False when it had heard."""
    fresh = upsert(guest_keys_told).values(
        lender_id=tx.lender_id, api_key_id=api_key_id, told_at=now, ended_at=None
    )
    return tx.execute(fresh.on_conflict_do_nothing()).rowcount == 1


def note_ended(tx: Transaction, *, api_key_id: UUID, now: datetime) -> bool:
    """Note that this lender hears of a key's end now; False when it had heard."""
    step = update(guest_keys_told).where(
        guest_keys_told.c.lender_id == tx.lender_id,
        guest_keys_told.c.api_key_id == api_key_id,
        guest_keys_told.c.ended_at.is_(None),
    )
    return tx.execute(step.values(ended_at=now)).rowcount == 1
