"""Staff or an API key asks for a test event to one receiver."""

from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.store import delivery_log, endpoints, events
from portal.store.work import Work


def send_test_event(work: Work, *, endpoint_id: UUID, actor: Actor, now: datetime) -> UUID | None:
    """Send `endpoint.tested` to a receiver, whatever it subscribes to; gives the event's id, None when unknown.

    It goes out at once, also while the receiver rests after faults.
    """
    with work.begin() as tx:
        if endpoints.find_endpoint(tx, endpoint_id) is None:
            return None
        payload = {"id": str(endpoint_id)}
        event_id = events.append(tx, type="endpoint.tested", actor=actor, at=now, payload=payload)
        delivery_log.insert_deliveries(tx, endpoint_id=endpoint_id, event_ids=[event_id], now=now)
        endpoints.end_rest(tx, endpoint_id=endpoint_id)
        return event_id
