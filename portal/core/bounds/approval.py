"""Who must agree before a plan is signed, and when a new version of the bounds needs two people."""

from portal.core.bounds.model import ApprovalRule, ApprovalWhen, Bounds, Segment
from portal.core.plans.grammar import WHOLE, Plan

RANKS = ("agent", "supervisor")


def approvals_for(*, plan: Plan, rules: Segment, principal_minor: int, vulnerable: bool) -> tuple[str, ...]:
    """Return the roles that must approve a plan, the highest last; none where it may be signed at once.

    `principal_minor` is the principal owed before the waiver.
    """
    needed = {
        rule.by
        for rule in rules.approval
        if applies(rule.when, plan=plan, principal_minor=principal_minor, vulnerable=vulnerable)
    }
    return tuple(role for role in RANKS if role in needed)


def level_for(needed: tuple[str, ...], *, made_by: str, is_beyond: bool) -> str:
    """Return the role that must still say yes to an offer, '' where none must.

    `needed` comes from `approvals_for`; `made_by` is the rank of the member of staff who made the offer, '' where the
    debtor or a counselor chose it; `is_beyond` says that it lies outside that person's own authority. Four eyes: who
    made it has agreed for an agent, and never for a supervisor.
    """
    if is_beyond or "supervisor" in needed:
        return "supervisor"
    return "agent" if "agent" in needed and not made_by else ""


def may_decide(level: str, roles: frozenset[str]) -> bool:
    """Tell whether somebody with these roles may decide at a level; a supervisor decides for an agent too."""
    return bool(set(RANKS[RANKS.index(level) :]) & roles)


def applies(when: ApprovalWhen, *, plan: Plan, principal_minor: int, vulnerable: bool) -> bool:
    """Tell whether every named part of a condition holds for a plan; a condition that names nothing never does."""
    checks = []
    if when.waive_principal_over is not None:
        checks.append(plan.waived.principal * WHOLE > principal_minor * when.waive_principal_over)
    if when.amount_over is not None:
        checks.append(plan.balance > when.amount_over)
    if when.vulnerable is not None:
        checks.append(vulnerable == when.vulnerable)
    if when.family:
        checks.append(plan.family in when.family or plan.params.shape in when.family)
    return bool(checks) and all(checks)


def version_needs_two(*, bounds: Bounds, before: Bounds | None) -> bool:
    """Tell whether a version needs a second person: any first version, and any that gives more than the one before.

    Giving more means a lower value floor, a larger reduction or a wider authority in some segment, or a new segment.
    """
    if before is None:
        return True
    known = {segment.id: segment for segment in before.segments}
    for segment in bounds.segments:
        old = known.get(segment.id)
        if old is None or _gives_more(segment, old):
            return True
    return False


def _gives_more(new: Segment, old: Segment) -> bool:
    mine, theirs = new.families, old.families
    more = (
        new.value.npv_floor < old.value.npv_floor,
        new.value.expected_cash_floor < old.value.expected_cash_floor,
        new.policy.open_share < old.policy.open_share,
        mine.restructure.waive_principal_max > theirs.restructure.waive_principal_max,
        max((step.max for step in mine.lump.waiver_ladder), default=0)
        > max((step.max for step in theirs.lump.waiver_ladder), default=0),
        _authority(new, "agent") < _authority(old, "agent"),
        _authority(new, "supervisor") < _authority(old, "supervisor"),
    )
    return any(more)


def _authority(segment: Segment, role: str) -> int:
    floor: int | None = getattr(segment.authority, role).npv_floor
    return segment.value.npv_floor if floor is None else floor


def needs_reason(rule: Segment, role: str) -> bool:
    """Tell whether a role must write a reason when it goes beyond the segment's rules."""
    return bool(role in RANKS and getattr(rule.authority, role).reason_required)


__all__ = [
    "ApprovalRule",
    "applies",
    "approvals_for",
    "level_for",
    "may_decide",
    "needs_reason",
    "version_needs_two",
]
