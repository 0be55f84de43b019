"""Steps about money that fits no payment: who asked for which, who said yes, what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.core.states import check_move
from portal.store.inbox import InboxRow
from portal.store.tables.books import unmatched_steps
from portal.store.tables.payments import inbox
from portal.store.work import Transaction

OPEN = ("asked", "approved")
"""States in which a step has a claim on its notice."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. `kind`: match (onto `account_id`) or send_back; `asked_by`, `decided_by` are references of staff."""

    step_id: UUID
    step_ref: str
    source: str
    outside_id: str
    kind: str
    account_id: UUID | None
    amount_minor: int
    currency: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None


_STEP = tuple(unmatched_steps.c[name] for name in Step.__dataclass_fields__)


def lock_notice(tx: Transaction, *, source: str, outside_id: str) -> InboxRow | None:
    """Lock a notice that fits nothing until the commit; None when there is none, or somebody has dealt with it."""
    row = tx.find(
        "SELECT source, outside_id, body, state, received_at FROM inbox WHERE inbox.lender_id = %(lender_id)s"
        " AND source = %(source)s AND outside_id = %(outside_id)s AND state IN ('parked', 'ignored') FOR UPDATE",
        {"lender_id": tx.lender_id, "source": source, "outside_id": outside_id},
    )
    return None if row is None else InboxRow(**row)


def find_notice(tx: Transaction, *, source: str, outside_id: str) -> InboxRow | None:
    """Find a kept notice, whatever became of it."""
    row = tx.execute(
        select(inbox.c.source, inbox.c.outside_id, inbox.c.body, inbox.c.state, inbox.c.received_at).where(
            inbox.c.lender_id == tx.lender_id, inbox.c.source == source, inbox.c.outside_id == outside_id
        )
    ).one_or_none()
    return None if row is None else InboxRow(**row._mapping)


def save_step(tx: Transaction, step: Step) -> None:
    tx.execute(insert(unmatched_steps).values(lender_id=tx.lender_id, **vars(step)))


def find_open_step(tx: Transaction, *, source: str, outside_id: str) -> Step | None:
    """Find the step that has a claim on a notice."""
    row = tx.execute(
        select(*_STEP).where(
            unmatched_steps.c.lender_id == tx.lender_id,
            unmatched_steps.c.source == source,
            unmatched_steps.c.outside_id == outside_id,
            unmatched_steps.c.state.in_(OPEN),
        )
    ).one_or_none()
    return None if row is None else Step(**row._mapping)


def lock_step(tx: Transaction, *, step_ref: str | None = None, step_id: UUID | None = None) -> Step | None:
    """Lock a step until the commit and load it, by its reference or its id."""
    wanted = (
        unmatched_steps.c.step_id == step_id
        if step_id is not None
        else unmatched_steps.c.step_ref == step_ref
    )
    row = tx.execute(
        select(*_STEP).where(unmatched_steps.c.lender_id == tx.lender_id, wanted).with_for_update()
    ).one_or_none()
    return None if row is None else Step(**row._mapping)


def list_steps(tx: Transaction, *, state: str, limit: int = 100) -> list[Step]:
    """List the steps in one state, oldest first."""
    rows = tx.execute(
        select(*_STEP)
        .where(unmatched_steps.c.lender_id == tx.lender_id, unmatched_steps.c.state == state)
        .order_by(unmatched_steps.c.step_id)
        .limit(limit)
    )
    return [Step(**row._mapping) for row in rows]


def move_step(tx: Transaction, *, step_id: UUID, before: str, after: str, **values: Any) -> bool:
    """Move a step's state by compare-and-set, with other columns; False when it was not in `before`."""
    check_move(noun="unmatched_step", before=before, after=after)
    change = (
        update(unmatched_steps)
        .where(
            unmatched_steps.c.lender_id == tx.lender_id,
            unmatched_steps.c.step_id == step_id,
            unmatched_steps.c.state == before,
        )
        .values(state=after, **values)
    )
    return tx.execute(change).rowcount == 1
