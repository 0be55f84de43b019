import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.core.scopes import unknown_scopes
from portal.store import api_keys, directory, events
from portal.store.debtors import new_ref
from portal.store.work import Work

LABEL_MAX = 80


@dataclass(frozen=True, kw_only=True)
class ApiKeyIssued:
    """A new key; `secret` is shown once and kept nowhere, `prefix` is how people tell keys apart."""

    api_key_id: UUID
    prefix: str
    secret: str = field(repr=False)


def issue_api_key(
    work: Work, *, label: str, scopes: tuple[str, ...], actor: Actor, now: datetime, secret: str | None = None
) -> ApiKeyIssued:
    """Make a key to the API with these scopes; only its digest is kept, in the shared directory.

    `secret` is given by a demo that must be the same each time; otherwise it has 256 random bits. Raises ValueError
    for no scope, an unknown one, or a label that is empty or too long.
    """
    if not scopes or unknown_scopes(scopes) or not 0 < len(label) <= LABEL_MAX:
        raise ValueError(f"a key has a label and scopes; unknown: {unknown_scopes(scopes)}")
    prefix = f"prt_{secrets.token_hex(4)}"
    whole = secret or f"{prefix}_{secrets.token_urlsafe(32)}"
    prefix = whole[:12]
    with work.begin() as tx:
        api_key_id = tx.new_id()
        api_keys.save_api_key(tx, api_key_id=api_key_id, prefix=prefix, label=label, scopes=scopes, now=now)
        directory.save_entry(
            tx, kind="api_key", secret=whole, lender_id=tx.lender_id, subject_id=api_key_id, now=now
        )
        payload = {"id": new_ref("key", api_key_id), "scopes": sorted(scopes)}
        events.append(tx, type="key.created", actor=actor, at=now, payload=payload)
    return ApiKeyIssued(api_key_id=api_key_id, prefix=prefix, secret=whole)
