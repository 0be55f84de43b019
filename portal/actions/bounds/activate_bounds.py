from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.actors import Actor
from portal.core.plans.canonical import digest
from portal.store import bounds, events
from portal.store.bounds import BoundsVersion
from portal.store.debtors import new_ref
from portal.store.work import Transaction, Work


def activate_bounds(work: Work, *, bounds_id: UUID, actor: Actor, now: datetime) -> str:
    """Put an approved version in force in place of the one before: activated, unknown, or not_approved.

    One version of a currency is in force at a time; two activations at once take turns. Offers that stand stay firm,
    cases that are open keep their version until their lock ends. Tells `bounds.published` and `bounds.retired`.
    """
    with work.begin() as tx:
        version = bounds.lock_bounds(tx, bounds_id=bounds_id)
        if version is None:
            return "unknown"
        if version.state != "approved":
            return "not_approved"
        former = bounds.list_active_bounds(tx, currency=version.currency)
        for old in former:
            _retire(tx, old, version, actor=actor, now=now)
        bounds.move_bounds(tx, bounds_id=bounds_id, before="approved", after="active", now=now)
        payload: dict[str, Any] = {
            "version": version.version,
            "id": new_ref("bnd", bounds_id),
            "name": version.name,
            "digest": digest(version.body),
        }
        if former:
            payload["replaces"] = former[-1].version
        if approval := (version.review or {}).get("approval"):
            payload["approval"] = approval
        events.append(tx, type="bounds.published", actor=actor, at=now, payload=payload)
    return "activated"


def _retire(
    tx: Transaction, old: BoundsVersion, fresh: BoundsVersion, *, actor: Actor, now: datetime
) -> None:
    bounds.move_bounds(tx, bounds_id=old.bounds_id, before="active", after="retired", now=now)
    payload = {
        "version": old.version,
        "id": new_ref("bnd", old.bounds_id),
        "name": old.name,
        "replaced_by": fresh.version,
        "reason": "replaced",
    }
    events.append(tx, type="bounds.retired", actor=actor, at=now, payload=payload)
