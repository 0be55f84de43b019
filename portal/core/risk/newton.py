"""Maximum a posteriori fits by Newton's method in plain Python: a complementary log-log regression, a Weibull one.

Both maximize log likelihood + log of independent normal priors; both are concave where they are used, so the answer
does not depend on the start. An infinite standard deviation means no prior.
"""

from collections.abc import Callable, Sequence
from math import exp, expm1, inf, log, log1p

from portal.core.errors import RiskError
from portal.core.risk.prior import Belief

Vector = list[float]
Matrix = list[list[float]]
Slope = tuple[float, Vector, Matrix]  # value, gradient, curvature (minus the Hessian)
STEPS_MAX, EXACT = 60, 1e-10


def solve(matrix: Matrix, right: Vector) -> Vector:
    """Return x of matrix * x = right by elimination with pivots. Raises `RiskError` for a singular matrix."""
    n = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        if abs(rows[pivot][k]) < 1e-14:
            raise RiskError("inputs are linearly dependent; give them a prior")
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            if factor:
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
    found = [0.0] * n
    for k in reversed(range(n)):
        rest = sum(rows[k][j] * found[j] for j in range(k + 1, n))
        found[k] = (rows[k][n] - rest) / rows[k][k]
    return found


def climb(start: Vector, slope: Callable[[Vector], Slope], beliefs: Sequence[Belief]) -> Vector:
    """Return the coefficients at the top of a concave function, kept inside the beliefs' ranges.

    Raises `RiskError` where the top is not reached in 60 steps.
    """
    here = [min(max(x, b.low), b.high) for x, b in zip(start, beliefs, strict=True)]
    value, gradient, curvature = slope(here)
    for _ in range(STEPS_MAX):
        step = _inner_step(here, gradient, curvature, beliefs)
        size = 1.0
        while True:
            there = [
                min(max(x + size * s, b.low), b.high) for x, s, b in zip(here, step, beliefs, strict=True)
            ]
            after = slope(there)
            if after[0] >= value - 1e-12 or size < 1e-9:
                break
            size /= 2
        moved = max(abs(a - b) for a, b in zip(here, there, strict=True))
        here, (value, gradient, curvature) = there, after
        if moved < EXACT:
            return here
    raise RiskError("the fit does not settle")


def _inner_step(here: Vector, gradient: Vector, curvature: Matrix, beliefs: Sequence[Belief]) -> Vector:
    """Return Newton's step over the coefficients that are not held by their range."""
    free = [
        i
        for i, (x, g, b) in enumerate(zip(here, gradient, beliefs, strict=True))
        if not (x <= b.low and g < 0) and not (x >= b.high and g > 0)
    ]
    part = solve([[curvature[i][j] for j in free] for i in free], [gradient[i] for i in free])
    step = [0.0] * len(here)
    for i, s in zip(free, part, strict=True):
        step[i] = s
    return step


def cloglog(
    *,
    rows: Sequence[Sequence[float]],
    offsets: Sequence[float],
    broken: Sequence[bool],
    beliefs: Sequence[Belief],
) -> Vector:
    """Return the coefficients of P(broken) = 1 - exp(-exp(offset + row . coefficients)).

    A payment that was not broken counts as survived, whatever came after it: right-censoring needs nothing else.
    Raises `RiskError` for rows of unequal length or a fit that does not settle.
    """
    return _binary(rows, offsets, broken, beliefs, _hazard_terms)


def logistic(
    *,
    rows: Sequence[Sequence[float]],
    offsets: Sequence[float],
    broken: Sequence[bool],
    beliefs: Sequence[Belief],
) -> Vector:
    """Return the coefficients of P(broken) = 1 / (1 + exp(-(offset + row . coefficients))), for whole plans.

    Where only the end of a plan is known, not its payments. Raises `RiskError` as `cloglog` does.
    """
    return _binary(rows, offsets, broken, beliefs, _odds_terms)


Terms = Callable[[float, bool], tuple[float, float, float]]


