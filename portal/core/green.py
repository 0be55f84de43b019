"""The green counter: papers that were kept on a screen instead of being posted, and how many pages they would have.

The method is simple, so that anybody can check it: each paper that would have been a letter counts as one letter; an
agreement as four pages (its signed text on A4 has three to five), the notices that a place asks for as two, any other
paper as one. A letter counts when it is issued, its PDF not again. Text messages and evidence packs are no letters and
do not count, and nothing is said about carbon.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

PAGES: Mapping[str, int] = MappingProxyType({"agreement": 4, "validation_notice": 2, "itemization": 2})
PAGES_OTHERWISE = 1
NO_LETTERS = frozenset({"agreement_seal", "letter", "letter_seal", "evidence_pack", "evidence_pack_limited"})


def pages_of(kind: str) -> int:
    """Return the pages that a paper of this kind would have had in the post; 0 for what is no letter."""
    return 0 if kind in NO_LETTERS else PAGES.get(kind, PAGES_OTHERWISE)


def month_of(at: datetime) -> date:
    """Return the first day of the month in which a paper was made, in UTC."""
    return at.date().replace(day=1)
