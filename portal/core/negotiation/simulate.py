"""The debtor's simulator: a dial over the one set of plans that `answer` draws from too.

Along a dial the payment rises, the total never does, and the end never comes later. Nothing is kept, nothing counts as
an ask. Family '' dials through regular payments of any kind; a named one through what of it no other kind beats. Who
names the family that keeps the terms dials through all of it, also where new terms cost less: that choice is theirs.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.core.bounds.model import Bounds
from portal.core.bounds.resolve import NO_PACK, PackLimits
from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.negotiation.answer import rhythm_allowed, slice_for
from portal.core.negotiation.ask import Ask, dated, of_family, payable
from portal.core.negotiation.board import Entry, Rows, family_code
from portal.core.negotiation.context import Case, open_case
from portal.core.negotiation.explain import Reason, reason
from portal.core.negotiation.facts import Facts
from portal.core.negotiation.gate import closed_because
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.offers import pauses, plan_of
from portal.core.negotiation.pareto import COURSE, ladder, level_rows
from portal.core.negotiation.policy import PolicySet
from portal.core.negotiation.reasons import reasons_for
from portal.core.plans.grammar import Plan

POINTS_MAX = 60
KEPT = "installment"
"""The family that changes no terms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What else a debtor may set: a first sum (at most, minor units), a pause in days, months without payment."""

    down_minor: int = 0
    pause_days: int = 30
    grace_months: int | None = None


NO_OPTIONS = Options()


@dataclass(frozen=True, kw_only=True, slots=True)
class Dial:
    """Payments in minor units: smallest, largest, step of the slider, where it starts, and all that have a plan."""

    lowest: int
    highest: int
    step: int
    start: int
    payments: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One point of the frontier: a payment, the smallest total that goes with it, and how long it runs."""

    payment: int
    total: int
    months: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why there is no such plan, by codes, and the nearest one there is.

    `nearest` is of the kind that was asked for. Where that kind has none, `instead` is the nearest of regular payments
    of any kind, to be shown and never to be taken in its place.
    """

    codes: tuple[Reason, ...]
    nearest: Plan | None = None
    instead: Plan | None = None


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
    """Return the dial of a family's plans, or None where none is open at present."""
    desk = Desk(facts=facts, bounds=bounds, model=model, holidays=holidays, pack=pack)
    policy = _policy(desk, first_on, freq)
    rungs = rungs_of(policy, family, options) if policy else ()
    if policy is None or not rungs:
        return None
    payments = tuple(entry.largest for entry in rungs)
    return Dial(
        lowest=payments[0],
        highest=payments[-1],
        step=policy.frame.lattice,
        start=payments[0],
        payments=payments,
    )


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
    """Return the family's plan for a payment: the one of the dial that pays most of it without paying more.

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
    rungs = rungs_of(policy, family, options) if policy else ()
    if policy is None or not rungs:
        codes = _why_none(case, policy, ask, options)
        return Refusal(codes=codes, instead=_instead(policy, payment_minor) if policy else None)
    low = [entry for entry in rungs if payment_minor is None or entry.largest <= payment_minor]
    chosen = low[-1] if low and payment_minor is not None else rungs[0]
    plan = plan_of(chosen.terms, case, policy.frame)
    if plan is not None and low and rhythm_allowed(case, ask) and dated(ask, policy):
        return plan
    return Refusal(codes=reasons_for(case, policy, ask), nearest=plan)


def _instead(policy: PolicySet, payment_minor: int | None) -> Plan | None:
    """Return the plan of the dial through any kind that pays most of a wish without paying more, else its lowest."""
    rungs = rungs_of(policy, "", NO_OPTIONS)
    low = [entry for entry in rungs if payment_minor is not None and entry.largest <= payment_minor]
    chosen = low[-1] if low else next(iter(rungs), None)
    return plan_of(chosen.terms, policy.case, policy.frame) if chosen else None


def _pause(case: Case, options: Options) -> Plan | Refusal:
    found = pauses(case, options.pause_days)
    months = case.rules.families.breathing_space.per_months
    return found[0] if found else Refusal(codes=(reason("PAUSE_MAX", days=0, months=months),))


def _why_none(case: Case, policy: PolicySet | None, ask: Ask, options: Options) -> tuple[Reason, ...]:
    if policy is None:
        return (reason("PERSON", hours=case.rules.handoff.sla_hours),)
    own = _of(policy, _slice(policy, options), ask.family)
    if len(_with_first_sum(policy, own, ask.family, options)):
        return (reason("OTHER_KIND"),)
    if case.has_budget and len(_of(policy, policy.plans, ask.family)):
        return (reason("NOTHING_LEFT"),)
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
    """Return the points of the family's dial from the lowest payment up, both ends among at most `POINTS_MAX`."""
    desk = Desk(facts=facts, bounds=bounds, model=model, holidays=holidays, pack=pack)
    policy = _policy(desk, first_on, freq)
    rungs = rungs_of(policy, family, options) if policy else ()
    step = max(1, -(-(len(rungs) - 1) // (POINTS_MAX - 1)))
    shown = [*rungs[:-1][::step], *rungs[-1:]]
    return tuple(Point(payment=one.largest, total=one.total, months=one.months) for one in shown)


def _policy(desk: Desk, first_on: date | None, freq: Frequency | None) -> PolicySet | None:
    case = open_case(facts=desk.facts, bounds=desk.bounds, pack=desk.pack, holidays=desk.holidays)
    if case is None or closed_because(desk.facts, case)[0]:
        return None
    return slice_for(case, Ask(freq=freq, first_on=first_on), desk.model)


@lru_cache(maxsize=64)
def rungs_of(policy: PolicySet, family: str, options: Options) -> tuple[Entry, ...]:
    """Return the rungs of a family's dial: of the one set, of what has the chosen pause, or of what keeps the terms."""
    front = _front_of(policy, family, options)
    return tuple(ladder(policy.board, _of(policy, _with_first_sum(policy, front, family, options), family)))


def _with_first_sum(policy: PolicySet, rows: Rows, family: str, options: Options) -> Rows:
    """Drop what asks for a larger first sum than was offered; a plan of one or few sums has no first one."""
    if family in {"full", "lump", "parts"}:
        return rows
    return policy.board.among(rows, at_most={"down": options.down_minor})


def _front_of(policy: PolicySet, family: str, options: Options) -> Rows:
    if family == KEPT:
        return policy.board.front(_of(policy, _slice(policy, options), family))
    return policy.open if options.grace_months is None else policy.board.front(_slice(policy, options))


def _slice(policy: PolicySet, options: Options) -> Rows:
    """Return what of P the budget could pay, with the months without payment that were chosen."""
    if options.grace_months is None:
        return payable(policy)
    periods = options.grace_months * PERIODS_PER_YEAR[policy.frame.freq] // 12
    return policy.board.among(payable(policy), at_most={"grace": periods}, at_least={"grace": periods})


def _of(policy: PolicySet, rows: Rows, family: str) -> Rows:
    if not family:
        return level_rows(policy.board, rows)
    if family == "consolidation":
        return of_family(rows, family, policy)
    code = family_code(family)
    own = policy.board.among(rows, at_most={"family": code}, at_least={"family": code})
    # A dial holds regular payments: a course with payments by income stands in the menu.
    return policy.board.among(own, at_most={"kind": COURSE}) if family == "skills" else own
