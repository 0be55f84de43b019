"""Secrets that are shown once: kept sealed in the visit that made them, for ten minutes, and nowhere in clear."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.store import sessions
from portal.store.work import Work

SHOWN_FOR = timedelta(minutes=10)
KEY = "shown_once"
_COLUMN = "sessions.shown_once"


def keep_to_show(
    work: Work, *, session_id: UUID, name: str, values: Mapping[str, str], now: datetime
) -> None:
    """Keep secrets for the page that follows the act; a newer one takes the place of an older one."""
    with work.begin() as tx:
        text = json.dumps({"name": name, **values})
        sealed = base64.b64encode(tx.seal(column=_COLUMN, row=session_id, text=text)).decode()
        until = (now + SHOWN_FOR).isoformat()
        sessions.merge_state(tx, session_id=session_id, values={KEY: {"sealed": sealed, "until": until}})


def read_to_show(
    work: Work, *, session_id: UUID, state: Mapping[str, Any], name: str, now: datetime
) -> Mapping[str, str]:
    """Read what is kept under a name; empty when it is something else or its time is over."""
    kept = state.get(KEY)
    if not kept or now >= datetime.fromisoformat(kept["until"]):
        return {}
    with work.read() as tx:
        text = tx.unseal(column=_COLUMN, row=session_id, sealed=base64.b64decode(kept["sealed"]))
    values: dict[str, str] = json.loads(text)
    return values if values.pop("name") == name else {}
