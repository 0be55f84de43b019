"""The one entry point of the engine: facts and bounds in, an answer out; the same facts give the same bytes."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from portal.core.bounds.model import Bounds
from portal.core.bounds.resolve import NO_PACK, PackLimits
from portal.core.negotiation.ask import Ask, allowed, best_of, hits, met, nearest, read, shown
from portal.core.negotiation.audit import Audit, audit_of
from portal.core.negotiation.board import Rows
from portal.core.negotiation.context import Case, due_day_date, open_case
from portal.core.negotiation.explain import BUDGET_MINUTES, Reason, reason
from portal.core.negotiation.facts import Facts
from portal.core.negotiation.gate import closed_because, person_needed
from portal.core.negotiation.menu import pick
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.moves import as_light, better_than, two_moves
from portal.core.negotiation.offers import Offer, as_offer, offer_of, pauses
from portal.core.negotiation.policy import PolicySet, near_set, policy_set
from portal.core.negotiation.reasons import reasons_for

Kind = Literal["menu", "accept", "counter", "handoff"]


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What a case remembers: how many asks were made in the window, and the offers still firm."""

    asks: int = 0
    firm: tuple[Offer, ...] = ()


NO_HISTORY = History()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the engine says.

    `menu`: offers to choose from. `accept`: the first offer meets the ask. `counter`: the first offer is the nearest,
    the next ones are moves that work, then the menu. `handoff`: a person answers; `handoff_cause` says why, and
    `offers` are what stays open meanwhile. `codes` are reasons to show. `audit` is private to the lender.
    """

    kind: Kind
    offers: tuple[Offer, ...]
    codes: tuple[Reason, ...] = ()
    handoff_cause: str = ""
    audit: Audit


def answer(
    *,
    facts: Facts,
    bounds: Bounds,
    history: History = NO_HISTORY,
    ask: Ask | None = None,
    model: Model | None = None,
    holidays: frozenset[date] = frozenset(),
    pack: PackLimits = NO_PACK,
) -> Answer:
    """Decide what a case is offered, or how an ask is answered; pure, and the same for equal arguments.

    Offers of `history.firm` that have not expired stay in every answer. Raises nothing for any facts or ask that
    could be made: where no plan is possible the answer is a hand-off with its cause.
    """
    case = open_case(facts=facts, bounds=bounds, pack=pack, holidays=holidays)
    firm = tuple(offer for offer in history.firm if offer.expires_on >= facts.as_of)
    cause, codes = closed_because(facts, case)
    if cause or case is None:
        audit = audit_of(
            facts=facts, bounds=bounds, model=model or PRIOR, policy=None, ask=ask, kind="handoff", menu=()
        )
        return Answer(kind="handoff", offers=firm, codes=codes, handoff_cause=cause, audit=audit)
    policy = policy_set(case, facts.freq, None, model or PRIOR)
    kind, offers, reasons, cause = _decide(case, policy, history, ask, model or PRIOR)
    offers = _with_firm(offers, firm)
    audit = audit_of(
        facts=facts,
        bounds=bounds,
        model=model or PRIOR,
        policy=policy,
        ask=ask,
        kind=kind,
        menu=tuple(offer.plan.id for offer in offers),
    )
    return Answer(kind=kind, offers=offers, codes=reasons, handoff_cause=cause, audit=audit)


def handoff_cause(
    *, facts: Facts, bounds: Bounds, pack: PackLimits = NO_PACK, model: Model | None = None
) -> str:
    """Return why a case would go to a person before anything was asked, '' where there are offers.

    The same as `answer(…).handoff_cause`, without making an offer: for counting many cases.
    """
    case = open_case(facts=facts, bounds=bounds, pack=pack)
    cause, _ = closed_because(facts, case)
    if cause or case is None:
        return cause
    # A menu is empty exactly where nothing fits: it need not be picked.
    return person_needed(case) if len(near_set(case, model or PRIOR).band) else _why_nothing(case)


def counts(ask: Ask, found: Answer) -> bool:
    """Tell whether an ask is one of the few of its window: it names something, and what is open did not meet it."""
    named = (ask.pay_minor, ask.total_minor, ask.months, ask.waiver_bp, ask.down_minor)
    return found.kind != "accept" and any(named)


Decision = tuple[Kind, tuple[Offer, ...], tuple[Reason, ...], str]


def _decide(case: Case, policy: PolicySet, history: History, ask: Ask | None, model: Model) -> Decision:
    menu = menu_offers(policy)
    hours = case.rules.handoff.sla_hours
    if ask is not None and ask.family == "breathing_space":
        return _pause(case, ask, menu)
    if not menu and not history.firm and (ask is None or not len(policy.plans)):
        return "handoff", _paused(case), (reason("PERSON", hours=hours),), _why_nothing(case)
    if cause := person_needed(case):
        return "handoff", menu, (reason("PERSON", hours=hours),), cause
    if ask is None:
        return "menu", menu, _hints(case), ""
    found = respond(case, policy, ask, menu, model)
    if found[0] != "accept" and history.asks >= case.rules.policy.asks_max:
        return "handoff", menu, (reason("PERSON", hours=hours),), "asks_used"
    return found


def _why_nothing(case: Case) -> str:
    return "negative_budget" if case.has_budget and case.affordable <= 0 else "nothing_fits"


def _hints(case: Case) -> tuple[Reason, ...]:
    codes = []
    if not case.has_budget:
        codes.append(reason("NEED_BUDGET", minutes=BUDGET_MINUTES))
    if case.left_out:
        codes.append(reason("LEFT_OUT", count=len(case.left_out)))
    return tuple(codes)


@lru_cache(maxsize=24)
def menu_offers(policy: PolicySet) -> tuple[Offer, ...]:
    """Return the menu of a policy set as offers, in screen order."""
    return tuple(offer_of(entry, policy.case, policy.frame, label=label) for label, entry in pick(policy))


def respond(case: Case, policy: PolicySet, ask: Ask, menu: tuple[Offer, ...], model: Model) -> Decision:
    """Answer an ask: accept what the policy set holds, else the nearest plan, two moves and the reasons.

    Whatever is answered comes from the one set, so no other plan that is open beats it (`pareto`).
    """
    ask = read(ask)
    there = slice_for(case, ask, model) if policy_moves(ask) else policy
    found = met(ask, there)
    if len(found) and rhythm_allowed(case, ask):
        entry = best_of(prefer_fitting(found, ask, there), there)
        codes: tuple[Reason, ...] = () if entry.fits or not case.has_budget else (reason("ABOVE_BUDGET"),)
        met_by = [("asked", entry), *(("move", better) for better in better_than(there, ask, entry))]
        accepted = (offer_of(one, case, there.frame, label=label, reasons=codes) for label, one in met_by)
        return "accept", (*accepted, *menu), codes, ""
    must = (ask.must,) if ask.must else ()
    open_to = shown(ask, there)
    fitting = there.board.among(open_to, at_least={"fits": 1})
    near = nearest(fitting, ask, there, first=must) or nearest(open_to, ask, there, first=must)
    beyond = not len(found) and len(hits(there.plans, ask, there))
    codes = (reason("ABOVE_BUDGET"),) if beyond else reasons_for(case, there, ask)
    # Always the same words, whether or not staff could agree: an ask must not measure their authority.
    codes = (*codes, reason("PERSON", hours=case.rules.handoff.sla_hours))
    if near is None:
        return ("counter", menu, codes, "") if menu else ("handoff", _paused(case), codes, _why_nothing(case))
    moves = two_moves(there, ask, near)
    moves = (*moves, *as_light(there, ask, (near, *moves)))
    chosen = [("nearest", near), *(("move", entry) for entry in moves)]
    made = tuple(offer_of(entry, case, there.frame, label=label, reasons=codes) for label, entry in chosen)
    return "counter", (*made, *menu), codes, ""


def policy_moves(ask: Ask) -> bool:
    """Tell whether an ask names another slice: a rhythm, a first date or a due day."""
    return ask.freq is not None or ask.first_on is not None or ask.due_day is not None


def rhythm_allowed(case: Case, ask: Ask) -> bool:
    """Tell whether the rhythm that an ask names is one of the rules'."""
    return ask.freq is None or ask.freq in case.rules.common.freq


