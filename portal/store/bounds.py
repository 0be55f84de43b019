"""Versions of a lender's bounds: immutable documents that move from draft to active to retired."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from portal.core.plans.canonical import digest
from portal.core.states import check_move
from portal.store.tables.cases import bounds
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class BoundsVersion:
    """One version; `body` is the document that `core.bounds.schema.parse_bounds` reads.

    `review` is what became of it on its way: who sent it for approval and when, what was counted, what was decided.
    """

    bounds_id: UUID
    name: str
    currency: str
    version: int
    state: str
    body: Mapping[str, Any]
    made_by: UUID | None
    approved_by: UUID | None
    review: Mapping[str, Any] | None
    made_at: datetime
    active_from: datetime | None
    retired_at: datetime | None


_VERSION = (
    bounds.c.bounds_id,
    bounds.c.name,
    bounds.c.currency,
    bounds.c.version,
    bounds.c.state,
    bounds.c.body,
    bounds.c.made_by,
    bounds.c.approved_by,
    bounds.c.review,
    bounds.c.made_at,
    bounds.c.active_from,
    bounds.c.retired_at,
)


def find_bounds(tx: Transaction, *, bounds_id: UUID) -> BoundsVersion | None:
    row = tx.execute(
        select(*_VERSION).where(bounds.c.lender_id == tx.lender_id, bounds.c.bounds_id == bounds_id)
    ).one_or_none()
    return None if row is None else BoundsVersion(**row._mapping)


def find_active_bounds(tx: Transaction, *, currency: str) -> BoundsVersion | None:
    """Find the version in force for a currency: the newest that is active."""
    row = tx.execute(
        select(*_VERSION)
        .where(bounds.c.lender_id == tx.lender_id, bounds.c.currency == currency, bounds.c.state == "active")
        .order_by(bounds.c.active_from.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else BoundsVersion(**row._mapping)


def lock_bounds(tx: Transaction, *, bounds_id: UUID) -> BoundsVersion | None:
    """Lock a version until the commit, then load it; versions of one currency take turns, so that one is in force."""
    currency = tx.execute(
        select(bounds.c.currency).where(bounds.c.lender_id == tx.lender_id, bounds.c.bounds_id == bounds_id)
    ).scalar_one_or_none()
    if currency is None:
        return None
    tx.execute(
        select(bounds.c.bounds_id)
        .where(bounds.c.lender_id == tx.lender_id, bounds.c.currency == currency, bounds.c.state != "retired")
        .order_by(bounds.c.bounds_id)
        .with_for_update()
    )
    return find_bounds(tx, bounds_id=bounds_id)


def list_active_bounds(tx: Transaction, *, currency: str) -> list[BoundsVersion]:
    """List the versions of a currency that are active: one, unless something else than the console made another."""
    rows = tx.execute(
        select(*_VERSION)
        .where(bounds.c.lender_id == tx.lender_id, bounds.c.currency == currency, bounds.c.state == "active")
        .order_by(bounds.c.bounds_id)
    )
    return [BoundsVersion(**row._mapping) for row in rows]


def list_waiting_bounds(tx: Transaction, *, limit: int) -> list[BoundsVersion]:
    """List the versions that wait for an approver, the oldest first."""
    rows = tx.execute(
        select(*_VERSION)
        .where(bounds.c.lender_id == tx.lender_id, bounds.c.state == "simulated")
        .order_by(bounds.c.bounds_id)
        .limit(limit)
    )
    return [BoundsVersion(**row._mapping) for row in rows]


def save_review(tx: Transaction, *, bounds_id: UUID, review: Mapping[str, Any]) -> None:
    """Save what became of a version on its way."""
    tx.execute(
        update(bounds)
        .where(bounds.c.lender_id == tx.lender_id, bounds.c.bounds_id == bounds_id)
        .values(review=dict(review))
    )


def list_bounds(tx: Transaction, *, currency: str | None = None, limit: int = 100) -> list[BoundsVersion]:
    """List versions, newest first; there are few of them."""
    wanted = select(*_VERSION).where(bounds.c.lender_id == tx.lender_id)
    if currency is not None:
        wanted = wanted.where(bounds.c.currency == currency)
    rows = tx.execute(wanted.order_by(bounds.c.made_at.desc(), bounds.c.version.desc()).limit(limit))
    return [BoundsVersion(**row._mapping) for row in rows]


def save_draft(
    tx: Transaction, *, name: str, currency: str, body: Mapping[str, Any], made_by: UUID | None, now: datetime
) -> BoundsVersion:
    """Save a new draft as the next version of its name; two at once meet at the unique key and one is refused."""
    newest = tx.execute(
        select(func.max(bounds.c.version)).where(bounds.c.lender_id == tx.lender_id, bounds.c.name == name)
    ).scalar_one()
    version = int(newest or 0) + 1
    draft = BoundsVersion(
        bounds_id=tx.new_id(),
        name=name,
        currency=currency,
        version=version,
        state="draft",
        body={**body, "bounds_id": name, "version": version},
        made_by=made_by,
        approved_by=None,
        review=None,
        made_at=now,
        active_from=None,
        retired_at=None,
    )
    tx.execute(
        insert(bounds).values(
            lender_id=tx.lender_id, body_digest=bytes.fromhex(digest(draft.body)), **vars(draft)
        )
    )
    return draft


def save_body(tx: Transaction, *, bounds_id: UUID, body: Mapping[str, Any]) -> bool:
    """Replace the body of a draft; False when the version is no draft any more."""
    step = (
        update(bounds)
        .where(bounds.c.lender_id == tx.lender_id, bounds.c.bounds_id == bounds_id, bounds.c.state == "draft")
        .values(body=dict(body), body_digest=bytes.fromhex(digest(body)))
    )
    return tx.execute(step).rowcount == 1


def move_bounds(
    tx: Transaction, *, bounds_id: UUID, before: str, after: str, now: datetime, by: UUID | None = None
) -> bool:
    """Move a version's state by compare-and-set; False when it was not in `before`."""
    check_move(noun="bounds", before=before, after=after)
    stamps: dict[str, Any] = {"state": after}
    if after == "approved":
        stamps["approved_by"] = by
    if after == "active":
        stamps["active_from"] = now
    if after == "retired":
        stamps["retired_at"] = now
    step = (
        update(bounds)
        .where(bounds.c.lender_id == tx.lender_id, bounds.c.bounds_id == bounds_id, bounds.c.state == before)
        .values(**stamps)
    )
    return tx.execute(step).rowcount == 1
