"""The candidates of one key as columns: what does not depend on any amount, made once and shared by all cases."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from portal.core.negotiation.candidates import Key, candidates
from portal.core.plans.grammar import FAMILIES, Terms
from portal.core.plans.outline import grace_periods


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Candidates in canonical order, column by column.

    `reliefs` are the distinct waivers, `relief` points into them; `special` rows bear interest, step up or follow
    income and are worked out one by one; `longest` is the most periods. The order of the rows breaks all ties: it
    is the same for every debtor, currency and language.
    """

    terms: tuple[Terms, ...]
    family: tuple[int, ...]
    inner: tuple[int, ...]
    count: tuple[int, ...]
    grace: tuple[int, ...]
    balloon: tuple[int, ...]
    down: tuple[int, ...]
    relief: tuple[int, ...]
    reliefs: tuple[Terms, ...]
    special: tuple[int, ...]
    longest: int
    digest: str


@lru_cache(maxsize=128)
def sheet_of(key: Key) -> Sheet:
    """Return the sheet of a key."""
    listed = candidates(key)
    waivers = {_waiver(terms): terms for terms in listed}
    names = list(waivers)
    places = {name: i for i, name in enumerate(names)}
    return Sheet(
        terms=listed,
        family=tuple(FAMILIES.index(t.family) for t in listed),
        inner=tuple(FAMILIES.index(t.shape) for t in listed),
        count=tuple(t.count for t in listed),
        grace=tuple(grace_periods(t) for t in listed),
        balloon=tuple(t.balloon_bp for t in listed),
        down=tuple(t.down_bp for t in listed),
        relief=tuple(places[_waiver(t)] for t in listed),
        reliefs=tuple(waivers[name] for name in names),
        special=tuple(i for i, t in enumerate(listed) if t.rate_ppm or t.step_bp or t.shape == "index"),
        longest=max((grace_periods(t) + t.count for t in listed), default=1),
        digest=sha256(repr(key).encode()).hexdigest(),
    )


def _waiver(terms: Terms) -> tuple[int, int, int, int]:
    return terms.waiver_bp, terms.waive_fees_bp, terms.waive_interest_bp, terms.waive_principal_bp
