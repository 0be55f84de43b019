"""Sessions of guests of the house: counselors and trainers, who belong to no lender.

The life is that of staff: 30 minutes without a request, 12 hours in all (SAFETY.md 3.3).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import cast, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB

from portal.store.cipher import secret_digest
from portal.store.tables.shared import guest_sessions
from portal.store.work import SharedTransaction

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class GuestSession:
    """`kind` is counselor or trainer; `state` holds what the session keeps."""

    kind: str
    subject_id: UUID
    state: Mapping[str, Any]
    started_at: datetime
    seen_at: datetime

    def ends_at(self) -> datetime:
        return min(self.seen_at + IDLE, self.started_at + ABSOLUTE)


def start_guest_session(
    tx: SharedTransaction, *, kind: str, subject_id: UUID, state: Mapping[str, Any], now: datetime
) -> str:
    """Start a session and give its token, the only time it exists in clear."""
    token = f"guest-{secrets.token_urlsafe(32)}"
    tx.execute(
        insert(guest_sessions).values(
            token_digest=secret_digest(token),
            kind=kind,
            subject_id=subject_id,
            state=dict(state),
            started_at=now,
            seen_at=now,
        )
    )
    return token


def find_guest_session(tx: SharedTransaction, *, token: str, now: datetime) -> GuestSession | None:
    """Find the live session of a token; None when it is unknown, ended or past its life."""
    columns = guest_sessions.c
    row = tx.execute(
        select(columns.kind, columns.subject_id, columns.state, columns.started_at, columns.seen_at).where(
            columns.token_digest == secret_digest(token), columns.ended_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    session = GuestSession(**row._mapping)
    return session if now < session.ends_at() else None


def touch_guest_session(tx: SharedTransaction, *, token: str, now: datetime) -> None:
    """Move the last-seen time; callers do it at most once a minute."""
    tx.execute(
        update(guest_sessions)
        .where(guest_sessions.c.token_digest == secret_digest(token), guest_sessions.c.seen_at < now)
        .values(seen_at=now)
    )


def merge_guest_state(tx: SharedTransaction, *, token: str, values: Mapping[str, Any]) -> None:
    """Put values into what a session keeps; other values stay."""
    tx.execute(
        update(guest_sessions)
        .where(guest_sessions.c.token_digest == secret_digest(token))
        .values(state=guest_sessions.c.state.concat(cast(dict(values), JSONB)))
    )


def end_guest_session(tx: SharedTransaction, *, token: str, now: datetime) -> None:
    tx.execute(
        update(guest_sessions)
        .where(guest_sessions.c.token_digest == secret_digest(token), guest_sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )
