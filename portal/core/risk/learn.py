"""Learn a lender's repayment model from its payments: the literature prior, moved by data as far as data carry.

Every due payment is one row: it was kept (or cured late) or it broke the plan; what is not due yet is not there. The
burden was chosen by debtors, so its slope is biased in a lender's own books: it moves only where `randomized` rows
(plans of equal value shown by chance) are given. Plain Python, so the same data give the same model anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log

from portal.core.errors import RiskError
from portal.core.risk.hazard import BURDEN_MAX, BURDEN_MIN, Model
from portal.core.risk.inputs import INPUTS, PLAIN, Inputs, row_of
from portal.core.risk.newton import cloglog
from portal.core.risk.prior import PRIOR, Belief, beliefs

BREAKS_MIN = 30  # below this no coefficient moves off its prior by more than one standard deviation
POOL = 200  # a segment's own n rows weigh n / (n + 200) against the lender's


@dataclass(frozen=True, kw_only=True, slots=True)
class DuePayment:
    """One payment that fell due: from `since` to `until` months after signing, its burden and inputs, its outcome.

    `standard` is the burden of the segment's standard plan; `randomized` tells that the burden was drawn, not chosen.
    """

    since: float
    until: float
    burden: float
    broken: bool
    standard: float = 0.8
    inputs: Inputs = PLAIN
    randomized: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """A fitted model with what it rests on: rows, breaks, and coefficients in the order of `prior.beliefs`."""

    model: Model
    rows: int
    breaks: int
    coefficients: tuple[float, ...]


def learn(*, payments: Sequence[DuePayment], model_id: str, parent: Learned | None = None) -> Learned:
    """Return the model of some payments; with a `parent` (the lender's) a segment is pooled towards it.

    Raises `RiskError` for no payments, or one that ends before it begins.
    """
    if not payments or any(one.until <= one.since for one in payments):
        raise RiskError("payments are rows of some length")
    moved = any(one.randomized for one in payments)
    wanted = [b if b.name != "eps_within" or moved else _held(b) for b in beliefs()]
    fitted = cloglog(
        rows=[_design(one) for one in payments],
        offsets=[_offset(one) for one in payments],
        broken=[one.broken for one in payments],
        beliefs=wanted,
    )
    breaks = sum(one.broken for one in payments)
    if breaks < BREAKS_MIN:
        fitted = [min(max(x, b.mean - b.sd), b.mean + b.sd) for x, b in zip(fitted, beliefs(), strict=True)]
    if parent is not None:
        own = len(payments) / (len(payments) + POOL)
        fitted = [own * x + (1.0 - own) * y for x, y in zip(fitted, parent.coefficients, strict=True)]
    return Learned(
        model=model_of(fitted, model_id),
        rows=len(payments),
        breaks=breaks,
        coefficients=tuple(fitted),
    )


def model_of(coefficients: Sequence[float], model_id: str) -> Model:
    """Return the model of coefficients in the order of `prior.beliefs`; figures are rounded to six places."""
    level, slope, *weights = (round(x, 6) for x in coefficients)
    named = tuple((name, w) for name, w in zip(INPUTS, weights, strict=True) if w)
    return replace(
        PRIOR, model_id=model_id, h12=round(PRIOR.h12 * exp(level), 6), eps_within=slope, weights=named
    )


def expected(one: DuePayment, model: Model) -> float:
    """Return the chance of a break that a model gave a payment, before its inputs are rounded to steps."""
    weights = dict(model.weights)
    row = row_of(one.inputs)
    total = sum(weights.get(name, 0.0) * row[name] for name in INPUTS)
    standard = max(one.standard, BURDEN_MIN)
    yearly = model.yearly(_met(one.burden), standard)
    passed = model.clock(one.until / 12) - model.clock(one.since / 12)
    return 1.0 - exp(-yearly * passed * exp(total))


def _held(belief: Belief) -> Belief:
    return replace(belief, low=belief.mean, high=belief.mean)


def _met(burden: float) -> float:
    return min(max(burden, BURDEN_MIN), BURDEN_MAX)


def _design(one: DuePayment) -> tuple[float, ...]:
    row = row_of(one.inputs)
    slope = log(_met(one.burden) / max(one.standard, BURDEN_MIN))
    return (1.0, slope, *(row[name] for name in INPUTS))


def _offset(one: DuePayment) -> float:
    standard = max(one.standard, BURDEN_MIN)
    passed = PRIOR.clock(one.until / 12) - PRIOR.clock(one.since / 12)
    return log(PRIOR.h12 * (standard / PRIOR.reference) ** PRIOR.eps_between * passed)
