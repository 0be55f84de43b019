"""The keys that sign a lender's log; a retired key signs nothing more and verifies what it signed for ever."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.core.evidence.checkpoint import LogKey, origin_of
from portal.store import lenders
from portal.store.rows import known
from portal.store.tables.evidence import log_keys
from portal.store.work import Transaction

_SEED = "log_keys.seed"


@dataclass(frozen=True, kw_only=True)
class KeptLogKey:
    """A key as it is kept, without its seed."""

    log_key_id: UUID
    algorithm: str
    public_key: bytes
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key that signs now, with its seed."""

    algorithm: str
    public_key: bytes
    seed: bytes = field(repr=False)


_KEPT = tuple(log_keys.c[name] for name in KeptLogKey.__dataclass_fields__)


def list_log_keys(tx: Transaction) -> list[KeptLogKey]:
    """List every key that ever signed the lender's log, the oldest first."""
    rows = tx.execute(
        select(*_KEPT).where(log_keys.c.lender_id == tx.lender_id).order_by(log_keys.c.log_key_id)
    )
    return [KeptLogKey(**row._mapping) for row in rows]


def log_origin(tx: Transaction) -> str:
    """Give the name of the lender's log."""
    return origin_of(known(lenders.find_lender(tx, lender_id=tx.lender_id)).slug)


def list_public_keys(tx: Transaction) -> list[LogKey]:
    """List the public keys that ever signed the lender's log, as outsiders know them."""
    name = log_origin(tx)
    return [LogKey(name=name, algorithm=one.algorithm, public=one.public_key) for one in list_log_keys(tx)]


def load_signing_keys(tx: Transaction) -> list[SigningKey]:
    """Load the keys that sign now."""
    rows = tx.execute(
        select(log_keys.c.log_key_id, log_keys.c.algorithm, log_keys.c.public_key, log_keys.c.seed)
        .where(log_keys.c.lender_id == tx.lender_id, log_keys.c.retired_at.is_(None))
        .order_by(log_keys.c.log_key_id)
    )
    return [
        SigningKey(
            algorithm=row.algorithm,
            public_key=bytes(row.public_key),
            seed=base64.b64decode(tx.unseal(column=_SEED, row=row.log_key_id, sealed=row.seed)),
        )
        for row in rows
    ]


def save_log_key(tx: Transaction, *, algorithm: str, public_key: bytes, seed: bytes, now: datetime) -> UUID:
    log_key_id = tx.new_id()
    text = base64.b64encode(seed).decode()
    tx.execute(
        insert(log_keys).values(
            lender_id=tx.lender_id,
            log_key_id=log_key_id,
            algorithm=algorithm,
            public_key=public_key,
            seed=tx.seal(column=_SEED, row=log_key_id, text=text),
            created_at=now,
        )
    )
    return log_key_id


def retire_log_keys(tx: Transaction, *, now: datetime) -> int:
    """Let the keys that sign now sign nothing more; gives how many."""
    step = update(log_keys).where(log_keys.c.lender_id == tx.lender_id, log_keys.c.retired_at.is_(None))
    return tx.execute(step.values(retired_at=now)).rowcount
