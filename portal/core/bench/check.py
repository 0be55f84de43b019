"""An inspector of offers that shares no code with the engine's filter: plain loops over the final schedule."""

from itertools import pairwise

from portal.core.bounds.model import Segment
from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.plans.grammar import Plan

WHOLE = 10_000


def outside(plan: Plan, rules: Segment, days_past_due: int) -> tuple[str, ...]:
    """Return the names of the bounds that an offered plan breaks; none for a sound plan."""
    faults = []
    paid = 0
    days = []
    for row in plan.schedule:
        if row.amount <= 0:
            faults.append("amount")
        paid += row.amount
        days.append(row.due_on)
    if any(later <= earlier for earlier, later in pairwise(days)):
        faults.append("dates")
    if paid != plan.total or plan.balance - plan.waived.total != plan.amount:
        faults.append("sum")
    if plan.waived.total * WHOLE > plan.balance * _waiver_max(plan, rules, days_past_due):
        faults.append("waiver")
    inner = plan.params.inner or plan.family
    if inner in {"installment", "restructure"}:
        faults += _size(plan, rules, inner)
    return tuple(faults)


def _waiver_max(plan: Plan, rules: Segment, days_past_due: int) -> int:
    inner, families = plan.params.inner or plan.family, rules.families
    reached = [step.max for step in families.lump.waiver_ladder if step.dpd <= days_past_due]
    lump = max(reached, default=0)
    if inner == "lump":
        return lump
    if inner == "parts":
        return lump * families.parts.share_of_lump_waiver // WHOLE
    if inner == "restructure":
        most = families.restructure.waive_principal_max
        fees_and_interest = plan.waived.fees + plan.waived.interest
        return most + -(-fees_and_interest * WHOLE // plan.balance)
    return families.full.prompt_waiver if inner == "full" else 0


def _size(plan: Plan, rules: Segment, inner: str) -> list[str]:
    families = rules.families
    per_year = PERIODS_PER_YEAR[plan.params.freq]
    most = families.installment.months_max if inner == "installment" else families.restructure.months_max
    count = len([row for row in plan.schedule if row.number > 0])
    faults = ["months"] if count * 12 > most * per_year else []
    if (
        len([row for row in plan.schedule if row.number > 0]) > families.installment.n_max
        and inner == "installment"
    ):
        faults.append("count")
    regular = [row.amount for row in plan.schedule if row.number > 0][:-1]
    if any(amount < families.installment.installment_min * 12 // per_year for amount in regular):
        faults.append("installment_min")
    return faults
