import math
import random

import pytest

from portal.core.errors import RiskError
from portal.core.risk.newton import chance, climb, cloglog, link, logistic, solve, weibull
from portal.core.risk.prior import Belief

FREE = Belief("", 0.0, math.inf)


def made_up(seed, count=4000, at=(-2.0, 0.8, -0.5)):
    draw = random.Random(seed)
    rows = [(1.0, draw.gauss(0, 1), draw.gauss(0, 1)) for _ in range(count)]
    return rows, [draw.random() < chance(sum(a * x for a, x in zip(at, row, strict=True))) for row in rows]


def test_a_linear_system_is_solved():
    assert solve([[0.0, 2.0], [3.0, 1.0]], [4.0, 5.0]) == pytest.approx([1.0, 2.0])
    with pytest.raises(RiskError):
        solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0])


def test_cloglog_finds_what_the_data_were_made_with_and_its_slope_is_zero_there():
    rows, broken = made_up(3)
    found = cloglog(rows=rows, offsets=[0.0] * len(rows), broken=broken, beliefs=[FREE] * 3)
    assert found == pytest.approx([-2.0, 0.8, -0.5], abs=0.12)
    for k in range(3):  # the derivative of the log likelihood, by finite differences
        up, down = [*found], [*found]
        up[k] += 1e-5
        down[k] -= 1e-5
        assert log_likelihood(rows, broken, up) == pytest.approx(log_likelihood(rows, broken, down), abs=1e-5)


def log_likelihood(rows, broken, at):
    total = 0.0
    for row, gone in zip(rows, broken, strict=True):
        p = chance(sum(a * x for a, x in zip(at, row, strict=True)))
        total += math.log(p if gone else 1 - p)
    return total


def test_a_prior_pulls_and_a_range_holds():
    rows, broken = made_up(4, 400)
    tight = [FREE, Belief("", 0.0, 0.01), FREE]
    assert abs(cloglog(rows=rows, offsets=[0.0] * 400, broken=broken, beliefs=tight)[1]) < 0.05
    held = [FREE, Belief("", 0.0, 0.6, 0.0, 0.3), FREE]
    assert cloglog(rows=rows, offsets=[0.0] * 400, broken=broken, beliefs=held)[1] == 0.3


def test_logistic_matches_the_share_of_breaks_without_inputs():
    broken = [True] * 30 + [False] * 70
    (level,) = logistic(rows=[(1.0,)] * 100, offsets=[0.0] * 100, broken=broken, beliefs=[FREE])
    assert 1 / (1 + math.exp(-level)) == pytest.approx(0.3)
    (other,) = cloglog(rows=[(1.0,)] * 100, offsets=[0.0] * 100, broken=broken, beliefs=[FREE])
    assert chance(other) == pytest.approx(0.3)
    assert link(chance(other)) == pytest.approx(other)


def test_weibull_finds_level_shape_and_slope_with_censoring():
    draw = random.Random(5)
    rows = [(draw.gauss(0, 1),) for _ in range(4000)]
    times = [(-math.log(1 - draw.random()) / math.exp(-1 + 0.7 * r[0])) ** (1 / 0.85) for r in rows]
    ends = [min(t, 3.0) for t in times]
    level, shape, found = weibull(durations=ends, broken=[t < 3.0 for t in times], rows=rows)
    assert (level, shape, found[0]) == pytest.approx((-1.0, 0.85, 0.7), abs=0.06)


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(RiskError):
        cloglog(rows=[(1.0,)], offsets=[], broken=[True], beliefs=[FREE])
    with pytest.raises(RiskError):
        weibull(durations=[0.0], broken=[True], rows=[(1.0,)])


def test_a_fit_that_does_not_settle_is_said():
    def runaway(at):
        return at[0], [1.0], [[1.0]]

    with pytest.raises(RiskError):
        climb([0.0], runaway, [FREE])
