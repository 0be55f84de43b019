"""What a member of staff may agree beyond a segment's rules: only what their authority lists is loosened."""

from dataclasses import dataclass, fields, replace
from typing import Literal

from portal.core.bounds.families import Families
from portal.core.bounds.model import RoleAuthority, Segment
from portal.core.negotiation.answer import rhythm_allowed, slice_for
from portal.core.negotiation.ask import Ask, best_of, hits, nearest, read
from portal.core.negotiation.context import Case
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.offers import candidate_of, plan_of
from portal.core.negotiation.policy import PolicySet, policy_set
from portal.core.plans.grammar import Plan

Role = Literal["agent", "supervisor"]
ROLES: tuple[Role, ...] = ("agent", "supervisor")


def widened(rules: Segment, authority: RoleAuthority) -> Segment:
    """Return a segment's rules with one role's authority: wider where it says so, else as they are."""
    families, value = rules.families, rules.value
    if authority.waive_principal_max is not None:
        most = max(authority.waive_principal_max, families.restructure.waive_principal_max)
        families = replace(families, restructure=replace(families.restructure, waive_principal_max=most))
    if authority.months_max is not None:
        families = _longer(families, authority.months_max)
    if authority.any_family:
        families = _all_on(families)
    if authority.npv_floor is not None:
        floor = min(authority.npv_floor, value.npv_floor)
        value = replace(value, npv_floor=floor, expected_cash_floor=min(floor, value.expected_cash_floor))
    policy = replace(
        rules.policy, split_q=(0,)
    )  # a person may go down to the floor, whatever the fairest split
    return replace(rules, families=families, value=value, policy=policy)


def _longer(families: Families, months: int) -> Families:
    installment, restructure = families.installment, families.restructure
    return replace(
        families,
        installment=replace(
            installment,
            months_max=max(months, installment.months_max),
            n_max=max(months, installment.n_max),
        ),
        restructure=replace(restructure, months_max=max(months, restructure.months_max)),
    )


def _all_on(families: Families) -> Families:
    return replace(
        families, **{f.name: replace(getattr(families, f.name), on=True) for f in fields(families)}
    )


def staff_policy(case: Case, role: Role, *, ask: Ask | None = None, model: Model = PRIOR) -> PolicySet:
    """Return what a role may agree in this case: its widened rules, down to its floor.

    Where an ask names another rhythm or first date that the rules know, the plans are laid out in these.
    """
    authority: RoleAuthority = getattr(case.rules.authority, role)
    rules = widened(case.rules, authority)
    last = len(rules.policy.stage_by) - 1
    wider = replace(case, rules=rules, stage=last)
    if ask is None:
        return policy_set(wider, case.facts.freq, None, model)
    return slice_for(wider, ask, model)


def nearest_by_authority(case: Case, ask: Ask, *, model: Model = PRIOR) -> dict[Role, Plan | None]:
    """Return, by role, the plan that meets the ask within that role's authority, else the nearest one."""
    found: dict[Role, Plan | None] = {}
    for role in ROLES:
        policy = staff_policy(case, role, model=model)
        wish = read(ask)
        met = hits(policy.plans, wish, policy)
        entry = best_of(met, policy) if len(met) else nearest(policy.plans, wish, policy)
        found[role] = plan_of(entry.terms, policy.case, policy.frame) if entry else None
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffPlans:
    """What one role may answer an ask with: the plan that meets it, or None, and the nearest one, or None."""

    meeting: Plan | None
    nearest: Plan | None


def staff_plans(case: Case, ask: Ask, role: Role, *, model: Model = PRIOR) -> StaffPlans:
    """Return the plans with which a role may answer an ask, found as the engine finds them, in wider rules."""
    wish = read(ask)
    policy = staff_policy(case, role, ask=wish, model=model)
    met = hits(policy.plans, wish, policy) if rhythm_allowed(case, wish) else ()
    found = best_of(met, policy) if len(met) else None
    near = found or nearest(policy.plans, wish, policy)
    return StaffPlans(
        meeting=plan_of(found.terms, policy.case, policy.frame) if found else None,
        nearest=plan_of(near.terms, policy.case, policy.frame) if near else None,
    )


def within_authority(case: Case, plan: Plan, role: Role, *, model: Model = PRIOR) -> bool:
    """Tell whether a role may agree to a plan in this case: its terms are in what the role may agree."""
    policy = staff_policy(case, role, ask=Ask(freq=plan.params.freq), model=model)
    bare = candidate_of(plan)
    rows = [row for row in policy.plans if policy.board.sheet.terms[int(row)] == bare]
    return bool(rows)
