"""What lists of candidates are made of: the key they depend on, and the grids of counts, waivers and methods."""

from typing import NamedTuple

from portal.core.bounds.families import METHODS, Families, Lump
from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.plans.grammar import WHOLE

# Fixed grids, so that a looser bound only ever adds candidates.
COUNTS_DENSE = 60  # every count up to here, then every fourth
DOWN_SHARES = (0, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000)
RESTRUCTURE_DOWNS = (0, 500, 1000, 1500, 2000, 3000)
RATE_STEP = 40_000  # interest-bearing plans in steps of 4 % a year
BALLOON_STEP, STEP_STEP, THETA_STEP, PART_STEP = 500, 1250, 1000, 500
GRACE_WAIVER_STEP = 1000
COMPONENT_SHARES = (5000, WHOLE)


class Key(NamedTuple):
    """What a list of candidates depends on."""

    families: Families
    freq: Frequency
    waiver_step: int
    lump_max: int
    has_fees: bool
    has_interest: bool
    apr_ppm: int
    course_months: int
    course: str
    evidence: str

    def __hash__(self) -> int:
        """Hash all but the families, which are large and hardly differ; they count in equality."""
        return hash(self[1:])


def waiver_max(lump: Lump, days_past_due: int) -> int:
    """Return the largest waiver the ladder allows at this age, in basis points."""
    return max((step.max for step in lump.waiver_ladder if step.dpd <= days_past_due), default=0)


def counts(freq: Frequency, n_max: int, months_max: int, low: int = 2) -> tuple[int, ...]:
    """Return the numbers of payments to try: all up to 60, then every fourth."""
    top = min(n_max, months_max * PERIODS_PER_YEAR[freq] // 12)
    dense = range(low, min(top, COUNTS_DENSE) + 1)
    return (*dense, *range(COUNTS_DENSE + 4, top + 1, 4))


def methods(allowed: tuple[str, ...], rate_ppm: int) -> tuple[str, ...]:
    """Return how the interest of a rate may be spread, as terms name it; without interest all are the same."""
    return tuple("" if one == "level" else one for one in METHODS if one in allowed) if rate_ppm else ("",)


def waivers(key: Key, high: int) -> range:
    """Return the waivers to try up to a limit, in basis points."""
    return range(key.waiver_step, high + 1, max(key.waiver_step, 1))