def slice_for(case: Case, ask: Ask, model: Model) -> PolicySet:
    """Return P and its band for the rhythm and first date that an ask names."""
    freq = ask.freq if ask.freq is not None and rhythm_allowed(case, ask) else case.facts.freq
    day = wanted_date(case, ask)
    due_day = ask.due_day if day is not None and ask.first_on is None else None
    return policy_set(case, freq, day, model, due_day=due_day)


def wanted_date(case: Case, ask: Ask) -> date | None:
    """Return the first date an ask names, by date or by due day, or None."""
    return ask.first_on if ask.first_on is not None else due_day_date(case, ask.due_day)


def prefer_fitting(rows: Rows, ask: Ask, policy: PolicySet) -> Rows:
    """Return those that fit the budget when the ask leaves the payment open, all of them otherwise."""
    if ask.pay_minor is not None:
        return rows
    fitting = policy.board.among(rows, at_least={"fits": 1})
    return fitting if len(fitting) else rows


def _pause(case: Case, ask: Ask, menu: tuple[Offer, ...]) -> Decision:
    plans = pauses(case, ask.pause_days)
    rule = case.rules.families.breathing_space
    if not plans:
        return "counter", menu, (reason("PAUSE_MAX", days=0, months=rule.per_months),), ""
    longest = max(rule.days)
    first = as_offer(plans[0], case, label="pause")
    if ask.pause_days is not None and ask.pause_days > longest:
        return "counter", (first, *menu), (reason("PAUSE_MAX", days=longest, months=rule.per_months),), ""
    return "accept", (first, *menu), (), ""


def _paused(case: Case) -> tuple[Offer, ...]:
    return tuple(as_offer(plan, case, label="pause") for plan in pauses(case)[:1])


def _with_firm(offers: tuple[Offer, ...], firm: tuple[Offer, ...]) -> tuple[Offer, ...]:
    shown = {offer.plan.id for offer in offers}
    kept = [replace(offer, label="firm") for offer in firm if offer.plan.id not in shown]
    return (*offers, *kept)


__all__ = ["Answer", "Ask", "History", "Offer", "allowed", "answer"]
