"""The last look before a signature: the same bytes on today's balance, or a fresh offer."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.core.bounds.model import Bounds
from portal.core.bounds.resolve import NO_PACK, PackLimits
from portal.core.negotiation.answer import NO_HISTORY, Answer, answer
from portal.core.negotiation.context import frame_of, negotiable, open_case
from portal.core.negotiation.facts import Facts
from portal.core.negotiation.gate import closed_because
from portal.core.negotiation.model import Model
from portal.core.negotiation.offers import Offer, candidate_of, pauses, plan_of
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_to_dict
from portal.core.plans.skills import course_months_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmed:
    """The offer stands, byte for byte."""

    plan: Plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """The offer cannot be signed. `why`: expired, held, balance_changed, rules_changed; `fresh` is today's answer."""

    why: str
    fresh: Answer


def confirm(
    *,
    offer: Offer,
    facts: Facts,
    bounds: Bounds,
    model: Model | None = None,
    holidays: frozenset[date] = frozenset(),
    pack: PackLimits = NO_PACK,
) -> Confirmed | Changed:
    """Re-make an offer's plan from today's facts and the case's pinned bounds; refuse and re-offer unless equal.

    A firm offer stands whatever was asked or learned since; only the balance, a hold or its expiry end it.
    """
    why = _why_not(offer, facts, bounds, holidays, pack)
    if not why:
        return Confirmed(plan=offer.plan)
    fresh = answer(facts=facts, bounds=bounds, history=NO_HISTORY, model=model, holidays=holidays, pack=pack)
    return Changed(why=why, fresh=fresh)


def _why_not(offer: Offer, facts: Facts, bounds: Bounds, holidays: frozenset[date], pack: PackLimits) -> str:
    if offer.expires_on < facts.as_of:
        return "expired"
    case = open_case(facts=facts, bounds=bounds, pack=pack, holidays=holidays)
    cause, _ = closed_because(facts, case)
    if cause or case is None:
        return "held"
    wanted = {ref for row in offer.plan.schedule for ref, _ in row.account_split}
    free = {account.account_ref for account in negotiable(facts)}
    if not wanted <= free:
        return "held"
    if (
        sum(a.balance_minor for a in facts.accounts if a.account_ref in wanted) != offer.plan.balance
        and wanted
    ):
        return "balance_changed"
    record = plan_to_dict(offer.plan)
    again = (remade(offer.plan, one, bounds, holidays, pack) for one in as_made(offer.plan, facts))
    return "" if any(one == record for one in again) else "rules_changed"


def as_made(plan: Plan, facts: Facts) -> tuple[Facts, Facts]:
    """Return the facts as they were on the day a plan was made: as old as the account was then, and as old as it is.

    What only time or a changed course moves ends no firm offer: an account that has grown older since may have come
    under other rules, with other rewards. A part that was paid late may have kept it as old as it was.
    """
    made_on = plan.made_on or facts.as_of
    days = max((facts.as_of - made_on).days, 0)
    accounts = tuple(
        replace(
            account,
            days_past_due=max(account.days_past_due - days, 0),
            debt_age_days=max(account.debt_age_days - days, 0),
        )
        for account in facts.accounts
    )
    months = course_months_of(plan) if plan.milestones else facts.course_months
    then = replace(facts, as_of=made_on, course_months=months)
    return replace(then, accounts=accounts), then


def remade(
    plan: Plan, facts: Facts, bounds: Bounds, holidays: frozenset[date], pack: PackLimits
) -> dict[str, object]:
    """Return the record of a plan made again from its terms and the facts of the day it was made for."""
    case = open_case(facts=facts, bounds=bounds, pack=pack, holidays=holidays)
    if case is None:
        return {}
    if plan.family == "breathing_space":
        same = [one for one in pauses(case) if one.id == plan.id]
        return plan_to_dict(same[0]) if same else {}
    terms = candidate_of(plan)
    start = case.facts.as_of + timedelta(days=plan.params.first_in_days)
    frame = frame_of(case, freq=plan.params.freq, first_on=start, due_day=plan.params.due_day or None)
    frame = replace(frame, first_on=start)
    again = plan_of(terms, case, frame)
    return plan_to_dict(again) if again else {}
