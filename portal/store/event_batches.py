"""Many events in one go: what a job tells of hundreds of accounts costs four statements, not three an event.

The rules are those of `events.append`: the catalog checks each event, an account's numbers have no gaps, and each
event gets its due deliveries, in the order given.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import any_, bindparam, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, Uuid

from portal.core.actors import Actor
from portal.core.events import catalog
from portal.store.tables import debtors as debtor_tables
from portal.store.tables.events import deliveries, endpoints, events
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """One event to be told; without an account it belongs to the debtor."""

    type: str
    at: datetime
    payload: Mapping[str, Any]
    debtor_ref: str
    account_ref: str | None = None
    creditor_ref: str | None = None


def append_many(tx: Transaction, told: Sequence[NewEvent], *, actor: Actor) -> None:
    """Append events and their due deliveries; raises EventError for one that the catalog does not know so."""
    if not told:
        return
    for one in told:
        catalog.validate(one.type, one.payload)
        catalog.check_subject(one.type, account_ref=one.account_ref, debtor_ref=one.debtor_ref)
        catalog.check_actor(one.type, actor.kind)
    numbers = _sequences(tx, told)
    rows = [
        {
            "lender_id": tx.lender_id,
            "id": tx.new_id(),
            "account_ref": one.account_ref,
            "account_sequence": next(numbers[one.account_ref]) if one.account_ref else None,
            "type": one.type,
            "creditor_ref": one.creditor_ref,
            "debtor_ref": one.debtor_ref,
            "actor": actor.as_payload(),
            "occurred_at": one.at,
            "payload": dict(one.payload),
        }
        for one in told
    ]
    tx.execute(insert(events), rows)
    _fan_out(tx, rows)


def _sequences(tx: Transaction, told: Sequence[NewEvent]) -> dict[str, Any]:
    """Give each account its next numbers, taken together; the rows stay locked until the commit."""
    counts = Counter(one.account_ref for one in told if one.account_ref)
    if not counts:
        return {}
    table = debtor_tables.accounts
    asked = select(
        func.unnest(bindparam("refs", list(counts), type_=ARRAY(Text))).label("account_ref"),
        func.unnest(
            bindparam("counts", list(counts.values()), type_=ARRAY(table.c.event_sequence.type))
        ).label("more"),
    ).subquery()
    step = (
        update(table)
        .where(table.c.lender_id == tx.lender_id, table.c.account_ref == asked.c.account_ref)
        .values(event_sequence=table.c.event_sequence + asked.c.more)
        .returning(table.c.account_ref, table.c.event_sequence, asked.c.more)
    )
    return {
        row.account_ref: iter(range(row.event_sequence - row.more + 1, row.event_sequence + 1))
        for row in tx.execute(step)
    }


def _fan_out(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """One due delivery for each endpoint that asked for a type; patterns are dotted words with `*`."""
    for type_ in sorted({row["type"] for row in rows}):
        ids = [row["id"] for row in rows if row["type"] == type_]
        wanted = [type_, "*", f"{type_.partition('.')[0]}.*"]
        chosen = select(
            literal(tx.lender_id),
            endpoints.c.endpoint_id,
            events.c.id,
            events.c.account_ref,
            events.c.account_sequence,
            events.c.type,
            literal("due"),
            literal(0),
            events.c.occurred_at,
            events.c.occurred_at,
        ).where(
            events.c.lender_id == tx.lender_id,
            events.c.id == any_(bindparam("ids", ids, type_=ARRAY(Uuid))),
            endpoints.c.lender_id == events.c.lender_id,
            endpoints.c.patterns.overlap(wanted),
        )
        if tx.execute(insert(deliveries).from_select(_DELIVERY, chosen)).rowcount:
            tx.deliveries_due_at = max(row["occurred_at"] for row in rows)


_DELIVERY = [
    "lender_id",
    "endpoint_id",
    "event_id",
    "account_ref",
    "account_sequence",
    "event_type",
    "state",
    "attempts",
    "due_at",
    "created_at",
]
