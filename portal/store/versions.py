"""The versions of an agreement: which one a newer one replaced, and how often the terms of an account were changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from portal.store.tables.agreements import agreements, enrollments
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Version:
    """A signed version by its names."""

    agreement_id: UUID
    agreement_ref: str
    version: int
    signed_at: datetime
    state: str


_VERSION = tuple(agreements.c[name] for name in Version.__dataclass_fields__)


def find_successor(tx: Transaction, *, agreement_id: UUID) -> Version | None:
    """Find the version that took the place of an agreement; one that was taken back took nobody's place."""
    row = tx.execute(
        select(*_VERSION)
        .where(
            agreements.c.lender_id == tx.lender_id,
            agreements.c.amends_id == agreement_id,
            agreements.c.signed_at.is_not(None),
            agreements.c.state != "withdrawn",
        )
        .order_by(agreements.c.agreement_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Version(**row._mapping)


def find_newest(tx: Transaction, *, agreement_id: UUID) -> Version | None:
    """Find the version at the end of the line that begins behind an agreement; None when nothing replaced it."""
    found = None
    while (
        later := find_successor(tx, agreement_id=found.agreement_id if found else agreement_id)
    ) is not None:
        found = later
    return found


def count_changes(tx: Transaction, *, agreement_id: UUID, since: datetime) -> int:
    """Count the versions of an agreement that changed its terms since a moment, itself included."""
    count = 0
    wanted: UUID | None = agreement_id
    while wanted is not None:
        row = tx.execute(
            select(agreements.c.amends_id, agreements.c.signed_at).where(
                agreements.c.lender_id == tx.lender_id, agreements.c.agreement_id == wanted
            )
        ).one()
        if row.amends_id is None or row.signed_at is None or row.signed_at < since:
            return count
        count += 1
        wanted = row.amends_id
    return count


def move_course(tx: Transaction, *, before_id: UUID, after_id: UUID) -> None:
    """Let the course of an agreement go on under another version of it."""
    tx.execute(
        update(enrollments)
        .where(enrollments.c.lender_id == tx.lender_id, enrollments.c.agreement_id == before_id)
        .values(agreement_id=after_id)
    )
