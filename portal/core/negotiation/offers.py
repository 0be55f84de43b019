"""Turn chosen candidates into plans with dates, milestones and an expiry; say what of them is public."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from portal.core.errors import PlanError
from portal.core.negotiation.board import Entry
from portal.core.negotiation.context import Case, frame_of, inside
from portal.core.negotiation.explain import Reason
from portal.core.negotiation.re_age import re_age_kept
from portal.core.plans.build import build
from portal.core.plans.frame import Frame
from portal.core.plans.grammar import Milestone, Plan, Terms
from portal.core.plans.skills import Reward, milestones_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A plan shown and firm until `expires_on`, that day included.

    `stage` is for the lender's side only. `label` is one of lowest_payment, between, lowest_total, soonest,
    training, cash, asked, nearest, move, pause, firm.
    """

    plan: Plan
    stage: int
    bounds_version: int
    expires_on: date
    reason_codes: tuple[Reason, ...] = ()
    label: str = ""


def plan_of(terms: Terms, case: Case, frame: Frame) -> Plan | None:
    """Return the dated plan of candidate terms, or None where they make none for this debt."""
    families = case.rules.families
    frame = single_frame(terms, case, frame)
    refs = tuple(account.account_ref for account in case.accounts)
    full = replace(
        terms,
        first_in_days=(frame.first_on - frame.as_of).days if terms.family != "breathing_space" else 0,
        due_day=frame.due_day or 0,
        **_merged(terms, refs, frame),
    )
    restructured = terms.shape == "restructure" and terms.waive_principal_bp
    tranches = families.restructure.tranches if restructured else ()
    plan = build(
        full,
        frame,
        tranches=tuple((t.after_paid, t.share) for t in tranches),
        cure_days=families.parts.cure_days if terms.family == "parts" else 0,
    )
    if plan is None:
        return None
    plan = replace(plan, re_age_kept=re_age_kept(full, case))
    return replace(plan, milestones=_milestones(plan, case)) if terms.family == "skills" else plan


def _milestones(plan: Plan, case: Case) -> tuple[Milestone, ...]:
    rules = case.rules.families.skills
    named = [
        Reward(one.milestone, reward, size)
        for one in rules.rewards
        for reward, size in (
            ("waive", one.waive),
            ("fee_waiver", one.fee_waiver),
            ("rate_cut", one.rate_cut),
            ("step_up", one.step_up_max),
        )
        if size
    ]
    fees = sum(account.fees_minor for account in case.accounts) - plan.waived.fees
    return milestones_of(
        plan,
        named,
        total_max_bp=rules.total_reward_max,
        fees=fees,
        course_months=case.facts.course_months,
    )


def candidate_of(plan: Plan) -> Terms:
    """Return the candidate a plan was made of: its terms without dates, accounts and what the case adds to them."""
    family = plan.params.inner if plan.family == "consolidation" else plan.family
    inner = plan.params.inner if plan.family == "skills" else ""
    return replace(plan.params, family=family, inner=inner, first_in_days=0, due_day=0, accounts=(), order="")


def single_frame(terms: Terms, case: Case, frame: Frame) -> Frame:
    """Return the frame with the date brought inside the days in which one payment must come."""
    if terms.family not in {"full", "lump"}:
        return frame
    latest = case.facts.as_of + timedelta(days=days_max(case, terms.family))
    if frame.dates(1)[0] <= latest:
        return frame
    return replace(frame, first_on=inside(case, latest, by=latest), due_day=None, listed=())


def days_max(case: Case, family: str) -> int:
    """Return in how many days a single payment of a family must come."""
    families = case.rules.families
    return families.lump.days_max if family == "lump" else families.full.days_max


def _merged(terms: Terms, refs: tuple[str, ...], frame: Frame) -> dict[str, Any]:
    if len(refs) < 2 or terms.family == "breathing_space":
        return {}
    inner = terms.inner or terms.family
    family = "skills" if terms.family == "skills" else "consolidation"
    return {"family": family, "inner": inner, "accounts": refs, "order": frame.order}


def offer_of(
    entry: Entry, case: Case, frame: Frame, *, label: str, reasons: tuple[Reason, ...] = ()
) -> Offer:
    """Return the offer of a candidate, firm for the bounds' valid days.

    Raises `PlanError` for a candidate that makes no plan: the board holds none.
    """
    plan = plan_of(entry.terms, case, frame)
    if plan is None:
        raise PlanError(f"{entry.terms.to_dict()} makes no plan")
    return as_offer(plan, case, label=label, reasons=reasons)


def as_offer(plan: Plan, case: Case, *, label: str, reasons: tuple[Reason, ...] = ()) -> Offer:
    """Return a plan as an offer of this case and version."""
    return Offer(
        plan=plan,
        stage=case.stage,
        bounds_version=case.version,
        expires_on=case.facts.as_of + timedelta(days=case.rules.common.valid_days),
        reason_codes=reasons,
        label=label,
    )


def pauses(case: Case, wanted: int | None = None) -> tuple[Plan, ...]:
    """Return the breathing spaces the rules allow, the shortest that covers the wish first; none twice a year."""
    rule = case.rules.families.breathing_space
    if not rule.on or case.facts.history.paused_days > 0:
        return ()
    days = sorted(rule.days, key=lambda d: (wanted is not None and d < wanted, d))
    frame = frame_of(case, freq=case.facts.freq)
    plans = [build(Terms(family="breathing_space", count=0, pause_days=length), frame) for length in days]
    return tuple(plan for plan in plans if plan is not None)


def public_view(offer: Offer) -> dict[str, Any]:
    """Return what a debtor or a counselor may see of an offer: no stage, score, floor or threshold."""
    return {
        "plan_id": offer.plan.id,
        "label": offer.label,
        "expires_on": offer.expires_on.isoformat(),
        "terms": offer.plan.public_terms,
        "schedule": [
            {"due_on": row.due_on.isoformat(), "number": row.number, "amount": row.amount}
            for row in offer.plan.schedule
        ],
        "milestones": [
            {"kind": m.kind, "due_by": m.due_by.isoformat(), "reward": m.reward, "worth": m.worth}
            for m in offer.plan.milestones
        ],
        "reasons": [r.code for r in offer.reason_codes],
    }
