"""The delivery log as staff read it, and what they can ask for: send again, one, many or a range."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.events import deliveries, delivery_attempts, events
from portal.store.work import Transaction

PAGE_ROWS_MAX = 500


@dataclass(frozen=True, kw_only=True)
class LoggedDelivery:
    """One line of the log; the newest event first."""

    endpoint_id: UUID
    event_id: UUID
    event_type: str
    account_ref: str | None
    account_sequence: int | None
    state: str
    attempts: int
    due_at: datetime
    delivered_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class LoggedAttempt:
    """One try, as it was seen."""

    attempt_id: UUID
    number: int
    at: datetime
    status_code: int | None
    duration_ms: int
    answer_start: str
    error: str | None


_LINE = (
    deliveries.c.endpoint_id,
    deliveries.c.event_id,
    deliveries.c.event_type,
    deliveries.c.account_ref,
    deliveries.c.account_sequence,
    deliveries.c.state,
    deliveries.c.attempts,
    deliveries.c.due_at,
    deliveries.c.delivered_at,
    deliveries.c.created_at,
)


def list_deliveries(
    tx: Transaction,
    *,
    endpoint_id: UUID,
    state: str | None = None,
    event_type: str | None = None,
    account_ref: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[LoggedDelivery]:
    """List an endpoint's deliveries, the newest event first, from before the event `before` on (keyset page)."""
    page = (
        select(*_LINE)
        .where(deliveries.c.lender_id == tx.lender_id, deliveries.c.endpoint_id == endpoint_id)
        .order_by(deliveries.c.event_id.desc())
        .limit(min(limit, PAGE_ROWS_MAX))
    )
    if state is not None:
        page = page.where(deliveries.c.state == literal(state, literal_execute=True))
    if event_type is not None:
        page = page.where(deliveries.c.event_type == event_type)
    if account_ref is not None:
        page = page.where(deliveries.c.account_ref == account_ref)
    if before is not None:
        page = page.where(deliveries.c.event_id < before)
    return [LoggedDelivery(**row._mapping) for row in tx.execute(page)]


def find_delivery(tx: Transaction, *, endpoint_id: UUID, event_id: UUID) -> LoggedDelivery | None:
    """Find the line of one event on its way to one endpoint."""
    row = tx.execute(
        select(*_LINE).where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.event_id == event_id,
        )
    ).one_or_none()
    return None if row is None else LoggedDelivery(**row._mapping)


def list_attempts(tx: Transaction, *, endpoint_id: UUID, event_id: UUID) -> list[LoggedAttempt]:
    """List every try of one delivery, oldest first."""
    rows = tx.execute(
        select(
            delivery_attempts.c.attempt_id,
            delivery_attempts.c.number,
            delivery_attempts.c.at,
            delivery_attempts.c.status_code,
            delivery_attempts.c.duration_ms,
            delivery_attempts.c.answer_start,
            delivery_attempts.c.error,
        )
        .where(
            delivery_attempts.c.lender_id == tx.lender_id,
            delivery_attempts.c.endpoint_id == endpoint_id,
            delivery_attempts.c.event_id == event_id,
        )
        .order_by(delivery_attempts.c.attempt_id)
    )
    return [LoggedAttempt(**row._mapping) for row in rows]


def list_events_between(
    tx: Transaction, *, since: datetime, until: datetime, limit: int
) -> list[tuple[UUID, str]]:
    """List (id, type) of the events that occurred from `since` to before `until`, oldest first."""
    rows = tx.execute(
        select(events.c.id, events.c.type)
        .where(
            events.c.lender_id == tx.lender_id, events.c.occurred_at >= since, events.c.occurred_at < until
        )
        .order_by(events.c.id)
        .limit(limit)
    )
    return [(row.id, row.type) for row in rows]


def insert_deliveries(tx: Transaction, *, endpoint_id: UUID, event_ids: list[UUID], now: datetime) -> int:
    """Make events due at one endpoint whatever it subscribes to; an event that is on its way already stays so."""
    chosen = select(
        events.c.lender_id,
        bindparam("endpoint", endpoint_id, type_=deliveries.c.endpoint_id.type),
        events.c.id,
        events.c.account_ref,
        events.c.account_sequence,
        events.c.type,
        bindparam("state", "due"),
        bindparam("attempts", 0),
        bindparam("due_at", now, type_=deliveries.c.due_at.type),
        bindparam("created_at", now, type_=deliveries.c.created_at.type),
    ).where(events.c.lender_id == tx.lender_id, events.c.id.in_(event_ids))
    columns = [
        "lender_id", "endpoint_id", "event_id", "account_ref", "account_sequence", "event_type", "state", "attempts",
        "due_at", "created_at",
    ]  # fmt: skip
    fresh = insert(deliveries).from_select(columns, chosen).on_conflict_do_nothing()
    tx.deliveries_due_at = now
    return tx.execute(fresh).rowcount


def replay(tx: Transaction, *, endpoint_id: UUID, event_ids: list[UUID], now: datetime) -> int:
    """Make delivered and dead deliveries due again, with a fresh schedule; gives how many."""
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.event_id.in_(event_ids),
            deliveries.c.state.in_(("delivered", "dead")),
        )
        .values(state="due", due_at=now, attempts=0, delivered_at=None)
    )
    tx.deliveries_due_at = now
    return tx.execute(change).rowcount


def hurry(tx: Transaction, *, endpoint_id: UUID, event_ids: list[UUID], now: datetime) -> int:
    """Make deliveries that wait for their next attempt due at once; gives how many.

    Their attempts stay counted: what waits behind them in their accounts is let go as after any retry.
    """
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.event_id.in_(event_ids),
            deliveries.c.state == literal("due", literal_execute=True),
            deliveries.c.due_at > now,
        )
        .values(due_at=now)
    )
    tx.deliveries_due_at = now
    return tx.execute(change).rowcount
