"""Secrets that are shown once: kept sealed in the visit that made them, for ten minutes, and nowhere in clear."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.store import guest_sessions, sessions
from portal.store.cipher import secret_digest
from portal.store.work import Database, SharedTransaction, Transaction, Work

SHOWN_FOR = timedelta(minutes=10)
KEY = "shown_once"
_COLUMN = "sessions.shown_once"


def keep_to_show(
    work: Work, *, session_id: UUID, name: str, values: Mapping[str, str], now: datetime
) -> None:
    """Keep secrets for the page that follows the act; a newer one takes the place of an older one."""
    with work.begin() as tx:
        kept = _sealed(tx, row=session_id, name=name, values=values, now=now)
        sessions.merge_state(tx, session_id=session_id, values={KEY: kept})


def read_to_show(
    work: Work, *, session_id: UUID, state: Mapping[str, Any], name: str, now: datetime
) -> Mapping[str, str]:
    """Read what is kept under a name; empty when it is something else or its time is over."""
    if not _is_fresh(state, now):
        return {}
    with work.read() as tx:
        return _opened(tx, state, row=session_id, name=name)


def keep_for_guest(
    database: Database, *, token: str, name: str, values: Mapping[str, str], now: datetime
) -> None:
    """Keep secrets in a guest's visit, whose session belongs to no lender."""
    with database.shared().begin() as shared:
        kept = _sealed(shared, row=secret_digest(token).hex(), name=name, values=values, now=now)
        guest_sessions.merge_guest_state(shared, token=token, values={KEY: kept})


def read_for_guest(
    database: Database, *, token: str, state: Mapping[str, Any], name: str, now: datetime
) -> Mapping[str, str]:
    """Read what a guest's visit keeps under a name; empty when it is something else or its time is over."""
    if not _is_fresh(state, now):
        return {}
    with database.shared().read() as shared:
        return _opened(shared, state, row=secret_digest(token).hex(), name=name)


def _sealed(
    tx: Transaction | SharedTransaction, *, row: object, name: str, values: Mapping[str, str], now: datetime
) -> dict[str, str]:
    text = json.dumps({"name": name, **values})
    sealed = base64.b64encode(tx.seal(column=_COLUMN, row=row, text=text)).decode()
    return {"sealed": sealed, "until": (now + SHOWN_FOR).isoformat()}


def _is_fresh(state: Mapping[str, Any], now: datetime) -> bool:
    return bool(state.get(KEY)) and now < datetime.fromisoformat(state[KEY]["until"])


def _opened(
    tx: Transaction | SharedTransaction, state: Mapping[str, Any], *, row: object, name: str
) -> Mapping[str, str]:
    text = tx.unseal(column=_COLUMN, row=row, sealed=base64.b64decode(state[KEY]["sealed"]))
    values: dict[str, str] = json.loads(text)
    return values if values.pop("name") == name else {}
