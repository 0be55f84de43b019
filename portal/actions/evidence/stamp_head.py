"""The newest signed head of a lender's log gets a time stamp of an outside authority; one covers every head before it.

Sealing never waits for it: what the authority does not stamp now is stamped at a later pass, under a later head.
"""

from datetime import datetime, timedelta
from typing import Protocol

from portal.gateways.time_stamps import Stamp
from portal.store import sealing, time_stamps
from portal.store.time_stamps import TimeStamp
from portal.store.work import Work

STAMP_EVERY = timedelta(minutes=10)
"""Heads are signed once a minute, and a public authority is asked less often than that."""


class Stamping(Protocol):
    """Whoever gives time stamps; `url` names them in the record."""

    @property
    def url(self) -> str:
        """Their address."""

    def stamp(self, content: bytes) -> Stamp:
        """Stamp these bytes; raises TimeStampError."""


def stamp_head(work: Work, *, authority: Stamping, now: datetime) -> int | None:
    """Stamp the whole note of the newest head when the last stamp is old enough; gives its size, None when not due.

    The authority is asked between two short transactions. Raises TimeStampError when it does not answer: nothing is
    kept, and the next pass asks again.
    """
    with work.read() as tx:
        found = time_stamps.find_unstamped_note(tx)
        last = time_stamps.find_newest(tx, up_to=found[0]) if found else None
        before = sealing.find_checkpoint(tx, size=last.size) if last else None
    if found is None or (before is not None and timedelta(0) <= now - before.sealed_at < STAMP_EVERY):
        return None
    size, note = found
    stamp = authority.stamp(note.encode())
    with work.begin() as tx:
        kept = TimeStamp(size=size, authority=authority.url, token=stamp.token, stamped_at=stamp.stamped_at)
        return size if time_stamps.save_time_stamp(tx, kept) else None
