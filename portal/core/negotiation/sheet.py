"""The candidates of one key as columns: what does not depend on any amount, made once and shared by all cases."""

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from portal.core.negotiation.candidates import candidates
from portal.core.negotiation.grids import Key
from portal.core.plans.grammar import FAMILIES, Terms
from portal.core.plans.outline import grace_periods


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Candidates in canonical order, column by column.

    `reliefs` are the distinct waivers, `relief` points into them; `shape` numbers what differs in nothing but what is
    taken off or the rate; `kind` is 0 for payments towards the debt alone, 1 with a course, 2 where they follow
    income, 3 for both; `special` rows bear interest, step up or follow income and are worked out one by one; `longest`
    is the most periods. The order of the rows breaks all ties: it is the same for every debtor, currency and language.
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
    shape: tuple[int, ...]
    kind: tuple[int, ...]
    special: tuple[int, ...]
    longest: int
    digest: str


@lru_cache(maxsize=128)
def sheet_of(key: Key) -> Sheet:
    """Return the sheet of a key."""
    listed = candidates(key)
    waivers = {waiver_shares(terms): terms for terms in listed}
    names = list(waivers)
    places = {name: i for i, name in enumerate(names)}
    shapes: dict[Terms, int] = {}
    return Sheet(
        terms=listed,
        family=tuple(FAMILIES.index(t.family) for t in listed),
        inner=tuple(FAMILIES.index(t.shape) for t in listed),
        count=tuple(t.count for t in listed),
        grace=tuple(grace_periods(t) for t in listed),
        balloon=tuple(t.balloon_bp for t in listed),
        down=tuple(t.down_bp for t in listed),
        relief=tuple(places[waiver_shares(t)] for t in listed),
        reliefs=tuple(waivers[name] for name in names),
        shape=tuple(shapes.setdefault(_unreduced(t), len(shapes)) for t in listed),
        kind=tuple((t.family == "skills") + 2 * (t.shape == "index") for t in listed),
        special=tuple(i for i, t in enumerate(listed) if t.rate_ppm or t.step_bp or t.shape == "index"),
        longest=max((grace_periods(t) + t.count for t in listed), default=1),
        digest=sha256(repr(key).encode()).hexdigest(),
    )


def waiver_shares(terms: Terms) -> tuple[int, int, int, int]:
    """Return the shares of the balance, of the fees, of the interest and of the principal that terms take off."""
    return terms.waiver_bp, terms.waive_fees_bp, terms.waive_interest_bp, terms.waive_principal_bp


def _unreduced(terms: Terms) -> Terms:
    """Return the terms with nothing taken off and no interest; installments and a restructuring are then the same.

    Flat interest is a dearer rate of the same payments; equal principal asks other payments and is a shape of its own.
    """
    return replace(
        terms,
        family="installment" if terms.family == "restructure" else terms.family,
        inner="installment" if terms.inner == "restructure" else terms.inner,
        rate_ppm=0,
        method="" if terms.method == "flat" else terms.method,
        waiver_bp=0,
        waive_fees_bp=0,
        waive_interest_bp=0,
        waive_principal_bp=0,
    )
