"""Somebody asked to be forgotten: what no law asks to keep goes at once, the rest when its time has come."""

from dataclasses import dataclass
from datetime import datetime

from portal.core.actors import Actor
from portal.core.calendar import local_day
from portal.core.erasure import Erasure, erasure_of
from portal.core.packs.rules import pack_for, retention_years
from portal.store import debtors, erasure, events, retention
from portal.store.rows import known
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was erased and what was kept; `rows` were touched."""

    erasure: Erasure
    rows: int


def erase_debtor(work: Work, *, debtor_ref: str, reason: str, actor: Actor, now: datetime) -> Erased | None:
    """Erase what may be erased of a person and tell it without saying what it was; None when nobody has this reference.

    `reason` is a code (request, retention). Events, ledger and the sealed log hold no personal data and stay, so every
    proof stays what it was. Run again later, it erases what could not go before.
    """
    with work.begin() as tx:
        debtor_id = erasure.find_debtor_id(tx, debtor_ref=debtor_ref)
        if debtor_id is None:
            return None
        debtor = known(debtors.lock_debtor(tx, debtor_id=debtor_id))
        decided = erasure_of(
            erasure.load_standing(tx, debtor_id=debtor_id, debtor_ref=debtor_ref, now=now),
            retention_years=retention_years(pack_for(debtor.country)),
            today=local_day(now=now, time_zone=debtor.time_zone),
        )
        rows = sum(erasure.erase(tx, debtor_id=debtor_id, field=field, now=now) for field in decided.now)
        retention.save_erasure(
            tx, debtor_id=debtor_id, reason=reason, erasure=decided, row_count=rows, now=now
        )
        debtors.mark_messages_stopped(tx, debtor_id=debtor_id, now=now)
        payload = {"fields": list(decided.now), "reason": reason, "rows": rows}
        events.append(tx, type="data.erased", actor=actor, at=now, payload=payload, debtor_ref=debtor_ref)
    return Erased(erasure=decided, rows=rows)
