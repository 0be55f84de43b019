"""Idempotency keys of the API: the same key gives the same answer; what was answered is sealed.

Those of a lender's machine are kept with the lender, those of a guest's machine in a shared table.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.store.cipher import secret_digest
from portal.store.tables.lenders import idempotency_keys
from portal.store.tables.shared import guest_answers
from portal.store.work import SharedTransaction, Transaction

AnyTransaction = Transaction | SharedTransaction


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a key stands for: the digest of its request and, once it was answered, the answer."""

    request_digest: bytes
    status: int | None
    place: str | None
    body: str | None


@dataclass(frozen=True)
class _Shelf:
    """Where the answers of a key are kept; `own` are the columns that name one of them."""

    table: Table
    own: dict[str, Any]

    @property
    def conditions(self) -> list[Any]:
        return [self.table.c[name] == value for name, value in self.own.items()]

    @property
    def sealing(self) -> dict[str, str]:
        return {"column": f"{self.table.name}.body", "row": self.own["key_digest"].hex()}


def _shelf(tx: AnyTransaction, key: str, api_key_id: UUID) -> _Shelf:
    words = f"{api_key_id}\x00{key}"
    if isinstance(tx, Transaction):
        own = {"lender_id": tx.lender_id, "key_digest": tx.steady_digest("idempotency", words)}
        return _Shelf(idempotency_keys, own)
    return _Shelf(guest_answers, {"key_digest": secret_digest(words)})


def claim_key(
    tx: AnyTransaction, *, key: str, api_key_id: UUID, request_digest: bytes, now: datetime
) -> Answered | None:
    """Claim a key for this request: None when it is ours to do, else what an earlier request made of it."""
    shelf = _shelf(tx, key, api_key_id)
    columns = shelf.table.c
    claimed = tx.execute(
        insert(shelf.table)
        .values(**shelf.own, api_key_id=api_key_id, request_digest=request_digest, created_at=now)
        .on_conflict_do_nothing()
    )
    if claimed.rowcount == 1:
        return None
    row = tx.execute(
        select(columns.request_digest, columns.status, columns.place, columns.body).where(*shelf.conditions)
    ).one()
    body = tx.unseal(**shelf.sealing, sealed=row.body) if row.body is not None else None
    return Answered(request_digest=bytes(row.request_digest), status=row.status, place=row.place, body=body)


def keep_answer(
    tx: AnyTransaction, *, key: str, api_key_id: UUID, status: int, place: str | None, body: str
) -> None:
    """Keep the answer of a key; `place` is the Location of what was made."""
    shelf = _shelf(tx, key, api_key_id)
    sealed = tx.seal(**shelf.sealing, text=body)
    tx.execute(update(shelf.table).where(*shelf.conditions).values(status=status, place=place, body=sealed))


def let_go(tx: AnyTransaction, *, key: str, api_key_id: UUID) -> None:
    """Forget a key whose request did nothing, so that it can be tried again."""
    shelf = _shelf(tx, key, api_key_id)
    tx.execute(delete(shelf.table).where(*shelf.conditions, shelf.table.c.status.is_(None)))


def forget_old(tx: AnyTransaction, *, before: datetime, limit: int) -> int:
    """Forget the oldest answers that were given before a moment; gives how many. They can hold what an account owes."""
    table, of_room = guest_answers, list[Any]()
    if isinstance(tx, Transaction):
        table, of_room = idempotency_keys, [idempotency_keys.c.lender_id == tx.lender_id]
    old = (
        select(table.c.key_digest)
        .where(*of_room, table.c.created_at < before)
        .order_by(table.c.created_at)
        .limit(limit)
    )
    return tx.execute(delete(table).where(*of_room, table.c.key_digest.in_(old))).rowcount
