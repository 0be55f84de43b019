from dataclasses import dataclass
from datetime import datetime

from portal.actions.accounts.find_and_lock import find_and_lock, tell
from portal.core.actors import Actor
from portal.store import accounts
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class ReleaseOutcome:
    """What became of it: released (how many holds ended), nothing_held, not_found."""

    kind: str
    holds: int = 0


def release_account(
    work: Work, *, account_ref: str, cause: str, reason: str, actor: Actor, now: datetime
) -> ReleaseOutcome:
    """End the holds of one cause on an account and tell it, once for the cause."""
    with work.begin() as tx:
        found = find_and_lock(tx, account_ref=account_ref)
        if found is None:
            return ReleaseOutcome(kind="not_found")
        ended = accounts.release_holds(tx, account_id=found.account.account_id, kind=cause, now=now)
        if not ended:
            return ReleaseOutcome(kind="nothing_held")
        payload = {"cause": cause, "reason": reason}
        tell(tx, found, type_="account.released", actor=actor, now=now, payload=payload)
    return ReleaseOutcome(kind="released", holds=ended)
