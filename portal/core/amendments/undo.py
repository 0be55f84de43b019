"""Until when a signature can be taken back: the days to change one's mind, and for what caught a plan up, longer.

A version that puts elsewhere what was late is unused as long as nothing was paid on it: the one before can run again as
if nothing had been (the rule of loan systems for undoing a re-age or a re-amortization).
"""

from datetime import datetime

from portal.core.amendments.reshape import LATE_KINDS


def can_take_back(*, until: datetime | None, reason: str, has_paid: bool, now: datetime) -> bool:
    """Tell whether a signed version can be taken back at a moment.

    `until` is the end of the days to change one's mind; `reason` is why the version was made ('' for a first one);
    `has_paid` says whether anything was paid on it.
    """
    if until is not None and now <= until:
        return True
    return reason in LATE_KINDS and not has_paid
