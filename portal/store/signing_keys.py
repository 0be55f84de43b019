"""What each lender signs documents with: the certificates in clear, the keys sealed; retired ones still verify."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from portal.store.tables.documents import signing_keys
from portal.store.work import Transaction

_SECRET = "signing_keys.secret"  # noqa: S105 - the name of the column


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """One identity without its secrets: the fingerprint of its certificate, and its certificates in PEM."""

    signing_key_id: UUID
    fingerprint: str
    root_pem: str
    signer_pem: str
    created_at: datetime
    retired_at: datetime | None


_KEY = tuple(signing_keys.c[name] for name in SigningKey.__dataclass_fields__)


def save_signing_key(
    tx: Transaction,
    *,
    fingerprint: str,
    root_pem: str,
    signer_pem: str,
    secret: Mapping[str, str],
    now: datetime,
) -> SigningKey:
    """Save an identity; `secret` is everything of it as text, and is sealed."""
    key_id = tx.new_id()
    key = SigningKey(
        signing_key_id=key_id,
        fingerprint=fingerprint,
        root_pem=root_pem,
        signer_pem=signer_pem,
        created_at=now,
        retired_at=None,
    )
    sealed = tx.seal(column=_SECRET, row=key_id, text=json.dumps(dict(secret)))
    tx.execute(insert(signing_keys).values(lender_id=tx.lender_id, secret=sealed, **vars(key)))
    return key


def load_secret(tx: Transaction) -> dict[str, str] | None:
    """Unseal the identity that signs now; None when there is none yet."""
    row = tx.execute(
        select(signing_keys.c.signing_key_id, signing_keys.c.secret)
        .where(signing_keys.c.lender_id == tx.lender_id, signing_keys.c.retired_at.is_(None))
        .order_by(signing_keys.c.signing_key_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _open(tx, row)


def load_secret_of(tx: Transaction, *, signing_key_id: UUID) -> dict[str, str]:
    """Unseal one identity, in use or retired."""
    return _open(
        tx,
        tx.execute(
            select(signing_keys.c.signing_key_id, signing_keys.c.secret).where(
                signing_keys.c.lender_id == tx.lender_id, signing_keys.c.signing_key_id == signing_key_id
            )
        ).one(),
    )


def _open(tx: Transaction, row: Row[Any]) -> dict[str, str]:
    text = tx.unseal(column=_SECRET, row=row.signing_key_id, sealed=row.secret)
    secret: dict[str, str] = json.loads(text)
    return secret


def list_signing_keys(tx: Transaction) -> list[SigningKey]:
    """List every identity that ever signed for the lender, the oldest first."""
    rows = tx.execute(
        select(*_KEY).where(signing_keys.c.lender_id == tx.lender_id).order_by(signing_keys.c.signing_key_id)
    )
    return [SigningKey(**row._mapping) for row in rows]


def retire_signing_keys(tx: Transaction, *, now: datetime) -> int:
    """Let the identities that sign now sign nothing more; gives how many. The next document makes a fresh one."""
    step = update(signing_keys).where(
        signing_keys.c.lender_id == tx.lender_id, signing_keys.c.retired_at.is_(None)
    )
    return tx.execute(step.values(retired_at=now)).rowcount
