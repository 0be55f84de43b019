from datetime import datetime

from portal.actions.care.find_pause_room import PAUSE
from portal.core.actors import SYSTEM
from portal.store import events, holds
from portal.store.debtors import new_ref
from portal.store.work import Work

BATCH = 200


def end_holds(work: Work, *, now: datetime) -> int:
    """End the pauses and holds whose date has passed and tell each; gives how many. Safe to run twice."""
    with work.begin() as tx:
        ended = holds.list_ended(tx, now=now, limit=BATCH)
        for hold in ended:
            if not holds.release(tx, hold=hold, now=now):
                continue
            is_pause = hold.kind == PAUSE
            payload = (
                {"id": new_ref("pse", hold.hold_id), "kind": "breathing_space", "reason": "date"}
                if is_pause
                else {"id": new_ref("hld", hold.hold_id), "cause": hold.kind, "reason": "date"}
            )
            events.append(
                tx,
                type="pause.ended" if is_pause else "account.released",
                actor=SYSTEM,
                at=now,
                payload=payload,
                account_ref=hold.account_ref,
                creditor_ref=hold.creditor_ref,
                debtor_ref=hold.debtor_ref,
            )
        return len(ended)
