"""What a debtor asks for, and which plan of the policy set meets it or comes nearest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.errors import NegotiationError
from portal.core.negotiation import pareto
from portal.core.negotiation.board import Entry, Gap, Keys, Rows, family_code
from portal.core.negotiation.policy import PolicySet
from portal.core.plans.grammar import FAMILIES

AXES = ("pay_minor", "down_minor", "total_minor", "waiver_bp", "months", "first_on", "family")
# Twice the weights of payment and down payment 4, total and months 1, dates .5, in whole numbers.
WEIGHTS = {
    "pay_minor": 8,
    "down_minor": 8,
    "total_minor": 2,
    "waiver_bp": 2,
    "months": 2,
    "first_on": 1,
}
_COLUMNS = {"pay_minor": "largest", "down_minor": "down", "total_minor": "cost"}
BEST: Keys = (("value", -1),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """Any subset of terms; what is not said is free. Amounts in minor units, `pay_minor` per payment of `freq`.

    A plan meets a said term when it is no worse for the debtor: it pays at most `pay_minor` each time, at most
    `down_minor` first, at most `total_minor` in all (or waives at least `waiver_bp`), is done within `months`, begins
    no earlier than `first_on`, and is of `family`. A waiver counts after new interest: 40 % off pays at most 60 %.
    An ask without a rhythm or date is read in the debtor's own. `must` names one axis of `AXES` that may not give
    way. `due_day` (1-31) moves the first date to that day. Raises `NegotiationError` for negative figures or unknown
    words.
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


def gap_of(ask: Ask, axis: str, policy: PolicySet) -> Gap | None:
    """Return how a plan's shortfall on one said axis is counted, in figures that a plan must not exceed."""
    balance = policy.frame.balance
    asked: int | None = getattr(ask, axis) if axis in _COLUMNS else None
    if asked is not None:
        most = min(asked, 10**12)
        # A first sum where none was offered is measured in payments: as a share of nothing it would outweigh all else.
        scale = most or min(ask.pay_minor or balance, 10**12)
        return Gap(_COLUMNS[axis], most, WEIGHTS[axis], max(1, scale))
    if axis == "waiver_bp" and ask.waiver_bp is not None:
        most = balance - -(-balance * ask.waiver_bp // 10_000)
        return Gap("cost", most, WEIGHTS[axis], max(1, balance - most))
    if axis == "months" and ask.months is not None:
        periods = min(ask.months, 1200) * PERIODS_PER_YEAR[policy.frame.freq] // 12
        return Gap("periods", periods, WEIGHTS[axis], max(1, periods))
    return None


def of_family(rows: Rows, family: str, policy: PolicySet) -> Rows:
    """Return the rows of a family, also where training or a consolidation is built on it; all without a family."""
    if not family:
        return rows
    if family == "consolidation":
        return rows if len(policy.case.accounts) > 1 else policy.board.among(rows, at_most={"family": -1})
    code = family_code(family)
    own = policy.board.among(rows, at_most={"family": code}, at_least={"family": code})
    inner = policy.board.among(rows, at_most={"inner": code}, at_least={"inner": code})
    return policy.board.joined(own, inner)


def allowed(rows: Rows, policy: PolicySet) -> Rows:
    """Return the plans that the whole budget could pay (see `pareto.allowed`)."""
    return pareto.allowed(policy.case, policy.frame, policy.board, rows)


@lru_cache(maxsize=24)
def payable(policy: PolicySet) -> Rows:
    """Return the plans of P that the whole budget could pay."""
    return allowed(policy.plans, policy)


def dated(ask: Ask, policy: PolicySet) -> bool:
    """Tell whether the slice begins no earlier than the ask wishes."""
    return ask.first_on is None or policy.frame.first_on >= ask.first_on


def hits(rows: Rows, ask: Ask, policy: PolicySet) -> Rows:
    """Return the plans that are no worse for the debtor on every said term."""
    if not dated(ask, policy):
        return policy.board.among(rows, at_most={"family": -1})
    gaps = [gap for axis in ask.said if (gap := gap_of(ask, axis, policy)) is not None]
    limits: dict[str, int] = {}
    for gap in gaps:
        limits[gap.column] = min(gap.asked, limits.get(gap.column, gap.asked))
    return _in_time(of_family(policy.board.among(rows, at_most=limits), ask.family, policy), ask, policy)


def shown(ask: Ask, policy: PolicySet) -> Rows:
    """Return what of the one set an ask is answered from: no course and no plan by income that it does not name."""
    return usual(policy.open, ask, policy)


def usual(rows: Rows, ask: Ask, policy: PolicySet) -> Rows:
    """Return the plans towards the debt alone where there are any and the ask names no other kind."""
    if ask.family in {"skills", "index"}:
        return rows
    plain = policy.board.among(rows, at_most={"kind": pareto.PLAIN})
    return plain if len(plain) else rows


def met(ask: Ask, policy: PolicySet) -> Rows:
    """Return the plans that meet an ask: of the one set, or where it has none of P; none that another one beats.

    A plan of P that meets an ask is beaten by one of the set that meets it too, unless the ask names an end or a
    family: then P is asked, so that an ask is met exactly when a plan of P meets it.
    """
    found = hits(shown(ask, policy), ask, policy)
    return found if len(found) else policy.board.front(usual(hits(payable(policy), ask, policy), ask, policy))


def _in_time(rows: Rows, ask: Ask, policy: PolicySet) -> Rows:
    """Drop single payments where the date asked for is later than they may come."""
    if ask.first_on is None:
        return rows
    families = policy.case.rules.families
    wait = (ask.first_on - policy.case.facts.as_of).days
    for family, most in (("full", families.full.days_max), ("lump", families.lump.days_max)):
        if wait > most:
            code = family_code(family)
            below = policy.board.among(rows, at_most={"family": code - 1})
            rows = policy.board.joined(below, policy.board.among(rows, at_least={"family": code + 1}))
    return rows


def best_of(rows: Rows, policy: PolicySet) -> Entry:
    """Return the plan of the highest lender's value; ties by row."""
    return policy.board.entry(policy.board.first(rows, BEST)[0])


def nearest(rows: Rows, ask: Ask, policy: PolicySet, *, first: Sequence[str] = ()) -> Entry | None:
    """Return the plan nearest to an ask: axes of `first` before all others, then the weighted shortfall, L, row.

    A family that was said is kept where the rows have one of it.
    """
    own = of_family(rows, ask.family, policy)
    rows = own if len(own) else rows
    if not len(rows):
        return None
    for axis in first:
        gap = gap_of(ask, axis, policy)
        rows = policy.board.tightest(rows, [gap]) if gap is not None else rows
    gaps = [gap for axis in ask.said if (gap := gap_of(ask, axis, policy)) is not None]
    return best_of(policy.board.tightest(rows, gaps), policy)
