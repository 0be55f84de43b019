"""Many events in one go: what a job tells of hundreds of accounts, in the order given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.actors import Actor
from portal.store import events
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """One event to be told; without an account it belongs to the debtor."""

    type: str
    at: datetime
    payload: Mapping[str, Any]
    debtor_ref: str
    account_ref: str | None = None
    creditor_ref: str | None = None


def append_many(tx: Transaction, told: Sequence[NewEvent], *, actor: Actor) -> None:
    """Append events and their due deliveries; raises EventError for one that the catalog does not know so."""
    for one in told:
        events.append(tx, actor=actor, **vars(one))
