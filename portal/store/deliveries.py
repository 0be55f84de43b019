"""Events on their way: claimed in batches under one lender's setting, in order per account.

A claim is a lease: a worker that dies leaves rows in `sending`, and after `claimed_until` they are due again. So an
event may arrive twice and is never lost; the id it carries is the same.
"""

from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Row,
    any_,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)

from portal.store.tables.events import deliveries, endpoints, events
from portal.store.work import Transaction

# States are written into the statement, not bound: a generic plan of a prepared statement could not use the partial
# indexes otherwise (seen: 900 ms instead of 1).
_DUE = literal("due", literal_execute=True)
_SENDING = literal("sending", literal_execute=True)
_UNSETTLED: BindParameter[list[str]] = bindparam(
    "unsettled", ["due", "sending"], expanding=True, literal_execute=True
)
_CLAIMED = (
    deliveries.c.endpoint_id,
    deliveries.c.event_id,
    deliveries.c.attempts,
    deliveries.c.claimed_until,
    events.c.type,
    events.c.account_ref,
    events.c.account_sequence,
    events.c.creditor_ref,
    events.c.debtor_ref,
    events.c.actor,
    events.c.occurred_at,
    events.c.payload,
)


class Claim(NamedTuple):
    """One delivery in the hands of this worker until `claimed_until`, with the event that it carries."""

    endpoint_id: UUID
    event_id: UUID
    attempts: int
    claimed_until: datetime
    type: str
    account_ref: str | None
    account_sequence: int | None
    creditor_ref: str | None
    debtor_ref: str | None
    actor: dict[str, Any]
    occurred_at: datetime
    payload: dict[str, Any]


def release_expired(tx: Transaction, *, now: datetime) -> int:
    """Make due again what a worker claimed and never settled; gives how many."""
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.state == _SENDING,
            deliveries.c.claimed_until <= now,
        )
        .values(state="due", claimed_until=None)
    )
    return tx.execute(change).rowcount


def claim(
    tx: Transaction, *, endpoint_id: UUID, is_ordered: bool, limit: int, now: datetime, until: datetime
) -> list[Claim]:
    """Claim up to `limit` due deliveries of one endpoint, oldest first; what another worker holds is skipped.

    Of an account only its first unsettled delivery can be claimed while the endpoint is ordered.
    """
    heads = (
        select(deliveries.c.event_id)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.state == _DUE,
            deliveries.c.due_at <= now,
        )
        .order_by(deliveries.c.due_at, deliveries.c.event_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if is_ordered:
        heads = heads.where(_is_first(tx))
    ids = list(tx.execute(heads).scalars())
    return _take(tx, endpoint_id, ids, until) if ids else []


def _take(tx: Transaction, endpoint_id: UUID, ids: list[UUID], until: datetime) -> list[Claim]:
    """Take locked deliveries by their ids: joined to the query that found them, the planner may read all of the backlog
    for each (seen: 170 ms instead of 2, on tables without statistics yet)."""
    chosen = bindparam("ids", ids, type_=ARRAY(events.c.id.type))
    taken = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.event_id == any_(chosen),
            events.c.lender_id == tx.lender_id,
            events.c.id == any_(chosen),
            events.c.id == deliveries.c.event_id,
        )
        .values(state="sending", claimed_until=until)
        .returning(*_CLAIMED)
    )
    return sorted((Claim(*tuple(row)) for row in tx.execute(taken)), key=attrgetter("event_id"))


def _is_first(tx: Transaction) -> ColumnElement[bool]:
    """Whether nothing of the same account stands before a delivery.

    A scalar subquery on purpose: it stays one probe of the partial index for each row that is looked at, in the order
    of the scan. As NOT EXISTS the planner may read the whole backlog for one claim (seen: 170 ms instead of 2).
    """
    earlier = deliveries.alias("earlier")
    first = (
        select(earlier.c.account_sequence)
        .where(
            earlier.c.lender_id == tx.lender_id,
            earlier.c.endpoint_id == deliveries.c.endpoint_id,
            earlier.c.account_ref == deliveries.c.account_ref,
            earlier.c.state.in_(_UNSETTLED),
        )
        .order_by(earlier.c.account_sequence)
        .limit(1)
    )
    return or_(deliveries.c.account_ref.is_(None), deliveries.c.account_sequence == first.scalar_subquery())


def postpone_blocked(tx: Transaction, *, endpoint_id: UUID, now: datetime) -> int:
    """Move what waits behind a delivery that is due later to that time, so that no scan passes over it again."""
    head = deliveries.alias("head")
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.state == _DUE,
            deliveries.c.due_at <= now,
            head.c.lender_id == tx.lender_id,
            head.c.endpoint_id == endpoint_id,
            head.c.account_ref == deliveries.c.account_ref,
            head.c.account_sequence < deliveries.c.account_sequence,
            head.c.state == _DUE,
            head.c.due_at > now,
        )
        .values(due_at=head.c.due_at)
    )
    return tx.execute(change).rowcount


def find_next_due(tx: Transaction, *, now: datetime) -> datetime | None:
    """Find when this lender's next delivery can be claimed or a lease ends; None when nothing waits.

    What stands behind an earlier delivery of its account does not count, and an endpoint that rests counts from the
    end of its rest. One short query for each endpoint: the first fit in the order of the index, never a scan of all.
    """
    places = tx.execute(
        select(endpoints.c.endpoint_id, endpoints.c.is_ordered, endpoints.c.slow_until).where(
            endpoints.c.lender_id == tx.lender_id, endpoints.c.state == "active"
        )
    ).all()
    times = [_next_of(tx, place, now) for place in places]
    lease = select(func.min(deliveries.c.claimed_until)).where(
        deliveries.c.lender_id == tx.lender_id, deliveries.c.state == _SENDING
    )
    times.append(tx.execute(lease).scalar_one())
    return min((one for one in times if one is not None), default=None)


def _next_of(tx: Transaction, place: Row[Any], now: datetime) -> datetime | None:
    slow_until = place.slow_until
    is_resting = slow_until is not None and slow_until > now
    first = (
        select(deliveries.c.due_at)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == place.endpoint_id,
            deliveries.c.state == _DUE,
        )
        .order_by(deliveries.c.due_at)
        .limit(1)
    )
    if place.is_ordered and not is_resting:
        first = first.where(_is_first(tx))
    found: datetime | None = tx.execute(first).scalar_one_or_none()
    return max(found, slow_until) if found and slow_until else found
