from datetime import datetime
from uuid import UUID

from portal.store import sessions
from portal.store.work import Work


def end_visit(work: Work, *, session_id: UUID, now: datetime) -> None:
    """End a person's visit; the cookie's token opens nothing afterwards."""
    with work.begin() as tx:
        sessions.end_session(tx, session_id=session_id, now=now)
