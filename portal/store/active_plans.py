"""The plan that runs on an account, as far as money needs it: without the signed texts, which are long."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.store.tables.agreements import agreements
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class ActivePlan:
    """An active agreement by its names and the time of its signature."""

    agreement_id: UUID
    agreement_ref: str
    signed_at: datetime | None


def find_agreement_ref(tx: Transaction, *, agreement_id: UUID) -> str | None:
    """Find the reference of an agreement."""
    found = tx.execute(
        select(agreements.c.agreement_ref).where(
            agreements.c.lender_id == tx.lender_id, agreements.c.agreement_id == agreement_id
        )
    ).scalar_one_or_none()
    return None if found is None else str(found)
