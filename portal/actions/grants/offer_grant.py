"""A debtor lets a counselor in: a code to say or to show, once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.client_codes import make_code
from portal.core.grants import DAYS_MAX, clean_scopes
from portal.store import debtors, events, form_tokens, grants
from portal.store.grants import Grant
from portal.store.rows import known
from portal.store.work import Transaction, Work

WAITING_MAX = 5
_DRAWS = 5


@dataclass(frozen=True, kw_only=True)
class Offered:
    """The code, shown this one time, and the consent behind it."""

    grant: Grant
    code: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class NotOffered:
    """No code was made. `reason`: again (this form was posted before), too_many (others still wait), nothing."""

    reason: str


def offer_grant(
    work: Work, *, debtor_id: UUID, scopes: Sequence[str], days: int, form_token: str, now: datetime
) -> Offered | NotOffered:
    """Make a code by which a counselor gets exactly these scopes for so many days, and tell the lender.

    The code lives seven days and works once. Raises ValueError for days outside 1 to 365.
    """
    if not 1 <= days <= DAYS_MAX:
        raise ValueError(f"a grant lasts 1 to {DAYS_MAX} days, not {days}")
    wanted = clean_scopes(list(scopes))
    if not wanted:
        return NotOffered(reason="nothing")
    with work.begin() as tx:
        debtor = known(debtors.find_debtor(tx, debtor_id=debtor_id))
        if not form_tokens.use_token(tx, token=form_token, answer="grant", now=now):
            return NotOffered(reason="again")
        waiting = [one for one in grants.list_grants_of(tx, debtor_id=debtor_id) if one.grant.waits(now)]
        if len(waiting) >= WAITING_MAX:
            return NotOffered(reason="too_many")
        offered = _save(tx, debtor_id=debtor_id, scopes=wanted, days=days, now=now)
        events.append(
            tx,
            type="grant.given",
            actor=DEBTOR,
            at=now,
            debtor_ref=debtor.debtor_ref,
            payload={
                "id": offered.grant.grant_ref,
                "scopes": list(wanted),
                "until": offered.grant.expires_at.date().isoformat(),
            },
        )
    return offered


def _save(tx: Transaction, *, debtor_id: UUID, scopes: Sequence[str], days: int, now: datetime) -> Offered:
    for _ in range(_DRAWS):
        code = make_code(secrets.choice)
        grant = grants.save_grant(tx, debtor_id=debtor_id, code=code, scopes=scopes, days=days, now=now)
        if grant is not None:
            return Offered(grant=grant, code=code)
    raise NoFreeCodeError


class NoFreeCodeError(RuntimeError):
    """Five random codes of 45 bits were all in use: something is wrong with the randomness."""
