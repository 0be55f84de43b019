"""Events on their way: claimed in batches under one lender's setting, in order per account, settled with attempts.

A claim is a lease: a worker that dies leaves rows in `sending`, and after `claimed_until` they are due again. So an
event may arrive twice and is never lost; the id it carries is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from portal.store.tables.events import deliveries, delivery_attempts, endpoints, events
from portal.store.work import Transaction

_UNSETTLED = ("due", "sending")


@dataclass(frozen=True, kw_only=True)
class Claim:
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


@dataclass(frozen=True, kw_only=True)
class Attempt:
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


@dataclass(frozen=True, kw_only=True)
class Retry:
    """A delivery that was not taken: given up (`dead`), or due again."""

    endpoint_id: UUID
    event_id: UUID
    claimed_until: datetime
    state: str
    due_at: datetime
    attempts: int
    account_ref: str | None
    account_sequence: int | None


def release_expired(tx: Transaction, *, now: datetime) -> int:
    """Make due again what a worker claimed and never settled; gives how many."""
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.state == "sending",
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
            deliveries.c.state == "due",
            deliveries.c.due_at <= now,
        )
        .order_by(deliveries.c.due_at, deliveries.c.event_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if is_ordered:
        heads = heads.where(_is_first(tx))
    chosen = heads.cte("heads")
    taken = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.event_id == chosen.c.event_id,
            events.c.lender_id == tx.lender_id,
            events.c.id == deliveries.c.event_id,
        )
        .values(state="sending", claimed_until=until)
        .returning(
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
    )
    claims = [Claim(**row._mapping) for row in tx.execute(taken)]
    return sorted(claims, key=lambda one: one.event_id)


def _is_first(tx: Transaction) -> ColumnElement[bool]:
    earlier = deliveries.alias("earlier")
    return or_(
        deliveries.c.account_ref.is_(None),
        ~exists().where(
            earlier.c.lender_id == tx.lender_id,
            earlier.c.endpoint_id == deliveries.c.endpoint_id,
            earlier.c.account_ref == deliveries.c.account_ref,
            earlier.c.account_sequence < deliveries.c.account_sequence,
            earlier.c.state.in_(_UNSETTLED),
        ),
    )


def postpone_blocked(tx: Transaction, *, endpoint_id: UUID, now: datetime) -> int:
    """Move what waits behind a delivery that is due later to that time, so that no scan passes over it again."""
    head = deliveries.alias("head")
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.state == "due",
            deliveries.c.due_at <= now,
            head.c.lender_id == tx.lender_id,
            head.c.endpoint_id == endpoint_id,
            head.c.account_ref == deliveries.c.account_ref,
            head.c.account_sequence < deliveries.c.account_sequence,
            head.c.state == "due",
            head.c.due_at > now,
        )
        .values(due_at=head.c.due_at)
    )
    return tx.execute(change).rowcount


def record_attempts(tx: Transaction, attempts: Iterable[Attempt]) -> None:
    """Keep attempts; one that is kept already (its commit was in doubt) stays as it is."""
    rows = [{"lender_id": tx.lender_id, **vars(attempt)} for attempt in attempts]
    if rows:
        tx.execute(postgresql_insert(delivery_attempts).on_conflict_do_nothing(), rows)


def settle_delivered(tx: Transaction, *, endpoint_id: UUID, event_ids: list[UUID], now: datetime) -> int:
    """Mark deliveries as acknowledged, whoever holds them by now: that the receiver has them is a fact."""
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.event_id.in_(event_ids),
            deliveries.c.state.in_(_UNSETTLED),
        )
        .values(state="delivered", delivered_at=now, claimed_until=None, attempts=deliveries.c.attempts + 1)
    )
    return tx.execute(change).rowcount


def settle_retries(tx: Transaction, retries: list[Retry]) -> None:
    """Make deliveries due again or dead, where this worker still holds them."""
    if not retries:
        return
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == bindparam("of_endpoint"),
            deliveries.c.event_id == bindparam("of_event"),
            deliveries.c.state == "sending",
            deliveries.c.claimed_until == bindparam("held_until"),
        )
        .values(
            state=bindparam("new_state"),
            due_at=bindparam("new_due_at"),
            attempts=bindparam("new_attempts"),
            claimed_until=None,
        )
    )
    rows = [
        {
            "of_endpoint": one.endpoint_id,
            "of_event": one.event_id,
            "held_until": one.claimed_until,
            "new_state": one.state,
            "new_due_at": one.due_at,
            "new_attempts": one.attempts,
        }
        for one in retries
    ]
    tx.execute(change, rows)


def bring_forward(tx: Transaction, *, endpoint_id: UUID, account_refs: list[str], now: datetime) -> None:
    """Make what waited behind a delivery that is settled now due at once."""
    if not account_refs:
        return
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.account_ref.in_(account_refs),
            deliveries.c.state == "due",
            deliveries.c.attempts == 0,
            deliveries.c.due_at > now,
        )
        .values(due_at=now)
    )
    tx.execute(change)


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
        deliveries.c.lender_id == tx.lender_id, deliveries.c.state == "sending"
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
            deliveries.c.state == "due",
        )
        .order_by(deliveries.c.due_at)
        .limit(1)
    )
    if place.is_ordered and not is_resting:
        first = first.where(_is_first(tx))
    found: datetime | None = tx.execute(first).scalar_one_or_none()
    return max(found, slow_until) if found and slow_until else found
