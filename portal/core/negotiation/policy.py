"""The policy set: which plans the lender agrees to at the present stage, and the band that is offered unasked.

A pure function of facts, bounds version and date. Nothing a debtor asks for changes it.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from portal.core.calendar import Frequency, from_monthly
from portal.core.negotiation.candidates import Key, candidates, waiver_max
from portal.core.negotiation.context import Case, frame_of
from portal.core.negotiation.model import LIFT, Model
from portal.core.negotiation.score import MICRO, Scale, Score, score
from portal.core.negotiation.tables import table
from portal.core.plans.canonical import digest
from portal.core.plans.frame import Frame
from portal.core.plans.grammar import Terms
from portal.core.plans.outline import Outline, outline

BP_TO_MICRO = 100


class Entry(NamedTuple):
    """One sound candidate: its terms, amounts, scores, whether it fits the budget, and its Nash product."""

    terms: Terms
    shape: Outline
    score: Score
    fits: bool
    nash: int


@dataclass(frozen=True, slots=True)
class PolicySet:
    """P and its band B at the present stage for one slice (rhythm and first date), in canonical order."""

    case: Case
    frame: Frame
    sound: tuple[Entry, ...]
    plans: tuple[Entry, ...]
    band: tuple[Entry, ...]
    considered: int
    threshold: int
    floor: int


@lru_cache(maxsize=65_536)
def shape_id(terms: Terms) -> str:
    """Return the tie-breaker of candidates: the hash of their terms, which holds neither date nor amount."""
    return digest(terms.to_dict())[:12]


def key_of(case: Case, freq: Frequency) -> Key:
    """Return what the list of candidates of this case depends on."""
    families = case.rules.families
    apr = min((account.apr for account in case.accounts), default=0)
    facts = case.facts
    return Key(
        families=families,
        freq=freq,
        waiver_step=case.rules.common.lattice.waiver,
        lump_max=waiver_max(families.lump, case.days_past_due),
        has_fees=any(account.fees_minor for account in case.accounts),
        has_interest=any(account.interest_minor for account in case.accounts),
        apr_ppm=int(apr * 1_000_000),
        course_months=facts.course_months,
        course=facts.course,
        evidence=facts.evidence,
    )


def scale_of(case: Case, frame: Frame, model: Model) -> Scale:
    """Return what the scores of this case are measured with."""
    value = case.rules.value
    return Scale(
        balance=frame.balance,
        affordable=frame.affordable,
        at_hand=max(frame.affordable, case.cash),
        cost=float(value.cost_per_payment),
        recovery=value.post_break / 1e4,
        table=table(model=model, kappa_ppm=value.kappa, freq=frame.freq, standard_bp=value.standard_burden),
    )


@lru_cache(maxsize=256)
def policy_set(case: Case, freq: Frequency, first_on: date | None, model: Model) -> PolicySet:
    """Return P and its band for one slice; thresholds come from the debtor's own rhythm, never from an ask."""
    frame = frame_of(case, freq=freq, first_on=first_on)
    sound, considered = _sound(case, frame, model)
    floor = case.rules.value.npv_floor * BP_TO_MICRO
    cash_floor = case.rules.value.expected_cash_floor * BP_TO_MICRO
    kept_floor = case.rules.value.full_cost_floor * BP_TO_MICRO
    if freq == case.facts.freq:
        threshold = stage_threshold(case, floor, _best(sound))
    else:
        threshold = policy_set(case, case.facts.freq, None, model).threshold
    plans = tuple(
        entry
        for entry in sound
        if entry.score.value >= threshold and entry.score.cash >= cash_floor and _full(entry) >= kept_floor
    )
    return PolicySet(case, frame, sound, plans, band_of(case, plans), considered, threshold, floor)


def _full(entry: Entry) -> int:
    return MICRO * entry.shape.total // max(1, entry.shape.after)


def _best(sound: tuple[Entry, ...]) -> int:
    fitting = [entry.score.value for entry in sound if entry.fits]
    return max(fitting or [entry.score.value for entry in sound], default=0)


def stage_threshold(case: Case, floor: int, best: int) -> int:
    """Return tau of the present stage: open share of the best fitting plan at first, the floor at the last."""
    first = max(floor, best * case.rules.policy.open_share // 10_000)
    last = case.stages - 1
    if last == 0:
        return floor
    return first - (first - floor) * min(case.stage, last) // last


def band_of(case: Case, plans: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the fitting plans whose Nash product reaches the stage's share of the best."""
    fitting = [entry for entry in plans if entry.fits]
    best = max((entry.nash for entry in fitting), default=0)
    bands = case.rules.policy.band_q
    share = bands[min(case.stage, len(bands) - 1)]
    return tuple(entry for entry in fitting if entry.nash * 10_000 >= share * best)


def _sound(case: Case, frame: Frame, model: Model) -> tuple[tuple[Entry, ...], int]:
    scale = scale_of(case, frame, model)
    listed = candidates(key_of(case, frame.freq))
    found = []
    for terms in listed:
        shape = outline(terms, frame)
        if shape is not None and not breaches(terms, shape, case, frame):
            scores = _score(terms, shape, case, frame, scale)
            found.append(Entry(terms, shape, scores, fits(shape, case, frame), nash(scores, case)))
    return tuple(found), len(listed)


def _score(terms: Terms, shape: Outline, case: Case, frame: Frame, scale: Scale) -> Score:
    del terms, case, frame
    return score(shape, scale)


def breaches(terms: Terms, shape: Outline, case: Case, frame: Frame) -> tuple[str, ...]:
    """Return the bounds that only the amounts can break: the smallest and the largest installment."""
    families = case.rules.families
    found = []
    if terms.shape in {"installment", "restructure"}:
        own = families.restructure.installment_min if terms.shape == "restructure" else 0
        least = max(frame.installment_min, from_monthly(own, frame.freq))
        paying = [amount for count, amount in shape.runs if count and amount]
        if min(paying[:-1], default=paying[-1]) < least:
            found.append("installment_min")
        most = families.installment.installment_max
        if most and shape.payment > from_monthly(most, frame.freq):
            found.append("installment_max")
    if terms.shape == "index" and shape.payment < frame.pay_min:
        found.append("pay_min")
    return tuple(found)


def fits(shape: Outline, case: Case, frame: Frame) -> bool:
    """Tell whether the budget carries the plan: each payment within theta of it, the down payment within the cash."""
    theta = case.rules.policy.theta_max
    if shape.periods == 1 and not shape.down:
        return shape.largest <= max(case.cash, frame.affordable * theta // 10_000)
    return shape.down <= case.cash and shape.largest * 10_000 <= theta * frame.affordable


def nash(scores: Score, case: Case) -> int:
    """Return N = (L - d_L)^alpha * (U_D + .35)^(1 - alpha), both clipped at 0, in millionths."""
    lender = max(0, scores.value - case.rules.value.no_plan_value * BP_TO_MICRO) / MICRO
    debtor = max(0.0, scores.debtor / MICRO + LIFT)
    alpha = case.rules.value.alpha
    if alpha == 5000:
        return round(sqrt(lender * debtor) * MICRO)
    return round(float(lender ** (alpha / 1e4)) * float(debtor ** (1 - alpha / 1e4)) * MICRO)
