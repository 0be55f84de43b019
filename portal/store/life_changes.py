"""Running plans on their way: begun, found by the moment of their next act, locked, written back, woken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from portal.core.life.state import Life
from portal.core.states import check_move
from portal.store.lives import KeptLife
from portal.store.rows import must_touch
from portal.store.tables.agreements import active_agreements, agreement_accounts, installments
from portal.store.tables.debtors import accounts
from portal.store.tables.lives import plan_lives
from portal.store.work import Transaction


def begin_life(
    tx: Transaction, *, agreement_id: UUID, time_zone: str, at: datetime, next_at: datetime
) -> bool:
    """Write down that a plan runs from a moment on; False when it does already."""
    fresh = insert(plan_lives).values(
        lender_id=tx.lender_id,
        agreement_id=agreement_id,
        time_zone=time_zone,
        born_at=at,
        as_of=at,
        next_at=next_at,
        has_lapsed=False,
        moves=[],
        vested_minor=0,
        is_re_aged=False,
    )
    return tx.execute(fresh.on_conflict_do_nothing()).rowcount == 1


def list_unborn(tx: Transaction, *, limit: int) -> list[UUID]:
    """List active agreements whose plan does not run yet: signed before plans acted by themselves, or amended.

    This looks at every active agreement of the lender once: ask when nothing is due, not in every pass.
    """
    running = select(plan_lives.c.agreement_id).where(
        plan_lives.c.lender_id == active_agreements.c.lender_id,
        plan_lives.c.agreement_id == active_agreements.c.agreement_id,
    )
    rows = tx.execute(
        select(active_agreements.c.agreement_id)
        .where(active_agreements.c.lender_id == tx.lender_id, ~running.exists())
        .distinct()
        .limit(limit)
    )
    return list(rows.scalars())


def list_due(tx: Transaction, *, now: datetime, limit: int) -> list[UUID]:
    """Take the plans whose next act has come, in the order of their moments; those that another pass has are left out.

    Two workers so share the due plans of one lender. An account is never waited for by who holds a plan's row.
    """
    rows = tx.execute(
        select(plan_lives.c.agreement_id)
        .where(plan_lives.c.lender_id == tx.lender_id, plan_lives.c.next_at <= now)
        .order_by(plan_lives.c.next_at, plan_lives.c.agreement_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(rows.scalars())


def lock_free(tx: Transaction, *, agreement_ids: Sequence[UUID]) -> list[UUID]:
    """Lock the accounts of plans, in the order of every action; gives the plans of which every account was free.

    What somebody else works on is left for the next pass, so nobody waits in a ring.
    """
    covered = (
        select(agreement_accounts.c.agreement_id, agreement_accounts.c.account_id)
        .where(
            agreement_accounts.c.lender_id == tx.lender_id,
            agreement_accounts.c.agreement_id.in_(agreement_ids),
        )
        .order_by(agreement_accounts.c.account_id)
    )
    pairs = [(row.agreement_id, row.account_id) for row in tx.execute(covered)]
    free = set(
        tx.execute(
            select(accounts.c.account_id)
            .where(accounts.c.lender_id == tx.lender_id, accounts.c.account_id.in_({one for _, one in pairs}))
            .order_by(accounts.c.account_id)
            .with_for_update(skip_locked=True)
        ).scalars()
    )
    busy = {agreement_id for agreement_id, account_id in pairs if account_id not in free}
    return [one for one in agreement_ids if one not in busy]


class Change(NamedTuple):
    """A plan before and after, and when it acts next (None: not by itself)."""

    kept: KeptLife
    life: Life
    next_at: datetime | None


def save_lives(tx: Transaction, changes: Sequence[Change]) -> None:
    """Write plans back: the payments whose date, amount or telling changed, and the state of each plan.

    What is paid is never written here: only money writes that. The accounts are locked.
    """
    rows = [row for change in changes for row in _changed_rows(change)]
    if rows:
        tx.later(_ROWS, {"lender_id": tx.lender_id, **_columns(_OF_ROW, rows)}, heard=must_touch(len(rows)))
    if changes:
        heads = [_head_values(change) for change in changes]
        tx.later(_LIVES, {"lender_id": tx.lender_id, **_columns(_OF_LIFE, heads)})


_OF_ROW = ("agreement_id", "number", "due_on", "told", "since", "state")
_ROWS = """
UPDATE installments SET due_on = fresh.due_on, told = fresh.told, since = fresh.since, state = fresh.state
FROM unnest(%(agreement_id)s::uuid[], %(number)s::int[], %(due_on)s::date[], %(told)s::int[], %(since)s::timestamptz[],
  %(state)s::text[]) AS fresh(agreement_id, number, due_on, told, since, state)
