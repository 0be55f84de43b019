from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.plans.canonical import digest
from portal.store import bounds, events
from portal.store.debtors import new_ref
from portal.store.work import Work

_STEPS = (("draft", "simulated"), ("simulated", "approved"), ("approved", "active"))


def adopt_bounds(work: Work, *, currency: str, actor: Actor, now: datetime) -> UUID | None:
    """Put the ready-made bounds of a currency into force for a lender that has none yet; None when it has some.

    Raises KeyError where no bounds are shipped for the currency.
    """
    body = preset(currency)
    with work.begin() as tx:
        if bounds.find_active_bounds(tx, currency=currency) is not None:
            return None
        made = bounds.save_draft(
            tx, name=f"standard-{currency.lower()}", currency=currency, body=body, made_by=None, now=now
        )
        parse_bounds(dict(made.body))
        for before, after in _STEPS:
            bounds.move_bounds(tx, bounds_id=made.bounds_id, before=before, after=after, now=now)
        payload = {
            "version": made.version,
            "id": new_ref("bnd", made.bounds_id),
            "name": made.name,
            "digest": digest(made.body),
        }
        events.append(tx, type="bounds.published", actor=actor, at=now, payload=payload)
    return made.bounds_id
