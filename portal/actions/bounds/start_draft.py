from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.bounds.presets import CURRENCIES, preset
from portal.store import bounds, lenders
from portal.store.bounds import BoundsVersion
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class DraftStarted:
    """What became of it: started, or no_source (no such version, or nothing is shipped for the currency)."""

    kind: str
    draft: BoundsVersion | None = None


def start_draft(
    work: Work, *, currency: str, source_id: UUID | None, staff_id: UUID, now: datetime
) -> DraftStarted:
    """Start a draft from a version of the same lender, or from the ready-made bounds of a currency.

    A draft is not told: it binds nobody until it is approved and active.
    """
    with work.begin() as tx:
        lenders.lock_lender(tx)
        if source_id is not None:
            source = bounds.find_bounds(tx, bounds_id=source_id)
            if source is None:
                return DraftStarted(kind="no_source")
            return _save(tx, source.name, source.currency, source.body, staff_id=staff_id, now=now)
        if currency not in CURRENCIES:
            return DraftStarted(kind="no_source")
        active = bounds.find_active_bounds(tx, currency=currency)
        name = active.name if active else f"standard-{currency.lower()}"
        return _save(tx, name, currency, preset(currency), staff_id=staff_id, now=now)


def _save(
    tx: Transaction, name: str, currency: str, body: Mapping[str, Any], *, staff_id: UUID, now: datetime
) -> DraftStarted:
    draft = bounds.save_draft(tx, name=name, currency=currency, body=body, made_by=staff_id, now=now)
    return DraftStarted(kind="started", draft=draft)