def _binary(
    rows: Sequence[Sequence[float]],
    offsets: Sequence[float],
    broken: Sequence[bool],
    beliefs: Sequence[Belief],
    terms: Terms,
) -> Vector:
    if not len(rows) == len(offsets) == len(broken) or any(len(row) != len(beliefs) for row in rows):
        raise RiskError("rows, offsets and outcomes must belong together")

    def slope(at: Vector) -> Slope:
        value, gradient, curvature = _priors(at, beliefs)
        for row, offset, gone in zip(rows, offsets, broken, strict=True):
            eta = min(30.0, offset + sum(a * x for a, x in zip(at, row, strict=True)))
            gain, first, second = terms(eta, gone)
            value += gain
            _collect(row, first, max(second, 1e-12), gradient, curvature)
        return value, gradient, curvature

    return climb([b.mean for b in beliefs], slope, beliefs)


def _hazard_terms(eta: float, gone: bool) -> tuple[float, float, float]:  # noqa: FBT001 -- an outcome, not an option
    mu = exp(eta)
    if not gone:
        return -mu, -mu, mu
    g = mu / expm1(mu) if mu > 1e-12 else 1.0
    return (log(-expm1(-mu)) if mu > 1e-300 else eta), g, -g * (1.0 - mu - g)


def _odds_terms(eta: float, gone: bool) -> tuple[float, float, float]:  # noqa: FBT001 -- an outcome, not an option
    p = 1.0 / (1.0 + exp(-eta))
    return -log1p(exp(-eta if gone else eta)), (1.0 if gone else 0.0) - p, p * (1.0 - p)


def weibull(
    *, durations: Sequence[float], broken: Sequence[bool], rows: Sequence[Sequence[float]]
) -> tuple[float, float, Vector]:
    """Return (level, shape, coefficients) of H(t) = exp(level + row . coefficients) * t^shape, without priors.

    `durations` are times to the break or to the last look, in any unit. Raises `RiskError` for a time of 0 or less.
    """
    if min(durations) <= 0:
        raise RiskError("a duration is above 0")
    width = len(rows[0])
    beliefs = [Belief("ln shape", 0.0, inf), Belief("level", 0.0, inf)]
    beliefs += [Belief("", 0.0, inf)] * width
    logs = [log(t) for t in durations]

    def slope(at: Vector) -> Slope:
        shape = exp(min(at[0], 5.0))
        value, gradient, curvature = _priors(at, beliefs)
        for row, lt, gone in zip(rows, logs, broken, strict=True):
            design = (shape * lt, 1.0, *row)
            eta = shape * lt + at[1] + sum(a * x for a, x in zip(at[2:], row, strict=True))
            mu = exp(min(eta, 50.0))
            left = (1.0 if gone else 0.0) - mu
            value += (eta + at[0] if gone else 0.0) - mu
            _collect(design, left, mu, gradient, curvature)
            gradient[0] += 1.0 if gone else 0.0
            curvature[0][0] -= left * shape * lt
        return value, gradient, curvature

    start = [0.0, log(sum(broken) / sum(durations)), *([0.0] * width)]
    found = climb(start, slope, beliefs)
    return found[1], exp(found[0]), found[2:]


def _priors(at: Vector, beliefs: Sequence[Belief]) -> Slope:
    n = len(at)
    value, gradient = 0.0, [0.0] * n
    curvature = [[0.0] * n for _ in range(n)]
    for i, (x, belief) in enumerate(zip(at, beliefs, strict=True)):
        weight = 0.0 if belief.sd == inf else 1.0 / belief.sd**2
        value -= weight * (x - belief.mean) ** 2 / 2
        gradient[i] -= weight * (x - belief.mean)
        curvature[i][i] += weight
    return value, gradient, curvature


def _collect(row: Sequence[float], first: float, second: float, gradient: Vector, curvature: Matrix) -> None:
    there = [(i, x) for i, x in enumerate(row) if x]  # most inputs of a row are 0
    for i, x in there:
        gradient[i] += first * x
        line, weight = curvature[i], second * x
        for j, y in there:
            line[j] += weight * y


def chance(eta: float) -> float:
    """Return 1 - exp(-exp(eta)), the chance of a break."""
    return -expm1(-exp(min(eta, 30.0)))


def link(chance_of_break: float) -> float:
    """Return eta of a chance between 0 and 1: ln(-ln(1 - p))."""
    return log(-log1p(-min(max(chance_of_break, 1e-12), 1 - 1e-12)))
