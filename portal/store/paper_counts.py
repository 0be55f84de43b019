"""How many letters and pages a lender's papers would have been, by month: a counter that is kept, not counted anew."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.core.green import month_of, pages_of
from portal.store.tables.documents import paper_counts
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class PaperCount:
    """Letters and pages that were not posted in a month (its first day)."""

    month: date
    letters: int
    pages: int


def count_paper(tx: Transaction, *, kind: str, now: datetime) -> None:
    """Count a paper that was stored instead of posted; what is no letter is not counted."""
    pages = pages_of(kind)
    if not pages:
        return
    fresh = insert(paper_counts).values(lender_id=tx.lender_id, month=month_of(now), letters=1, pages=pages)
    added = {
        "letters": paper_counts.c.letters + fresh.excluded.letters,
        "pages": paper_counts.c.pages + fresh.excluded.pages,
    }
    tx.execute(fresh.on_conflict_do_update(index_elements=["lender_id", "month"], set_=added))


def list_paper_counts(tx: Transaction, *, limit: int) -> list[PaperCount]:
    """List the newest months in which papers were made."""
    rows = tx.execute(
        select(paper_counts.c.month, paper_counts.c.letters, paper_counts.c.pages)
        .where(paper_counts.c.lender_id == tx.lender_id)
        .order_by(paper_counts.c.month.desc())
        .limit(limit)
    )
    return [PaperCount(**row._mapping) for row in rows]
