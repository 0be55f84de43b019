"""The negotiation of one debtor over one or more accounts: its facts, its pinned bounds, and the audit chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.core.states import check_move
from portal.store.debtors import new_ref
from portal.store.tables.cases import case_accounts, cases, decisions
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case; `facts` is the last snapshot (`facts_from_dict` reads it), `bounds_id` the version pinned to it."""

    case_id: UUID
    case_ref: str
    debtor_id: UUID
    bounds_id: UUID
    currency: str
    state: str
    facts: Mapping[str, Any]
    asks_count: int
    asks_since: datetime
    decision_digest: str | None
    opened_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One audit row; private, its hash alone is told."""

    decision_id: UUID
    case_id: UUID
    prev_hash: str | None
    row: Mapping[str, Any]
    hash: str
    decided_at: datetime


_CASE = (
    cases.c.case_id,
    cases.c.case_ref,
    cases.c.debtor_id,
    cases.c.bounds_id,
    cases.c.currency,
    cases.c.state,
    cases.c.facts,
    cases.c.asks_count,
    cases.c.asks_since,
    cases.c.decision_digest,
    cases.c.opened_at,
    cases.c.updated_at,
)


def open_case(
    tx: Transaction,
    *,
    debtor_id: UUID,
    account_ids: Sequence[UUID],
    bounds_id: UUID,
    currency: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> Case:
    """Open a case over accounts whose rows the caller has locked."""
    case_id = tx.new_id()
    case = Case(
        case_id=case_id,
        case_ref=new_ref("cas", case_id),
        debtor_id=debtor_id,
        bounds_id=bounds_id,
        currency=currency,
        state="open",
        facts=dict(facts),
        asks_count=0,
        asks_since=now,
        decision_digest=None,
        opened_at=now,
        updated_at=now,
    )
    tx.execute(insert(cases).values(lender_id=tx.lender_id, **vars(case)))
    tx.execute(
        insert(case_accounts),
        [{"lender_id": tx.lender_id, "case_id": case_id, "account_id": one} for one in account_ids],
    )
    return case


def find_case(tx: Transaction, *, case_id: UUID | None = None, case_ref: str | None = None) -> Case | None:
    wanted = cases.c.case_id == case_id if case_id is not None else cases.c.case_ref == case_ref
    row = tx.execute(select(*_CASE).where(cases.c.lender_id == tx.lender_id, wanted)).one_or_none()
    return None if row is None else Case(**row._mapping)


def find_case_of_account(tx: Transaction, *, account_id: UUID) -> Case | None:
    """Find the newest case over an account that is not closed."""
    row = tx.execute(
        select(*_CASE)
        .select_from(
            cases.join(
                case_accounts,
                (case_accounts.c.lender_id == cases.c.lender_id)
                & (case_accounts.c.case_id == cases.c.case_id),
            )
        )
        .where(
            cases.c.lender_id == tx.lender_id,
            case_accounts.c.account_id == account_id,
            cases.c.state != "closed",
        )
        .order_by(cases.c.case_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Case(**row._mapping)


def list_account_ids(tx: Transaction, *, case_id: UUID) -> list[UUID]:
    rows = tx.execute(
        select(case_accounts.c.account_id)
        .where(case_accounts.c.lender_id == tx.lender_id, case_accounts.c.case_id == case_id)
        .order_by(case_accounts.c.account_id)
    )
    return list(rows.scalars())


def save_facts(
    tx: Transaction, *, case_id: UUID, facts: Mapping[str, Any], bounds_id: UUID, now: datetime
) -> None:
    """Save a newer snapshot of the facts and the bounds version that goes with it."""
    tx.execute(
        update(cases)
        .where(cases.c.lender_id == tx.lender_id, cases.c.case_id == case_id)
        .values(facts=dict(facts), bounds_id=bounds_id, updated_at=now)
    )


def count_ask(
    tx: Transaction, *, case_id: UUID, asks_count: int, asks_since: datetime, now: datetime
) -> None:
    """Save how many asks the running window has seen; counted on the case, never on a session or device."""
    tx.execute(
        update(cases)
        .where(cases.c.lender_id == tx.lender_id, cases.c.case_id == case_id)
        .values(asks_count=asks_count, asks_since=asks_since, updated_at=now)
    )


def move_case(tx: Transaction, *, case_id: UUID, before: str, after: str, now: datetime) -> bool:
    """Move a case's state by compare-and-set; False when it was not in `before`."""
    check_move(noun="case", before=before, after=after)
    step = (
        update(cases)
        .where(cases.c.lender_id == tx.lender_id, cases.c.case_id == case_id, cases.c.state == before)
        .values(state=after, updated_at=now)
    )
    return tx.execute(step).rowcount == 1


def save_decision(
    tx: Transaction,
    *,
    case_id: UUID,
    row: Mapping[str, Any],
    prev_hash: str | None,
    digest: str,
    now: datetime,
) -> None:
    """Append an audit row to the case's chain; the case keeps the newest hash."""
    tx.execute(
        insert(decisions).values(
            lender_id=tx.lender_id,
            decision_id=tx.new_id(),
            case_id=case_id,
            prev_hash=prev_hash,
            row=dict(row),
            hash=digest,
            decided_at=now,
        )
    )
    tx.execute(
        update(cases)
        .where(cases.c.lender_id == tx.lender_id, cases.c.case_id == case_id)
        .values(decision_digest=digest)
    )


def list_decisions(tx: Transaction, *, case_id: UUID, limit: int = 200) -> list[Decision]:
    """List a case's audit rows in the order in which they were made."""
    rows = tx.execute(
        select(
            decisions.c.decision_id,
            decisions.c.case_id,
            decisions.c.prev_hash,
            decisions.c.row,
            decisions.c.hash,
            decisions.c.decided_at,
        )
        .where(decisions.c.lender_id == tx.lender_id, decisions.c.case_id == case_id)
        .order_by(decisions.c.decision_id)
        .limit(limit)
    )
    return [Decision(**row._mapping) for row in rows]
