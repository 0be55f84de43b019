from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from portal.core.actors import SYSTEM
from portal.store import events, lenders
from portal.store.work import Database

_TRIES_MAX = 5


@dataclass(frozen=True, kw_only=True)
class NewCreditor:
    """A brand of the lender, as the debtor knows it."""

    creditor_ref: str
    brand_name: str
    accent: str | None = None
    phone: str | None = None
    country: str | None = None


@dataclass(frozen=True, kw_only=True)
class LenderCreated:
    """What became of it: created, or slug_taken."""

    kind: str
    lender_id: int = 0
    creditor_ids: tuple[UUID, ...] = ()


def create_lender(
    database: Database,
    *,
    slug: str,
    name: str,
    settings: Mapping[str, Any],
    creditors: Sequence[NewCreditor],
    now: datetime,
) -> LenderCreated:
    """Create a lender with its keys and creditors. Two at once take the next numbers one after the other.

    Raises sqlalchemy.exc.IntegrityError when no number was free in `_TRIES_MAX` tries.
    """
    for left in range(_TRIES_MAX, 0, -1):
        with database.shared().read() as shared:
            if lenders.find_lender(shared, slug=slug) is not None:
                return LenderCreated(kind="slug_taken")
        try:
            return _create(database, slug=slug, name=name, settings=settings, creditors=creditors, now=now)
        except IntegrityError:
            if left == 1:
                raise
    raise AssertionError


def _create(
    database: Database,
    *,
    slug: str,
    name: str,
    settings: Mapping[str, Any],
    creditors: Sequence[NewCreditor],
    now: datetime,
) -> LenderCreated:
    with lenders.create_lender(database, slug=slug, name=name, settings=settings, now=now) as tx:
        ids = tuple(lenders.save_creditor(tx, now=now, **vars(one)) for one in creditors)
        payload = {"name": "lender", "is_on": True}
        events.append(tx, type="switch.changed", actor=SYSTEM, at=now, payload=payload)
        return LenderCreated(kind="created", lender_id=tx.lender_id, creditor_ids=ids)
