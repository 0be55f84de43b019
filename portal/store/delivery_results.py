"""What became of deliveries: attempts kept, acknowledged, due again, or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, any_, bindparam, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from portal.store.tables.events import deliveries, delivery_attempts
from portal.store.work import Transaction

_COLUMNS = delivery_attempts.c
_DUE = literal("due", literal_execute=True)


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


_NAMES = tuple(Attempt.__dataclass_fields__)
_ROW = func.jsonb_array_elements(bindparam("document", type_=JSONB)).column_valued("row")
_RECORD = (
    insert(delivery_attempts)
    .from_select(
        ["lender_id", *_NAMES],
        select(
            bindparam("of_lender", type_=_COLUMNS["lender_id"].type),
            *(_ROW.op("->>")(place).cast(_COLUMNS[name].type) for place, name in enumerate(_NAMES)),
        ),
    )
    .on_conflict_do_nothing()
)


def record_attempts(tx: Transaction, attempts: Sequence[Attempt]) -> None:
    """Keep attempts; one that is kept already (its commit was in doubt) stays as it is.

    One statement with one document, however many there are: the driver writes lists of values six times as slowly.
    """
    if attempts:
        document = [[str(value) if value is not None else None for value in _values(one)] for one in attempts]
        tx.execute(_RECORD, {"of_lender": tx.lender_id, "document": document})


def _values(one: Attempt) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in _NAMES)


def settle_delivered(tx: Transaction, *, endpoint_id: UUID, event_ids: list[UUID], now: datetime) -> int:
    """Mark deliveries as acknowledged, whoever holds them by now: that the receiver has them is a fact."""
    change = (
        update(deliveries)
        .where(
            deliveries.c.lender_id == tx.lender_id,
            deliveries.c.endpoint_id == endpoint_id,
            deliveries.c.event_id
            == any_(bindparam("ids", event_ids, type_=ARRAY(deliveries.c.event_id.type))),
            deliveries.c.state.in_(("due", "sending")),
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
            deliveries.c.state == _DUE,
            deliveries.c.attempts == 0,
            deliveries.c.due_at > now,
        )
        .values(due_at=now)
    )
    tx.execute(change)
