"""A person gets a private address for their calendar: it shows dates and nothing else, and can be closed."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.life.lock_plan import lock_plan
from portal.store import agreements, calendars, directory, lives
from portal.store.lives import KeptLife
from portal.store.work import Database, Work

TOKEN_BYTES = 20
KIND = "calendar"


@dataclass(frozen=True, kw_only=True)
class SharedCalendar:
    """Where a calendar's address leads."""

    lender_id: int
    kept: KeptLife
    language: str


def share_calendar(work: Work, *, account_id: UUID, debtor_id: UUID, now: datetime) -> str | None:
    """Give the secret of the plan's calendar address, made when there is none yet; None when no plan runs."""
    with work.begin() as tx:
        kept = lock_plan(tx, account_id=account_id, debtor_id=debtor_id)
        if kept is None:
            return None
        known = calendars.load_token(tx, agreement_id=kept.agreement_id)
        if known is not None:
            return known
        token = secrets.token_hex(TOKEN_BYTES)
        calendars.save_token(tx, agreement_id=kept.agreement_id, token=token)
        directory.save_entry(
            tx, kind=KIND, secret=token, lender_id=tx.lender_id, subject_id=kept.agreement_id, now=now
        )
        return token


def close_calendar(work: Work, *, account_id: UUID, debtor_id: UUID) -> bool:
    """Close the plan's calendar address: it leads nowhere from now on; False when there is none."""
    with work.begin() as tx:
        kept = lock_plan(tx, account_id=account_id, debtor_id=debtor_id)
        token = calendars.load_token(tx, agreement_id=kept.agreement_id) if kept else None
        if kept is None or token is None:
            return False
        directory.forget_entry(tx, kind=KIND, secret=token)
        calendars.save_token(tx, agreement_id=kept.agreement_id, token=None)
        return True


def open_calendar(database: Database, *, token: str) -> SharedCalendar | None:
    """Find the plan behind a calendar's address; None for one that leads nowhere. Nothing is written."""
    with database.shared().read() as shared:
        entry = directory.find_entry(shared, kind=KIND, secret=token)
    if entry is None or entry.lender_id is None or entry.subject_id is None:
        return None
    with database.work(entry.lender_id).read() as tx:
        kept = lives.load_life(tx, agreement_id=entry.subject_id)
        agreement = agreements.find_agreement(tx, agreement_id=entry.subject_id)
    if kept is None or agreement is None:
        return None
    return SharedCalendar(lender_id=entry.lender_id, kept=kept, language=agreement.language)
