"""The retention job: whoever's time of keeping is over, by the pack of their country, is forgotten without being asked.

The years count from the last activity; an open account, a running agreement, an open matter or a hold keeps everything
(`core.erasure`). Nobody is touched before.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from portal.actions.privacy.erase_debtor import erase_debtor
from portal.core.actors import SYSTEM
from portal.core.calendar import local_day
from portal.core.erasure import Erasure, erasure_of, years_before
from portal.core.packs.rules import RETENTION_YEARS, pack_for, retention_years
from portal.store import erasure, retention
from portal.store.retention import Candidate
from portal.store.work import Transaction, Work

BATCH = 200
REASON = "retention"


@dataclass(frozen=True, kw_only=True)
class Due:
    """A person whose record is old, and what would happen to it today."""

    candidate: Candidate
    erasure: Erasure

    @property
    def is_due(self) -> bool:
        """Whether everything goes."""
        return not self.erasure.kept


def list_due(work: Work, *, now: datetime, limit: int, after: UUID | None = None) -> list[Due]:
    """List old records with what would happen to each today; nothing is written."""
    with work.read() as tx:
        found = retention.list_candidates(tx, before=_cutoff(now), limit=limit, after=after)
        return [Due(candidate=one, erasure=_decided(tx, one, now)) for one in found]


def keep_until(
    work: Work, *, now: datetime, limit: int = BATCH, after: UUID | None = None
) -> tuple[int, UUID | None]:
    """Erase what is due of a batch of old records; gives how many people, and the id to go on from (None at the end).

    Each person is one transaction, which decides again; run twice, it does nothing the second time.
    """
    due = list_due(work, now=now, limit=limit, after=after)
    erased = 0
    for one in due:
        if one.is_due:
            ref = one.candidate.debtor_ref
            erased += erase_debtor(work, debtor_ref=ref, reason=REASON, actor=SYSTEM, now=now) is not None
    return erased, due[-1].candidate.debtor_id if len(due) == limit else None


def _cutoff(now: datetime) -> datetime:
    """Return the moment before which a record must have changed last: no pack keeps for less."""
    return datetime.combine(years_before(now.date(), RETENTION_YEARS), now.time(), tzinfo=now.tzinfo)


def _decided(tx: Transaction, one: Candidate, now: datetime) -> Erasure:
    standing = erasure.load_standing(tx, debtor_id=one.debtor_id, debtor_ref=one.debtor_ref, now=now)
    return erasure_of(
        # where nothing was ever told of a person, the years count from the last change of the record
        replace(standing, last_activity_at=standing.last_activity_at or one.updated_at),
        retention_years=retention_years(pack_for(one.country)),
        today=local_day(now=now, time_zone=one.time_zone),
    )
