"""Whose time may have come, and what was erased: what the retention job walks and its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, insert, select

from portal.core.erasure import Erasure
from portal.store.tables.debtors import debtors
from portal.store.tables.erasures import erasures
from portal.store.work import Transaction


class Candidate(NamedTuple):
    """A person whose record has not changed for as long as the house keeps anything."""

    debtor_id: UUID
    debtor_ref: str
    country: str
    time_zone: str
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class KeptErasure:
    """One erasure: the fields that went, those that stayed and why (codes), until when if only time must pass."""

    erasure_id: UUID
    debtor_id: UUID
    reason: str
    gone: Sequence[str]
    kept: Sequence[str]
    because: Sequence[str]
    until: date | None
    row_count: int
    erased_at: datetime


_CANDIDATE = (
    debtors.c.debtor_id,
    debtors.c.debtor_ref,
    debtors.c.country,
    debtors.c.time_zone,
    debtors.c.updated_at,
)
_KEPT = tuple(erasures.c[name] for name in KeptErasure.__dataclass_fields__)


def list_candidates(
    tx: Transaction, *, before: datetime, limit: int, after: UUID | None = None
) -> list[Candidate]:
    """List people whose record last changed before a moment and who were not erased in full, by id, after an id."""
    done = and_(
        erasures.c.lender_id == debtors.c.lender_id,
        erasures.c.debtor_id == debtors.c.debtor_id,
        erasures.c.kept == [],
    )
    wanted = [] if after is None else [debtors.c.debtor_id > after]
    rows = tx.execute(
        select(*_CANDIDATE)
        .select_from(debtors.outerjoin(erasures, done))
        .where(
            debtors.c.lender_id == tx.lender_id,
            debtors.c.updated_at < before,
            erasures.c.erasure_id.is_(None),
            *wanted,
        )
        .order_by(debtors.c.debtor_id)
        .limit(limit)
    )
    return [Candidate(**row._mapping) for row in rows]


def save_erasure(
    tx: Transaction, *, debtor_id: UUID, reason: str, erasure: Erasure, row_count: int, now: datetime
) -> None:
    """Write down what an erasure did."""
    tx.execute(
        insert(erasures).values(
            lender_id=tx.lender_id,
            erasure_id=tx.new_id(),
            debtor_id=debtor_id,
            reason=reason,
            gone=list(erasure.now),
            kept=list(erasure.kept),
            because=list(erasure.reasons),
            until=erasure.until,
            row_count=row_count,
            erased_at=now,
        )
    )


def list_erasures(tx: Transaction, *, limit: int) -> list[tuple[KeptErasure, str]]:
    """List the newest erasures, each with the person's reference."""
    joined = erasures.join(
        debtors,
        and_(debtors.c.lender_id == erasures.c.lender_id, debtors.c.debtor_id == erasures.c.debtor_id),
    )
    rows = tx.execute(
        select(*_KEPT, debtors.c.debtor_ref)
        .select_from(joined)
        .where(erasures.c.lender_id == tx.lender_id)
        .order_by(erasures.c.erasure_id.desc())
        .limit(limit)
    )
    return [
        (
            KeptErasure(**{name: row._mapping[name] for name in KeptErasure.__dataclass_fields__}),
            row.debtor_ref,
        )
        for row in rows
    ]
