"""Two books about one debt: by how much they differ, and why; the causes always sum to the difference.

What the case system said last is never overwritten by what happened here, nor the reverse: both stand, with the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

KEPT = "kept"
"""The case system's figure was not taken over when it came: a signed plan kept the portal's."""
OTHER = "other"
"""What no posting explains; a sound ledger has none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the case system said last: its balance, the portal's at that moment (minor units), when, with what effect.

    `effect` is none (taken over), or the rule that a running plan met it with: keep, requote, freeze.
    """

    minor: int
    ours_minor: int
    at: datetime
    effect: str = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciliation:
    """One account in both books, in minor units; `causes` are (code, amount) that sum to `difference`."""

    ours: int
    theirs: int
    told_at: datetime
    effect: str
    causes: tuple[tuple[str, int], ...]

    @property
    def difference(self) -> int:
        """Return by how much the portal's balance is above the case system's."""
        return self.ours - self.theirs


def reconcile(
    *, ours: int, told: Told | None, known_since: datetime, moved: Mapping[str, int]
) -> Reconciliation:
    """Return how both books stand; `moved` is what each cause posted here since the case system spoke last.

    Where it never spoke again, `told` is None: its figure is the one with which the account came.
    """
    posted = sum(moved.values())
    if told is None:
        told = Told(minor=ours - posted, ours_minor=ours - posted, at=known_since)
    causes = {KEPT: told.ours_minor - told.minor, **moved}
    causes[OTHER] = ours - told.minor - sum(causes.values())
    return Reconciliation(
        ours=ours,
        theirs=told.minor,
        told_at=told.at,
        effect=told.effect,
        causes=tuple((code, amount) for code, amount in causes.items() if amount),
    )
