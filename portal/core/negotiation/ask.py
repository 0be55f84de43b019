"""What a debtor asks for, and which plan of the policy set meets it or comes nearest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.errors import NegotiationError
from portal.core.negotiation.policy import Entry, PolicySet, shape_id
from portal.core.plans.grammar import FAMILIES

AXES = ("pay_minor", "down_minor", "total_minor", "waiver_bp", "months", "first_on", "family")
WEIGHTS = {
    "pay_minor": 4,
    "down_minor": 4,
    "total_minor": 1,
    "waiver_bp": 1,
    "months": 1,
    "first_on": 0.5,
    "family": 8,
}
MICRO = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """Any subset of terms; what is not said is free. Amounts in minor units, `pay_minor` per payment of `freq`.

    A plan meets a said term when it is no worse for the debtor: it pays at most `pay_minor` each time, at most
    `down_minor` first, at most `total_minor` in all (or waives at least `waiver_bp`), is done within `months`, begins
    no earlier than `first_on`, and is of `family`. An ask without a rhythm or date is read in the debtor's own.
    `must` names one axis of `AXES` that may not give way. `due_day` (1-31) moves the first date to that day.
    Raises `NegotiationError` for negative figures or unknown words.
    """

    family: str = ""
    freq: Frequency | None = None
    pay_minor: int | None = None
    down_minor: int | None = None
    total_minor: int | None = None
    waiver_bp: int | None = None
    months: int | None = None
    first_on: date | None = None
    due_day: int | None = None
    pause_days: int | None = None
    must: str = ""

    def __post_init__(self) -> None:
        """Refuse what nobody can mean."""
        figures = (self.pay_minor, self.down_minor, self.total_minor, self.months, self.pause_days)
        if any(figure is not None and not 0 <= figure <= 10**15 for figure in figures):
            raise NegotiationError("an ask has no negative figures")
        if self.waiver_bp is not None and not 0 <= self.waiver_bp <= 10_000:
            raise NegotiationError("a waiver lies between 0 and 10,000 basis points")
        if (self.family and self.family not in FAMILIES) or (self.must and self.must not in AXES):
            raise NegotiationError("unknown family or axis")
        if self.freq is not None and self.freq not in PERIODS_PER_YEAR:
            raise NegotiationError("unknown rhythm")

    @property
    def said(self) -> tuple[str, ...]:
        """The axes that the ask names."""
        return tuple(axis for axis in AXES if getattr(self, axis) not in {None, ""})


def read(ask: Ask) -> Ask:
    """Return the ask with what it implies: who names a payment and no first sum offers no first sum."""
    if ask.pay_minor is not None and ask.down_minor is None and ask.family not in {"parts", "lump", "full"}:
        return replace(ask, down_minor=0)
    return ask


def months_of(entry: Entry) -> int:
    """Return the months a plan runs, a begun month counted as one."""
    return -(-entry.shape.periods * 12 // PERIODS_PER_YEAR[entry.terms.freq])


def figure(entry: Entry, axis: str, policy: PolicySet) -> int:
    """Return a plan's figure on one axis, in the direction that smaller is better for the debtor."""
    shape = entry.shape
    if axis == "pay_minor":
        return shape.largest
    if axis == "down_minor":
        return shape.down
    if axis == "total_minor":
        return shape.total
    if axis == "waiver_bp":
        return -((policy.frame.balance - shape.after) * 10_000 // policy.frame.balance)
    if axis == "months":
        return months_of(entry)
    return -policy.frame.first_on.toordinal()


def shortfall(entry: Entry, ask: Ask, axis: str, policy: PolicySet) -> int:
    """Return how far a plan misses one said axis, relative to what was asked, in millionths; 0 = met."""
    if axis == "family":
        return 0 if ask.family in {entry.terms.family, entry.terms.inner} else MICRO
    if axis == "first_on":
        wanted = ask.first_on
        late = (wanted - policy.frame.first_on).days if wanted else 0
        return max(0, late) * MICRO // 30
    asked: int = getattr(ask, axis)
    if axis == "waiver_bp":
        return max(0, figure(entry, axis, policy) + asked) * MICRO // max(asked, 1)
    return max(0, figure(entry, axis, policy) - asked) * MICRO // max(asked, 1)


def meets(entry: Entry, ask: Ask, policy: PolicySet) -> bool:
    """Tell whether a plan is no worse for the debtor on every said term."""
    return all(shortfall(entry, ask, axis, policy) == 0 for axis in ask.said)


def hits(entries: Iterable[Entry], ask: Ask, policy: PolicySet) -> list[Entry]:
    """Return the plans that meet an ask; single-figure checks first, so that most plans leave early."""
    checks: list[Callable[[Entry], bool]] = []
    pay, down, total = ask.pay_minor, ask.down_minor, ask.total_minor
    if pay is not None:
        checks.append(lambda e: e.shape.largest <= pay)
    if down is not None:
        checks.append(lambda e: e.shape.down <= down)
    if total is not None:
        checks.append(lambda e: e.shape.total <= total)
    found = list(entries)
    for check in checks:
        found = [entry for entry in found if check(entry)]
    return [entry for entry in found if meets(entry, ask, policy)]


def best_of(entries: Sequence[Entry]) -> Entry:
    """Return the plan of the highest lender's value; ties by id."""
    return min(entries, key=lambda entry: (-entry.score.value, shape_id(entry.terms)))


def nearest(
    entries: Iterable[Entry], ask: Ask, policy: PolicySet, *, first: Sequence[str] = ()
) -> Entry | None:
    """Return the plan nearest to an ask: axes of `first` before all others, then the weighted shortfall, L, id."""
    said = ask.said

    def rank(entry: Entry) -> tuple[float, float, int, str]:
        parts = {axis: shortfall(entry, ask, axis, policy) for axis in said}
        hard = sum(parts.get(axis, 0) for axis in first)
        return (
            hard,
            sum(WEIGHTS[axis] * part for axis, part in parts.items()),
            -entry.score.value,
            shape_id(entry.terms),
        )

    return min(entries, key=rank, default=None)
