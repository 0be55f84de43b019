"""The debtor's simulator: payment, total and end date of any plan that `answer` would accept, and no other.

Simulating asks the same policy set as `answer`; nothing is kept, nothing counts as an ask.
"""

from dataclasses import dataclass
from datetime import date

from portal.core.bounds.model import Bounds
from portal.core.bounds.resolve import NO_PACK, PackLimits
from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.negotiation.answer import allowed, rhythm_allowed, slice_for
from portal.core.negotiation.ask import Ask, dated, of_family
from portal.core.negotiation.board import Keys, Rows, family_code
from portal.core.negotiation.context import Case, open_case
from portal.core.negotiation.explain import Reason, reason
from portal.core.negotiation.facts import Facts
from portal.core.negotiation.gate import closed_because
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.offers import pauses, plan_of
from portal.core.negotiation.policy import PolicySet
from portal.core.negotiation.reasons import reasons_for
from portal.core.plans.grammar import Plan

POINTS_MAX = 60
LOWEST: Keys = (("largest", 1), ("total", 1), ("value", -1))
HIGHEST: Keys = (("largest", -1), ("total", 1), ("value", -1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What else a debtor may set: a first sum (at most, minor units), a pause in days, months without payment."""

    down_minor: int = 0
    pause_days: int = 30
    grace_months: int | None = None


NO_OPTIONS = Options()


@dataclass(frozen=True, kw_only=True, slots=True)
class Dial:
    """The range of the payment in minor units: smallest, largest, step of the slider, and where it starts."""

    lowest: int
    highest: int
    step: int
    start: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One point of the frontier: a payment and the smallest total that goes with it."""

    payment: int
    total: int
    months: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why there is no such plan, by codes, and the nearest one there is."""

    codes: tuple[Reason, ...]
    nearest: Plan | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The arguments that every function here takes: facts, bounds and what goes with them."""

    facts: Facts
    bounds: Bounds
    model: Model = PRIOR
    holidays: frozenset[date] = frozenset()
    pack: PackLimits = NO_PACK


def dial(
    *,
    facts: Facts,
    bounds: Bounds,
    family: str,
    first_on: date | None = None,
    freq: Frequency | None = None,
    options: Options = NO_OPTIONS,
    model: Model = PRIOR,
    holidays: frozenset[date] = frozenset(),
    pack: PackLimits = NO_PACK,
) -> Dial | None:
    """Return the range of payments of a family's plans, or None where there is none at present."""
    desk = Desk(facts=facts, bounds=bounds, model=model, holidays=holidays, pack=pack)
    policy = _policy(desk, first_on, freq)
    rows = _rows(policy, family, options) if policy else ()
    if policy is None or not len(rows):
        return None
    lowest = policy.board.entry(policy.board.first(rows, LOWEST)[0]).largest
    highest = policy.board.peak(rows, "largest")
    return Dial(lowest=lowest, highest=highest, step=policy.frame.lattice, start=lowest)


def simulate(
    *,
    facts: Facts,
    bounds: Bounds,
    family: str,
    payment_minor: int | None = None,
    first_on: date | None = None,
    freq: Frequency | None = None,
    options: Options = NO_OPTIONS,
    model: Model = PRIOR,
    holidays: frozenset[date] = frozenset(),
    pack: PackLimits = NO_PACK,
) -> Plan | Refusal:
    """Return the family's plan for a payment: the largest one not above it, at the smallest total.

    Without a payment the lowest. A payment below the lowest, a rhythm or a date outside the rules gives a
    `Refusal` with reasons and the nearest plan.
    """
    desk = Desk(facts=facts, bounds=bounds, model=model, holidays=holidays, pack=pack)
    case = open_case(facts=facts, bounds=bounds, pack=pack, holidays=holidays)
    cause, codes = closed_because(facts, case)
    if cause or case is None:
        return Refusal(codes=codes or (reason("PERSON", hours=48),))
    if family == "breathing_space":
        return _pause(case, options)
    ask = Ask(
        family=family, freq=freq, pay_minor=payment_minor, down_minor=options.down_minor, first_on=first_on
    )
    policy = _policy(desk, first_on, freq)
    rows = _rows(policy, family, options) if policy else ()
    if policy is None or not len(rows):
        return Refusal(codes=_why_none(case, policy, ask))
    most = 10**12 if payment_minor is None else min(payment_minor, 10**12)
    low = policy.board.among(rows, at_most={"largest": most})
    keys = LOWEST if payment_minor is None or not len(low) else HIGHEST
    chosen = policy.board.entry(policy.board.first(low if len(low) else rows, keys)[0])
    plan = plan_of(chosen.terms, case, policy.frame)
    if plan is not None and len(low) and rhythm_allowed(case, ask) and dated(ask, policy):
        return plan
    return Refusal(codes=reasons_for(case, policy, ask), nearest=plan)


def _pause(case: Case, options: Options) -> Plan | Refusal:
    found = pauses(case, options.pause_days)
    months = case.rules.families.breathing_space.per_months
    return found[0] if found else Refusal(codes=(reason("PAUSE_MAX", days=0, months=months),))


def _why_none(case: Case, policy: PolicySet | None, ask: Ask) -> tuple[Reason, ...]:
    if policy is None:
        return (reason("PERSON", hours=case.rules.handoff.sla_hours),)
    if case.has_budget and len(of_family(policy.plans, ask.family, policy)):
        return (reason("ABOVE_BUDGET"),)
    return reasons_for(case, policy, ask)


def frontier(
    *,
    facts: Facts,
    bounds: Bounds,
    family: str,
    first_on: date | None = None,
    freq: Frequency | None = None,
    options: Options = NO_OPTIONS,
    model: Model = PRIOR,
    holidays: frozenset[date] = frozenset(),
    pack: PackLimits = NO_PACK,
) -> tuple[Point, ...]:
    """Return the family's frontier from the lowest payment up: each point costs less in all or ends earlier."""
    desk = Desk(facts=facts, bounds=bounds, model=model, holidays=holidays, pack=pack)
    policy = _policy(desk, first_on, freq)
    rows = _rows(policy, family, options) if policy else ()
    if policy is None:
        return ()
    ranked = policy.board.first(rows, LOWEST, len(rows))
    largest = policy.board.figures("largest")
    best: dict[int, int] = {}
    for row in ranked:
        best.setdefault(largest[row], row)
    points: list[Point] = []
    for payment, row in best.items():
        entry = policy.board.entry(row)
        point = Point(payment=payment, total=entry.total, months=entry.months)
        if not points or point.total < points[-1].total or point.months < points[-1].months:
            points.append(point)
    step = max(1, -(-len(points) // POINTS_MAX))
    return tuple(points[::step])


def _policy(desk: Desk, first_on: date | None, freq: Frequency | None) -> PolicySet | None:
    case = open_case(facts=desk.facts, bounds=desk.bounds, pack=desk.pack, holidays=desk.holidays)
    if case is None or closed_because(desk.facts, case)[0]:
        return None
    return slice_for(case, Ask(freq=freq, first_on=first_on), desk.model)


def _rows(policy: PolicySet, family: str, options: Options) -> Rows:
    rows = allowed(policy.plans, policy)
    if family == "consolidation":
        rows = of_family(rows, family, policy)
    else:
        code = family_code(family)
        rows = policy.board.among(rows, at_most={"family": code}, at_least={"family": code})
    if family not in {"full", "lump", "parts"}:
        rows = policy.board.among(rows, at_most={"down": options.down_minor})
    if options.grace_months is None:
        return rows
    periods = options.grace_months * PERIODS_PER_YEAR[policy.frame.freq] // 12
    return policy.board.among(rows, at_most={"grace": periods}, at_least={"grace": periods})
