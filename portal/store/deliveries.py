"""Events on their way: claimed in batches under one lender's setting, in order per account.

A claim is a lease: a worker that dies leaves rows in `sending`, and after `claimed_until` they are due again. So an
event may arrive twice and is never lost; the id it carries is the same.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, func, literal, select, update

from portal.store.tables.events import deliveries, endpoints
from portal.store.work import Transaction

# States are written into the statements, not bound: a generic plan of a prepared statement could not use the partial
# indexes otherwise (seen: 900 ms instead of 1).
_DUE = literal("due", literal_execute=True)
_SENDING = literal("sending", literal_execute=True)
# Whether nothing of the same account stands before a delivery. A scalar subquery on purpose: it stays one probe of the
# partial index for each row that is looked at, in the order of the scan. As NOT EXISTS the planner may read the whole
# backlog for one claim (seen: 170 ms instead of 2).
_IS_FIRST = """
  AND (deliveries.account_ref IS NULL OR deliveries.account_sequence = (
    SELECT earlier.account_sequence FROM deliveries AS earlier
    WHERE earlier.lender_id = %(lender_id)s AND earlier.endpoint_id = deliveries.endpoint_id
      AND earlier.account_ref = deliveries.account_ref AND earlier.state IN ('due', 'sending')
    ORDER BY earlier.account_sequence LIMIT 1))"""
_HEADS = """
SELECT deliveries.event_id FROM deliveries
WHERE deliveries.lender_id = %(lender_id)s AND deliveries.endpoint_id = %(endpoint_id)s
  AND deliveries.state = 'due' AND deliveries.due_at <= %(now)s{is_first}
ORDER BY deliveries.due_at, deliveries.event_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
# Taken by their ids, and their events read by themselves: joined to the query that found them, or to the events, the
# planner may read all of the backlog for each on tables without statistics yet (seen: 170 ms and 51 ms instead of 2).
_TAKE = """
UPDATE deliveries SET state = 'sending', claimed_until = %(until)s
WHERE lender_id = %(lender_id)s AND endpoint_id = %(endpoint_id)s AND event_id = ANY(%(ids)s::uuid[])
RETURNING event_id, attempts
"""
_CARRIED = """
SELECT id, type, account_ref, account_sequence, creditor_ref, debtor_ref, occurred_at, actor::text, payload::text
FROM events WHERE lender_id = %(lender_id)s AND id = ANY(%(ids)s::uuid[]) ORDER BY id
"""
_NEXT = """
SELECT deliveries.due_at FROM deliveries
WHERE deliveries.lender_id = %(lender_id)s AND deliveries.endpoint_id = %(endpoint_id)s
  AND deliveries.state = 'due'{is_first}
ORDER BY deliveries.due_at LIMIT 1
"""


class Claim(NamedTuple):
    """One delivery in the hands of this worker until `claimed_until`, with the event that it carries.

    `actor` and `payload` are the JSON texts that the database keeps.
    """

    endpoint_id: UUID
    claimed_until: datetime
    event_id: UUID
    attempts: int
    type: str
    account_ref: str | None
    account_sequence: int | None
    creditor_ref: str | None
    debtor_ref: str | None
    occurred_at: datetime
    actor: str
    payload: str


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
    given = {"lender_id": tx.lender_id, "endpoint_id": endpoint_id}
    heads = _HEADS.format(is_first=_IS_FIRST if is_ordered else "")
    ids = [row[0] for row in tx.rows(heads, {**given, "now": now, "limit": limit})]
    if not ids:
        return []
    attempts = dict(tx.rows(_TAKE, {**given, "ids": ids, "until": until}))
    carried = tx.rows(_CARRIED, {"lender_id": tx.lender_id, "ids": list(attempts)})
    return [Claim(endpoint_id, until, row[0], attempts[row[0]], *row[1:]) for row in carried]


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
    is_ordered = place.is_ordered and not is_resting
    first = _NEXT.format(is_first=_IS_FIRST if is_ordered else "")
    found = tx.rows(first, {"lender_id": tx.lender_id, "endpoint_id": place.endpoint_id})
    due_at: datetime | None = found[0][0] if found else None
    return max(due_at, slow_until) if due_at and slow_until else due_at
