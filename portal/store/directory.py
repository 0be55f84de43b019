"""The shared directory: which lender, and which row there, a secret leads to. It holds digests only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.store.cipher import secret_digest
from portal.store.tables.shared import secret_digests
from portal.store.work import SharedTransaction, Transaction


@dataclass(frozen=True, kw_only=True)
class Entry:
    lender_id: int | None
    subject_id: UUID | None


def find_entry(tx: SharedTransaction | Transaction, *, kind: str, secret: str) -> Entry | None:
    """Find where a secret leads; `kind` is link, client_code, api_key, login, enrollment or paper."""
    row = tx.execute(
        select(secret_digests.c.lender_id, secret_digests.c.subject_id).where(
            secret_digests.c.kind == kind, secret_digests.c.digest == secret_digest(secret)
        )
    ).one_or_none()
    return None if row is None else Entry(lender_id=row.lender_id, subject_id=row.subject_id)


def save_entry(
    tx: SharedTransaction | Transaction,
    *,
    kind: str,
    secret: str,
    lender_id: int | None,
    subject_id: UUID | None,
    now: datetime,
) -> None:
    """Save where a secret leads; raises sqlalchemy.exc.IntegrityError when the same secret is there already."""
    tx.execute(
        insert(secret_digests).values(
            kind=kind,
            digest=secret_digest(secret),
            lender_id=lender_id,
            subject_id=subject_id,
            created_at=now,
        )
    )


def claim_entry(
    tx: SharedTransaction | Transaction,
    *,
    kind: str,
    secret: str,
    lender_id: int,
    subject_id: UUID,
    now: datetime,
) -> bool:
    """Save where a secret leads unless it leads somewhere already; False then."""
    fresh = upsert(secret_digests).values(
        kind=kind, digest=secret_digest(secret), lender_id=lender_id, subject_id=subject_id, created_at=now
    )
    return tx.execute(fresh.on_conflict_do_nothing()).rowcount == 1


def forget_entry(tx: SharedTransaction | Transaction, *, kind: str, secret: str) -> None:
    tx.execute(
        delete(secret_digests).where(
            secret_digests.c.kind == kind, secret_digests.c.digest == secret_digest(secret)
        )
    )
