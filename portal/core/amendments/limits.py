"""Whether a change of a signed plan lies inside the lender's bounds of today.

The value that the lender asks for decides as it does for any plan. A change that leaves the lender no worse off than
the plan as it runs is never refused for its value.
"""

from dataclasses import replace

from portal.core.amendments.reshape import (
    LATE_KINDS,
    Layout,
    Refused,
    Running,
    Wish,
    can_reshape,
    laid_out,
    layouts,
    present_layout,
)
from portal.core.calendar import PERIODS_PER_YEAR, add_months, from_monthly
from portal.core.money import Money
from portal.core.negotiation.context import Case, window
from portal.core.negotiation.evaluate import BP_TO_MICRO, scale_for
from portal.core.negotiation.explain import Reason, reason
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.re_age import is_open, why_not
from portal.core.negotiation.score import score
from portal.core.plans.grammar import Plan
from portal.core.plans.outline import Outline, outline

DAYS_IN_MONTH = 30


def reshaped(running: Running, wish: Wish, case: Case, *, model: Model = PRIOR) -> Plan | Refused:
    """Return the plan that meets a wish inside the bounds of the case, or why there is none and the nearest one."""
    if (cause := can_reshape(running)) != "":
        return Refused(cause=cause)
    if wish.kind in LATE_KINDS and not running.late:
        return Refused(cause="bounds", codes=(reason("NOT_LATE"),))
    found = list(layouts(running, wish, case))
    if not found:
        return Refused(cause="bounds", codes=(reason("DATE_LATE", date=window(case)[1]),))
    if wish.kind != "amount":
        return _judged(running, found[0], wish, case, model)
    return _for_amount(running, found, wish, case, model)


def _for_amount(
    running: Running, found: list[Layout], wish: Wish, case: Case, model: Model
) -> Plan | Refused:
    """Return the shortest plan whose payments are not above the wish; else the lowest one that the bounds hold."""
    wanted = wish.pay_minor or 0
    for layout in found:
        shape = outline(layout.terms, layout.frame)
        if shape is not None and shape.payment <= wanted:
            said = _judged(running, layout, wish, case, model)
            if isinstance(said, Plan):
                return said
            nearest = _lowest(running, found, wish, case, model)
            return Refused(cause=said.cause, codes=said.codes, nearest=nearest)
    longest = found[-1]
    months = -(-longest.terms.count * 12 // PERIODS_PER_YEAR[longest.terms.freq])
    code = reason("TERM_MAX", months=months, payments=longest.terms.count)
    return Refused(cause="bounds", codes=(code,), nearest=_lowest(running, found, wish, case, model))


def _lowest(running: Running, found: list[Layout], wish: Wish, case: Case, model: Model) -> Plan | None:
    judged = (_judged(running, layout, wish, case, model) for layout in reversed(found))
    return next((plan for plan in judged if isinstance(plan, Plan)), None)


def _judged(running: Running, layout: Layout, wish: Wish, case: Case, model: Model) -> Plan | Refused:
    shape = outline(layout.terms, layout.frame)
    plan = laid_out(running, layout, case)
    if shape is None or plan is None:
        return Refused(cause="kind")
    if wish.kind == "re_age":
        plan = replace(plan, re_age_kept=case.rules.families.restructure.re_age.kept)
    codes = breaches(running, layout, shape, wish, case)
    if not codes and not _is_worth_it(running, layout, shape, case, model):
        codes = (reason("COMBINATION"),)
    return Refused(cause="bounds", codes=codes) if codes else plan


def breaches(running: Running, layout: Layout, shape: Outline, wish: Wish, case: Case) -> tuple[Reason, ...]:
    """Return the public bounds that a layout breaks."""
    terms, frame, currency = layout.terms, layout.frame, running.plan.currency
    families = case.rules.families
    rules = families.restructure if terms.family == "restructure" else families.installment
    most = from_monthly(families.installment.installment_max, terms.freq)
    least = min(frame.installment_min, running.principal)
    first_on, last_on = frame.dates(1)[0], frame.dates(terms.count)[-1]
    days = pause_days_max(case, terms.family) if wish.kind == "pause" else 0
    latest = max(window(case)[1], present_layout(running, case).frame.dates(1)[0])
    checks = (
        (rules.on, reason("FAMILY", family=terms.family)),
        (terms.freq in case.rules.common.freq, reason("FREQ", freqs=",".join(case.rules.common.freq))),
        (
            terms.count <= rules.n_max and last_on <= add_months(case.facts.as_of, rules.months_max + 1),
            reason("TERM_MAX", months=rules.months_max),
        ),
        (shape.payment >= least, reason("INSTALLMENT_MIN", min=Money(least, currency))),
        (not most or shape.payment <= most, reason("INSTALLMENT_MAX", max=Money(most, currency))),
        (
            wish.kind != "pause" or wish.months * DAYS_IN_MONTH <= days,
            reason("GRACE_MAX", months=days // DAYS_IN_MONTH),
        ),
        (wish.kind == "pause" or first_on <= latest, reason("DATE_LATE", date=latest)),
        (wish.kind != "re_age" or is_open(case), why_not(case)),
    )
    return tuple(code for holds, code in checks if not holds)


def pause_days_max(case: Case, shape: str) -> int:
    """Return for how many days a plan may rest by a change of its terms: the longest pause or grace of the bounds."""
    families = case.rules.families
    pause = max(families.breathing_space.days, default=0) if families.breathing_space.on else 0
    grace = families.restructure.grace.months_max if shape == "restructure" else 0
    return max(pause, grace * DAYS_IN_MONTH)


def _is_worth_it(running: Running, layout: Layout, shape: Outline, case: Case, model: Model) -> bool:
    """Tell whether what is left keeps the lender's floor, or at least the value that it has as it runs."""
    floor = case.rules.value.npv_floor * BP_TO_MICRO
    value = _value(layout, shape, case, model)
    if value >= floor:
        return True
    present = present_layout(running, case)
    as_it_runs = outline(present.terms, present.frame)
    return as_it_runs is not None and value >= _value(present, as_it_runs, case, model)


def _value(layout: Layout, shape: Outline, case: Case, model: Model) -> int:
    waits = (layout.frame.first_on - max(case.facts.as_of, layout.frame.as_of)).days
    rest = max(waits * PERIODS_PER_YEAR[layout.terms.freq] // 365 - 1, 0)
    later = Outline(
        shape.after,
        shape.down,
        ((rest, 0), *(run for run in shape.runs if run[0])),
        shape.total,
        shape.payment,
        shape.largest,
        shape.last,
        shape.periods + rest,
    )
    return score(later, scale_for(case, layout.frame, model, periods=later.periods)).value
