"""Papers that were signed before the check page existed are made known to it, by what is stored of them."""

from collections.abc import Iterator
from datetime import datetime

from portal.store import papers
from portal.store.work import Work


def register_papers(work: Work, *, now: datetime) -> Iterator[tuple[str, int]]:
    """Let every signed agreement, letter and stored document be found by its number and its hashes.

    Gives each kind and how many entries were missing. A page and a transaction at a time; safe to break off and to
    run again.
    """
    for name in papers.REGISTERED:
        added, after = 0, None
        while True:
            with work.begin() as tx:
                count, after = papers.register_page(tx, name, after=after, now=now)
            added += count
            if after is None:
                break
        yield name, added
