"""What happened to a debtor and their accounts, read from the one table of events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.store.tables.events import events
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event as a feed shows it; `payload` is what the lender was told."""

    id: UUID
    type: str
    account_ref: str | None
    actor: Mapping[str, Any]
    occurred_at: datetime
    payload: Mapping[str, Any]


_HAPPENING = tuple(events.c[name] for name in Happening.__dataclass_fields__)


def list_happenings(
    tx: Transaction, *, debtor_ref: str, types: Sequence[str], since: datetime | None = None, limit: int = 30
) -> list[Happening]:
    """List events of these types about a debtor and their accounts, newest first."""
    wanted = [
        events.c.lender_id == tx.lender_id,
        events.c.debtor_ref == debtor_ref,
        events.c.type.in_(types),
        *([events.c.occurred_at >= since] if since is not None else []),
    ]
    rows = tx.execute(select(*_HAPPENING).where(*wanted).order_by(events.c.id.desc()).limit(limit))
    return [Happening(**row._mapping) for row in rows]
