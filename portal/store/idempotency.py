"""Idempotency keys of the API: the same key gives the same answer; what was answered is sealed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.lenders import idempotency_keys
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a key stands for: the digest of its request and, once it was answered, the answer."""

    request_digest: bytes
    status: int | None
    place: str | None
    body: str | None


def claim_key(
    tx: Transaction, *, key: str, api_key_id: UUID, request_digest: bytes, now: datetime
) -> Answered | None:
    """Claim a key for this request: None when it is ours to do, else what an earlier request made of it."""
    digest = _digest(tx, key, api_key_id)
    claimed = tx.execute(
        insert(idempotency_keys)
        .values(
            lender_id=tx.lender_id,
            key_digest=digest,
            api_key_id=api_key_id,
            request_digest=request_digest,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )
    if claimed.rowcount == 1:
        return None
    row = tx.execute(
        select(
            idempotency_keys.c.request_digest,
            idempotency_keys.c.status,
            idempotency_keys.c.place,
            idempotency_keys.c.body,
        ).where(idempotency_keys.c.lender_id == tx.lender_id, idempotency_keys.c.key_digest == digest)
    ).one()
    body = tx.unseal_optional(column="idempotency_keys.body", row=digest.hex(), sealed=row.body)
    return Answered(request_digest=bytes(row.request_digest), status=row.status, place=row.place, body=body)


def keep_answer(
    tx: Transaction, *, key: str, api_key_id: UUID, status: int, place: str | None, body: str
) -> None:
    """Keep the answer of a key; `place` is the Location of what was made."""
    digest = _digest(tx, key, api_key_id)
    tx.execute(
        update(idempotency_keys)
        .where(idempotency_keys.c.lender_id == tx.lender_id, idempotency_keys.c.key_digest == digest)
        .values(
            status=status,
            place=place,
            body=tx.seal(column="idempotency_keys.body", row=digest.hex(), text=body),
        )
    )


def let_go(tx: Transaction, *, key: str, api_key_id: UUID) -> None:
    """Forget a key whose request did nothing, so that it can be tried again."""
    digest = _digest(tx, key, api_key_id)
    tx.execute(
        delete(idempotency_keys).where(
            idempotency_keys.c.lender_id == tx.lender_id,
            idempotency_keys.c.key_digest == digest,
            idempotency_keys.c.status.is_(None),
        )
    )


def _digest(tx: Transaction, key: str, api_key_id: UUID) -> bytes:
    return tx.steady_digest("idempotency", f"{api_key_id}\x00{key}")