WHERE installments.lender_id = %(lender_id)s AND installments.agreement_id = fresh.agreement_id
  AND installments.number = fresh.number
"""
_OF_LIFE = (
    "agreement_id",
    "as_of",
    "next_at",
    "broken_on",
    "has_lapsed",
    "moves",
    "vested_minor",
    "is_re_aged",
)
_LIVES = """
UPDATE plan_lives SET as_of = fresh.as_of, next_at = fresh.next_at, broken_on = fresh.broken_on,
  has_lapsed = fresh.has_lapsed, moves = fresh.moves, vested_minor = fresh.vested_minor, is_re_aged = fresh.is_re_aged
FROM unnest(%(agreement_id)s::uuid[], %(as_of)s::timestamptz[], %(next_at)s::timestamptz[], %(broken_on)s::date[],
  %(has_lapsed)s::boolean[], %(moves)s::jsonb[], %(vested_minor)s::bigint[], %(is_re_aged)s::boolean[])
  AS fresh(agreement_id, as_of, next_at, broken_on, has_lapsed, moves, vested_minor, is_re_aged)
WHERE plan_lives.lender_id = %(lender_id)s AND plan_lives.agreement_id = fresh.agreement_id
"""


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Turn rows into columns: one array each for the statement."""
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _changed_rows(change: Change) -> list[tuple[Any, ...]]:
    before = {row.number: row for row in change.kept.life.rows}
    values: list[tuple[Any, ...]] = []
    for row in change.life.rows:
        was = before[row.number]
        if (row.due_on, row.told, row.since, row.state) == (was.due_on, was.told, was.since, was.state):
            continue
        if row.state != was.state:
            check_move(noun="installment", before=was.state, after=row.state)
        values.append((change.kept.agreement_id, row.number, row.due_on, row.told, row.since, row.state))
    return values


def _head_values(change: Change) -> tuple[Any, ...]:
    life = change.life
    moves = [
        {
            "at": move.at.isoformat(),
            "number": move.number,
            "before_on": move.before_on.isoformat(),
            "due_on": move.due_on.isoformat(),
            "why": move.why,
        }
        for move in life.moves
    ]
    is_lapsed = life.state == "lapsed"
    return (
        change.kept.agreement_id,
        life.as_of,
        change.next_at,
        life.broken_on,
        is_lapsed,
        Jsonb(moves),
        life.vested,
        life.is_re_aged,
    )


def wake_account(tx: Transaction, *, account_id: UUID, now: datetime) -> None:
    """Let the plans of an account look again at once: a hold began or ended."""
    covered = select(active_agreements.c.agreement_id).where(
        active_agreements.c.lender_id == tx.lender_id, active_agreements.c.account_id == account_id
    )
    tx.execute(
        update(plan_lives)
        .where(plan_lives.c.lender_id == tx.lender_id, plan_lives.c.agreement_id.in_(covered))
        .values(next_at=now)
    )


def save_vested(tx: Transaction, *, agreement_id: UUID, vested_minor: int) -> None:
    """Save what of a plan's reduction is forgiven for good before its end."""
    tx.execute(
        update(plan_lives)
        .where(plan_lives.c.lender_id == tx.lender_id, plan_lives.c.agreement_id == agreement_id)
        .values(vested_minor=vested_minor)
    )


def rest(tx: Transaction, *, agreement_id: UUID) -> None:
    """Let a plan that is over wait for nothing any more."""
    tx.execute(
        update(plan_lives)
        .where(plan_lives.c.lender_id == tx.lender_id, plan_lives.c.agreement_id == agreement_id)
        .values(next_at=None)
    )


def save_amount(
    tx: Transaction, *, agreement_id: UUID, number: int, principal_minor: int, interest_minor: int
) -> None:
    """Save what one payment asks for, part by part: a payment was spread over others."""
    tx.execute(
        update(installments)
        .where(
            installments.c.lender_id == tx.lender_id,
            installments.c.agreement_id == agreement_id,
            installments.c.number == number,
        )
        .values(
            amount_minor=principal_minor + interest_minor,
            principal_minor=principal_minor,
            interest_minor=interest_minor,
        )
    )
