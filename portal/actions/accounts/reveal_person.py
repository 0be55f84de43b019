from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.actions.accounts.find_and_lock import Found, tell
from portal.core.actors import Actor
from portal.store import accounts, debtors, sessions
from portal.store.work import Work

REASONS = ("call_back", "identity_check", "complaint", "dispute", "wrong_details", "legal_duty")
FIELDS = ("name", "phone", "email", "birth_date")
OPEN_FOR = timedelta(minutes=10)
SEEN = "revealed"


def reveal_person(
    work: Work,
    *,
    account_id: UUID,
    reason: str,
    session_id: UUID,
    state: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> bool:
    """Open the closed personal fields of an account's debtor to one visit, and tell who did it and why.

    They stay open for `OPEN_FOR` in this session only (`is_revealed`). False when there is no such account. Raises
    ValueError for a reason outside `REASONS`.
    """
    if reason not in REASONS:
        raise ValueError(f"no reason to look: {reason!r}")
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=account_id)
        debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id) if account else None
        if account is None or debtor is None:
            return False
        until = {name: at for name, at in state.get(SEEN, {}).items() if datetime.fromisoformat(at) > now} | {
            account_id.hex: (now + OPEN_FOR).isoformat()
        }
        sessions.merge_state(tx, session_id=session_id, values={SEEN: until})
        payload = {"fields": list(FIELDS), "reason": reason}
        tell(tx, Found(account=account, debtor=debtor), type_="data.revealed", actor=actor, now=now,
             payload=payload)  # fmt: skip
    return True


def is_revealed(state: Mapping[str, Any], *, account_id: UUID, now: datetime) -> bool:
    """Tell whether a session has an account's personal fields open at `now`."""
    until = state.get(SEEN, {}).get(account_id.hex)
    return until is not None and now < datetime.fromisoformat(until)
