"""What became of deliveries: attempts kept, acknowledged, due again, or given up."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from portal.store.work import Transaction

# One document, however many attempts there are: the driver writes lists of values six times as slowly.
_RECORD = """
INSERT INTO delivery_attempts (lender_id, attempt_id, endpoint_id, event_id, number, at, status_code, duration_ms,
  answer_start, error)
SELECT %(lender_id)s, (seen->>0)::uuid, (seen->>1)::uuid, (seen->>2)::uuid, (seen->>3)::int, (seen->>4)::timestamptz,
  (seen->>5)::int, (seen->>6)::int, seen->>7, seen->>8
FROM jsonb_array_elements(%(document)s::jsonb) AS seen
ON CONFLICT DO NOTHING
"""
_DELIVERED = """
UPDATE deliveries SET state = 'delivered', delivered_at = %(now)s, claimed_until = NULL, attempts = attempts + 1
WHERE lender_id = %(lender_id)s AND endpoint_id = %(endpoint_id)s AND event_id = ANY(%(ids)s::uuid[])
  AND state IN ('due', 'sending')
"""
_RETRIED = """
UPDATE deliveries SET state = told.state, due_at = told.due_at, attempts = told.attempts, claimed_until = NULL
FROM unnest(%(endpoint_id)s::uuid[], %(event_id)s::uuid[], %(claimed_until)s::timestamptz[], %(state)s::text[],
  %(due_at)s::timestamptz[], %(attempts)s::int[])
  AS told(endpoint_id, event_id, claimed_until, state, due_at, attempts)
WHERE deliveries.lender_id = %(lender_id)s AND deliveries.endpoint_id = told.endpoint_id
  AND deliveries.event_id = told.event_id AND deliveries.state = 'sending'
  AND deliveries.claimed_until = told.claimed_until
"""
_FORWARD = """
UPDATE deliveries SET due_at = %(now)s
WHERE lender_id = %(lender_id)s AND endpoint_id = %(endpoint_id)s AND account_ref = ANY(%(account_refs)s)
  AND state = 'due' AND attempts = 0 AND due_at > %(now)s
"""


class Attempt(NamedTuple):
    """What was seen when one delivery was tried."""

    attempt_id: UUID
    endpoint_id: UUID
    event_id: UUID
    number: int
    at: datetime
    status_code: int | None
    duration_ms: int
    answer_start: str
    error: str | None


class Retry(NamedTuple):
    """A delivery that was not taken: given up (`dead`), or due again."""

    endpoint_id: UUID
    event_id: UUID
    claimed_until: datetime
    state: str
    due_at: datetime
    attempts: int


def record_attempts(tx: Transaction, attempts: Sequence[Attempt]) -> None:
    """Keep attempts; one that is kept already (its commit was in doubt) stays as it is."""
    if attempts:
        document = json.dumps(attempts, default=str, ensure_ascii=False)
        tx.later(_RECORD, {"lender_id": tx.lender_id, "document": document})


def settle_delivered(tx: Transaction, *, endpoint_id: UUID, event_ids: list[UUID], now: datetime) -> None:
    """Mark deliveries as acknowledged, whoever holds them by now: that the receiver has them is a fact."""
    given = {"lender_id": tx.lender_id, "endpoint_id": endpoint_id, "ids": event_ids, "now": now}
    tx.later(_DELIVERED, given)


def settle_retries(tx: Transaction, retries: Sequence[Retry]) -> None:
    """Make deliveries due again or dead, where this worker still holds them."""
    if retries:
        columns = {name: [getattr(one, name) for one in retries] for name in Retry.__annotations__}
        tx.later(_RETRIED, {"lender_id": tx.lender_id, **columns})


def bring_forward(tx: Transaction, *, endpoint_id: UUID, account_refs: list[str], now: datetime) -> None:
    """Make what waited behind a delivery that is settled now due at once."""
    if account_refs:
        place = {"lender_id": tx.lender_id, "endpoint_id": endpoint_id}
        tx.later(_FORWARD, {**place, "account_refs": account_refs, "now": now})
