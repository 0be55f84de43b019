from datetime import datetime
from uuid import UUID

from portal.actions.guests.tell_guest_keys import tell_lenders
from portal.store import guest_keys
from portal.store.work import Database


def revoke_guest_key(database: Database, *, api_key_id: UUID, house_id: UUID, now: datetime) -> bool:
    """Make a guest's key open nothing from the next request on; False when the house has no such live key.

    Each lender that knew the key is told; one whose turn was lost is told by the sweeper.
    """
    with database.shared().begin() as shared:
        key = guest_keys.find_guest_key(shared, api_key_id=api_key_id)
        if key is None or key.house_id != house_id:
            return False
        guest_keys.revoke_guest_key(shared, api_key_id=api_key_id, now=now)
    tell_lenders(database, house_id=house_id, now=now)
    return True
