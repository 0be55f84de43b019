"""Staff stops deliveries to a receiver, or lets them flow again."""

from datetime import datetime
from uuid import UUID

from portal.actions.endpoints.save_endpoint import tell_change
from portal.core.actors import Actor
from portal.store import endpoints, events
from portal.store.work import Work


def switch_endpoint(work: Work, *, endpoint_id: UUID, is_on: bool, actor: Actor, now: datetime) -> str:
    """Turn a receiver on or off; gives `switched`, `same` or `unknown`. What waits goes out when it is on again.

    Tells `endpoint.changed` or `endpoint.disabled`.
    """
    with work.begin() as tx:
        if endpoints.find_endpoint(tx, endpoint_id) is None:
            return "unknown"
        if is_on:
            if not endpoints.enable(tx, endpoint_id=endpoint_id):
                return "same"
            tell_change(tx, endpoint_id, ["enabled"], actor=actor, now=now)
            tx.deliveries_due_at = now
            return "switched"
        if not endpoints.disable(tx, endpoint_id=endpoint_id, reason="staff"):
            return "same"
        payload = {"id": str(endpoint_id), "reason": "staff"}
        events.append(tx, type="endpoint.disabled", actor=actor, at=now, payload=payload)
        return "switched"
