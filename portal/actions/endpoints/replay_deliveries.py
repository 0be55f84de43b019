"""Staff or an API key asks for past events again: one, many, or all of a time and of some types."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.core.errors import EventError
from portal.core.events.envelope import write_time
from portal.core.events.patterns import check_patterns, matches
from portal.store import delivery_log, endpoints, events
from portal.store.work import Transaction, Work

REPLAY_MAX = 10_000
ANNOUNCED = "endpoint.replayed"


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What became of it: `replayed`, `nothing`, `unknown`, `bad_patterns` or `too_many` (ask for a shorter time).

    `deliveries` counts what is due again, with the ids that the events always had.
    """

    kind: str
    deliveries: int = 0


def replay_deliveries(
    work: Work, *, endpoint_id: UUID, event_ids: Sequence[UUID], actor: Actor, now: datetime
) -> Replayed:
    """Send one or many events again to a receiver, each with its own id and a fresh schedule.

    An event that the receiver never got, because it did not subscribe then, goes out too. What waits for its next
    attempt is tried at once, also while the receiver rests after faults. Tells `endpoint.replayed`.
    """
    if len(event_ids) > REPLAY_MAX:
        return Replayed(kind="too_many")
    with work.begin() as tx:
        if endpoints.find_endpoint(tx, endpoint_id) is None:
            return Replayed(kind="unknown")
        return _replay(tx, endpoint_id, list(event_ids), actor=actor, now=now)


def replay_range(
    work: Work,
    *,
    endpoint_id: UUID,
    since: datetime,
    until: datetime,
    actor: Actor,
    now: datetime,
    patterns: Sequence[str] = (),
) -> Replayed:
    """Send everything that occurred from `since` to before `until` again; `patterns` default to what it subscribes to.

    At most `REPLAY_MAX` events at a time. Tells `endpoint.replayed`.
    """
    try:
        wanted = check_patterns(list(patterns)) if patterns else []
    except EventError:
        return Replayed(kind="bad_patterns")
    with work.begin() as tx:
        endpoint = endpoints.find_endpoint(tx, endpoint_id)
        if endpoint is None:
            return Replayed(kind="unknown")
        found = delivery_log.list_events_between(tx, since=since, until=until, limit=REPLAY_MAX + 1)
        if len(found) > REPLAY_MAX:
            return Replayed(kind="too_many")
        chosen = wanted or list(endpoint.patterns)
        event_ids = [event_id for event_id, type_ in found if _is_wanted(type_, chosen)]
        more = {"since": write_time(since), "until": write_time(until), "types": chosen}
        return _replay(tx, endpoint_id, event_ids, actor=actor, now=now, **more)


def _is_wanted(type_: str, patterns: list[str]) -> bool:
    """An announcement of a replay is not replayed: it would grow with each."""
    return type_ != ANNOUNCED and any(matches(pattern, type_) for pattern in patterns)


def _replay(
    tx: Transaction, endpoint_id: UUID, event_ids: list[UUID], *, actor: Actor, now: datetime, **more: object
) -> Replayed:
    again = delivery_log.replay(tx, endpoint_id=endpoint_id, event_ids=event_ids, now=now)
    again += delivery_log.hurry(tx, endpoint_id=endpoint_id, event_ids=event_ids, now=now)
    again += delivery_log.insert_deliveries(tx, endpoint_id=endpoint_id, event_ids=event_ids, now=now)
    if again == 0:
        return Replayed(kind="nothing")
    endpoints.end_rest(tx, endpoint_id=endpoint_id)
    payload = {"id": str(endpoint_id), "deliveries": again, **more}
    events.append(tx, type=ANNOUNCED, actor=actor, at=now, payload=payload)
    return Replayed(kind="replayed", deliveries=again)
