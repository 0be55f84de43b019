"""API keys of a lender's machines. The shared directory knows a key's digest; the row here says what it may do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.store.tables.lenders import api_keys
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """One key; `prefix` is the readable start of the secret, by which people tell keys apart."""

    api_key_id: UUID
    prefix: str
    label: str
    scopes: tuple[str, ...]


def find_api_key(tx: Transaction, *, api_key_id: UUID) -> ApiKey | None:
    """Find a key that has not been revoked."""
    row = tx.execute(
        select(api_keys.c.api_key_id, api_keys.c.prefix, api_keys.c.label, api_keys.c.scopes).where(
            api_keys.c.lender_id == tx.lender_id,
            api_keys.c.api_key_id == api_key_id,
            api_keys.c.revoked_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return ApiKey(api_key_id=row.api_key_id, prefix=row.prefix, label=row.label, scopes=tuple(row.scopes))


@dataclass(frozen=True, kw_only=True)
class ListedKey(ApiKey):
    """A key as staff see it in the list."""

    created_at: datetime


def list_api_keys(tx: Transaction, *, limit: int = 200) -> list[ListedKey]:
    """List the keys that open something, newest first."""
    rows = tx.execute(
        select(
            api_keys.c.api_key_id,
            api_keys.c.prefix,
            api_keys.c.label,
            api_keys.c.scopes,
            api_keys.c.created_at,
        )
        .where(api_keys.c.lender_id == tx.lender_id, api_keys.c.revoked_at.is_(None))
        .order_by(api_keys.c.api_key_id.desc())
        .limit(limit)
    )
    return [ListedKey(**{**row._mapping, "scopes": tuple(row.scopes)}) for row in rows]


def save_api_key(
    tx: Transaction, *, api_key_id: UUID, prefix: str, label: str, scopes: tuple[str, ...], now: datetime
) -> None:
    """Save a new key; its secret goes to the directory (`save_entry`, kind api_key) in the same transaction."""
    tx.execute(
        insert(api_keys).values(
            lender_id=tx.lender_id,
            api_key_id=api_key_id,
            prefix=prefix,
            label=label,
            scopes=list(scopes),
            created_at=now,
        )
    )


def revoke_api_key(tx: Transaction, *, api_key_id: UUID, now: datetime) -> None:
    tx.execute(
        update(api_keys)
        .where(
            api_keys.c.lender_id == tx.lender_id,
            api_keys.c.api_key_id == api_key_id,
            api_keys.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
