from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.store import api_keys, events
from portal.store.debtors import new_ref
from portal.store.work import Work


def revoke_api_key(work: Work, *, api_key_id: UUID, reason: str, actor: Actor, now: datetime) -> bool:
    """Make a key open nothing from the next request on; False when there is no such live key. `reason` is a code."""
    with work.begin() as tx:
        if api_keys.find_api_key(tx, api_key_id=api_key_id) is None:
            return False
        api_keys.revoke_api_key(tx, api_key_id=api_key_id, now=now)
        payload = {"id": new_ref("key", api_key_id), "reason": reason}
        events.append(tx, type="key.revoked", actor=actor, at=now, payload=payload)
    return True
