from dataclasses import dataclass
from datetime import datetime

from portal.actions.accounts.find_and_lock import find_and_lock, tell
from portal.actions.contact.send_message import quiet_queue
from portal.core.actors import Actor
from portal.core.holds import CAUSES, freeze_of, stops
from portal.store import accounts
from portal.store.debtors import new_ref
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class HoldOutcome:
    """What became of it: held, there_already, not_found."""

    kind: str
    hold_ref: str = ""


def hold_account(
    work: Work, *, account_ref: str, cause: str, until: datetime | None, actor: Actor, now: datetime
) -> HoldOutcome:
    """Stop contact and payments about an account for a cause of `core.holds.CAUSES`, and tell it.

    A hold of the same cause that is in force stays as it is. Raises ValueError for an unknown cause or an end that
    is past.
    """
    if cause not in CAUSES or (until is not None and until <= now):
        raise ValueError(f"no hold of cause {cause!r} until {until}")
    with work.begin() as tx:
        found = find_and_lock(tx, account_ref=account_ref)
        if found is None:
            return HoldOutcome(kind="not_found")
        account_id = found.account.account_id
        for hold in accounts.list_holds(tx, account_id=account_id, now=now):
            if hold.kind == cause:
                return HoldOutcome(kind="there_already", hold_ref=new_ref("hld", hold.hold_id))
        hold_ref = new_ref(
            "hld", accounts.save_hold(tx, account_id=account_id, kind=cause, now=now, until=until)
        )
        payload: dict[str, object] = {"id": hold_ref, "cause": cause, "stops": stops(freeze_of(cause))}
        if until is not None:
            payload["until"] = until.date().isoformat()
        tell(tx, found, type_="account.held", actor=actor, now=now, payload=payload)
        quiet_queue(tx, debtor=found.debtor, now=now)
    return HoldOutcome(kind="held", hold_ref=hold_ref)
