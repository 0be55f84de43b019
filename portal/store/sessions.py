"""Sessions of debtors and of a lender's staff: the row decides, the cookie only carries the token.

A debtor's session ends after 15 minutes without a request and 8 hours in all, a staff session after 30 minutes and
12 hours (SAFETY.md 3.3). The token is "<lender id>-<256 random bits>"; only its digest is kept.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB

from portal.store.cipher import secret_digest
from portal.store.tables.identity import sessions
from portal.store.work import Transaction

LIFE = {
    "link": (timedelta(minutes=15), timedelta(hours=8)),
    "debtor": (timedelta(minutes=15), timedelta(hours=8)),
    "staff": (timedelta(minutes=30), timedelta(hours=12)),
}
SEEN_STEP = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Session:
    """`kind` is link (opened, not verified), debtor (verified) or staff; `state` holds what the session keeps."""

    session_id: UUID
    kind: str
    subject_id: UUID
    link_id: UUID | None
    state: Mapping[str, Any]
    started_at: datetime
    seen_at: datetime

    def ends_at(self) -> datetime:
        idle, absolute = LIFE[self.kind]
        return min(self.seen_at + idle, self.started_at + absolute)


def lender_of(token: str) -> int | None:
    """Read the lender's number from a session token; None when the token has no such form."""
    number, dash, secret = token.partition("-")
    return (
        int(number)
        if dash and secret and number.isascii() and number.isdigit() and len(number) < 19
        else None
    )


def start_session(
    tx: Transaction,
    *,
    kind: str,
    subject_id: UUID,
    now: datetime,
    link_id: UUID | None = None,
    state: Mapping[str, Any] | None = None,
) -> str:
    """Start a session and give its token, the only time it exists in clear."""
    token = f"{tx.lender_id}-{secrets.token_urlsafe(32)}"
    tx.execute(
        insert(sessions).values(
            lender_id=tx.lender_id,
            session_id=tx.new_id(),
            token_digest=secret_digest(token),
            kind=kind,
            subject_id=subject_id,
            link_id=link_id,
            state=dict(state or {}),
            started_at=now,
            seen_at=now,
        )
    )
    return token


_FIND = (
    "SELECT session_id, kind, subject_id, link_id, state, started_at, seen_at FROM sessions "
    "WHERE lender_id = %(lender_id)s AND token_digest = %(digest)s AND ended_at IS NULL"
)


def find_session(tx: Transaction, *, token: str, now: datetime) -> Session | None:
    """Find the live session of a token; None when it is unknown, ended or past its life."""
    row = tx.find(_FIND, {"lender_id": tx.lender_id, "digest": secret_digest(token)})
    if row is None:
        return None
    session = Session(**row)
    return session if now < session.ends_at() else None


def find_last_visit(tx: Transaction, *, debtor_id: UUID) -> datetime | None:
    """Find when a debtor was last seen in a verified visit; None when they never were."""
    return tx.execute(
        select(func.max(sessions.c.seen_at)).where(
            sessions.c.lender_id == tx.lender_id,
            sessions.c.subject_id == debtor_id,
            sessions.c.kind == "debtor",
        )
    ).scalar_one_or_none()


def find_link_of(tx: Transaction, *, token: str) -> UUID | None:
    """Find the link through which a session of a debtor began, whether or not the session still lives."""
    return tx.execute(
        select(sessions.c.link_id).where(
            sessions.c.lender_id == tx.lender_id, sessions.c.token_digest == secret_digest(token)
        )
    ).scalar_one_or_none()


def touch_session(tx: Transaction, *, session_id: UUID, now: datetime) -> None:
    """Move the last-seen time; callers do it at most once a minute (`SEEN_STEP`)."""
    tx.execute(
        update(sessions)
        .where(
            sessions.c.lender_id == tx.lender_id,
            sessions.c.session_id == session_id,
            sessions.c.seen_at < now,
        )
        .values(seen_at=now)
    )


def save_state(tx: Transaction, *, session_id: UUID, state: Mapping[str, Any]) -> None:
    tx.execute(
        update(sessions)
        .where(sessions.c.lender_id == tx.lender_id, sessions.c.session_id == session_id)
        .values(state=dict(state))
    )


def merge_state(tx: Transaction, *, session_id: UUID, values: Mapping[str, Any]) -> None:
    """Put values into what the session keeps, beside what is there; other requests of the session are not undone."""
    tx.execute(
        update(sessions)
        .where(sessions.c.lender_id == tx.lender_id, sessions.c.session_id == session_id)
        .values(state=sessions.c.state.concat(cast(dict(values), JSONB)))
    )


def add_factor(tx: Transaction, *, session_id: UUID, factor: str, now: datetime) -> None:
    """Keep in the session that a proof was passed just now (`Visit.has_fresh` reads it)."""
    row = tx.execute(
        select(sessions.c.state)
        .where(sessions.c.lender_id == tx.lender_id, sessions.c.session_id == session_id)
        .with_for_update()
    ).one()
    factors = {**row.state.get("factors", {}), factor: now.isoformat()}
    merge_state(tx, session_id=session_id, values={"factors": factors})


def end_session(tx: Transaction, *, session_id: UUID, now: datetime) -> None:
    tx.execute(
        update(sessions)
        .where(
            sessions.c.lender_id == tx.lender_id,
            sessions.c.session_id == session_id,
            sessions.c.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def end_sessions_of(tx: Transaction, *, subject_id: UUID, now: datetime) -> None:
    """End every live session of a person: wrong party, password change, grant revoked."""
    tx.execute(
        update(sessions)
        .where(
            sessions.c.lender_id == tx.lender_id,
            sessions.c.subject_id == subject_id,
            sessions.c.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
