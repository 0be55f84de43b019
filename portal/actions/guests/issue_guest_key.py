import secrets
from datetime import datetime
from uuid import UUID

from portal.actions.guests.tell_guest_keys import tell_lenders
from portal.actions.lenders.issue_api_key import LABEL_MAX, ApiKeyIssued
from portal.core.scopes import GUEST_SCOPES, unknown_scopes
from portal.store import directory, guest_keys
from portal.store.guest_keys import GuestKey
from portal.store.work import Database

KEYS_MAX = 50


def issue_guest_key(
    database: Database,
    *,
    audience: str,
    house_id: UUID,
    guest_id: UUID,
    label: str,
    scopes: tuple[str, ...],
    now: datetime,
) -> ApiKeyIssued | None:
    """Make a key for a machine of an agency or a training provider; only its digest is kept.

    A counselor's key reaches that counselor's clients and nobody else's: the consent was given to a person. Each lender
    that the house serves is told; one whose turn was lost is told by the sweeper. None when the house has `KEYS_MAX`
    keys. Raises ValueError for no scope, one that this audience does not have, or a label that is empty or too long.
    """
    unknown = unknown_scopes(scopes, known=GUEST_SCOPES[audience])
    if not scopes or unknown or not 0 < len(label) <= LABEL_MAX:
        raise ValueError(f"a key has a label and scopes; unknown: {unknown}")
    prefix = f"prg_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    with database.shared().begin() as shared:
        if len(guest_keys.list_guest_keys(shared, house_id=house_id, limit=KEYS_MAX)) == KEYS_MAX:
            return None
        key = GuestKey(
            api_key_id=shared.new_id(),
            audience=audience,
            house_id=house_id,
            guest_id=guest_id,
            prefix=prefix,
            label=label,
            scopes=scopes,
            created_at=now,
        )
        guest_keys.save_guest_key(shared, key)
        directory.save_entry(
            shared, kind="guest_key", secret=secret, lender_id=None, subject_id=key.api_key_id, now=now
        )
    tell_lenders(database, house_id=house_id, now=now)
    return ApiKeyIssued(api_key_id=key.api_key_id, prefix=prefix, secret=secret)
