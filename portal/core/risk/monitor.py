"""Watch a repayment model: calibration, drift, fairness by group, and the rule by which a challenger is promoted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import fmean
from typing import Literal

from portal.core.errors import RiskError

BINS = 10
ECE_MAX, DRIFT_MAX, LARGE_MAX = 0.03, 0.2, 0.03
WEEKS_MIN, GROUP_MAX, CHURN_MAX, RATIO_MIN = 8, 0.02, 0.10, 0.8
DRAWS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """How well chances match outcomes: Brier score, expected calibration error, mean chance - mean outcome.

    `table` has for each tenth of the cases, from the safest, (cases, mean chance, share broken).
    """

    brier: float
    ece: float
    large: float
    table: tuple[tuple[int, float, float], ...]


def calibration(*, chances: Sequence[float], broken: Sequence[bool], bins: int = BINS) -> Calibration:
    """Return the calibration report of chances of a break. Raises `RiskError` for no cases or unequal lengths."""
    if not chances or len(chances) != len(broken):
        raise RiskError("chances and outcomes must belong together")
    pairs = sorted(zip(chances, map(float, broken), strict=True))
    n = len(pairs)
    groups = [pairs[n * k // bins : n * (k + 1) // bins] for k in range(bins)]
    table = tuple((len(g), fmean(p for p, _ in g), fmean(y for _, y in g)) for g in groups if g)
    return Calibration(
        brier=fmean((p - y) ** 2 for p, y in pairs),
        ece=sum(count * abs(p - y) for count, p, y in table) / n,
        large=fmean(p for p, _ in pairs) - fmean(y for _, y in pairs),
        table=table,
    )


def psi(*, expected: Sequence[float], actual: Sequence[float], bins: int = BINS) -> float:
    """Return the population stability index of two samples of one figure, by tenths of the expected one."""
    if not expected or not actual:
        raise RiskError("a sample is empty")
    ranked = sorted(expected)
    edges = [ranked[len(ranked) * k // bins] for k in range(1, bins)]
    total = 0.0
    for share, other in zip(_shares(expected, edges), _shares(actual, edges), strict=True):
        total += (other - share) * log(other / share)
    return total


def _shares(sample: Sequence[float], edges: Sequence[float]) -> list[float]:
    counts = [0.5] * (len(edges) + 1)  # half a case in each, so that no share is 0
    for figure in sample:
        counts[sum(figure >= edge for edge in edges)] += 1
    whole = sum(counts)
    return [count / whole for count in counts]


def must_freeze(*, drift: float, large: float) -> bool:
    """Tell whether a learned model goes back to the prior: PSI above .2 or the mean chance off by more than .03."""
    return drift > DRIFT_MAX or abs(large) > LARGE_MAX


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A challenger beside the champion on the last quarter: chances of both, outcomes, groups, and what it changes.

    `groups` are labels of cases, held apart from the engine and only where lawful ('' for none); `churn` is the share
    of menus that the challenger would have changed.
    """

    weeks: int
    champion: Sequence[float]
    challenger: Sequence[float]
    broken: Sequence[bool]
    groups: Sequence[str]
    churn: float


Verdict = Literal["promote", "too_early", "no_skill", "not_calibrated", "group_worse", "menus_churn"]


def verdict(trial: Trial, *, draw: Callable[[], float]) -> Verdict:
    """Return whether a challenger is promoted, or the first rule that it breaks.

    Eight weeks in the shadow; the Brier score better in 95 % of bootstrap samples, whose even numbers in [0, 1) come
    from `draw`; ECE at most .03; no group's Brier score worse by more than .02; at most 10 % of menus changed.
    """
    if trial.weeks < WEEKS_MIN:
        return "too_early"
    gains = [
        (a - y) ** 2 - (b - y) ** 2
        for a, b, y in zip(trial.champion, trial.challenger, trial.broken, strict=True)
    ]
    if bootstrap_low(gains, draw) <= 0:
        return "no_skill"
    if calibration(chances=trial.challenger, broken=trial.broken).ece > ECE_MAX:
        return "not_calibrated"
    by_group: dict[str, list[float]] = {}
    for group, gain in zip(trial.groups, gains, strict=True):
        by_group.setdefault(group, []).append(gain)
    if any(-fmean(found) > GROUP_MAX for group, found in by_group.items() if group):
        return "group_worse"
    return "menus_churn" if trial.churn > CHURN_MAX else "promote"


def bootstrap_low(figures: Sequence[float], draw: Callable[[], float], samples: int = DRAWS) -> float:
    """Return the 2.5 % point of the mean over bootstrap samples, made with even draws from [0, 1)."""
    if not figures:
        raise RiskError("a bootstrap needs figures")
    n = len(figures)
    means = sorted(fmean(figures[int(draw() * n)] for _ in range(n)) for _ in range(samples))
    return means[int(samples * 0.025)]


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupFigures:
    """What one group met: cases, share agreed, mean burden, share completed, mean chance - share broken."""

    cases: int
    agreement: float
    burden: float
    completion: float
    gap: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """A group whose figure is below .8 of the best group's."""

    group: str
    figure: Literal["agreement", "completion", "burden"]
    ratio: float


def fairness(groups: Mapping[str, GroupFigures], *, cases_min: int = 30) -> tuple[Alert, ...]:
    """Return the groups that fare worse: a ratio below .8 to the best group in agreement, completion or lightness.

    For burdens the lightest group is the best. Groups of fewer than `cases_min` cases are left out: they say nothing.
    """
    large = {name: one for name, one in sorted(groups.items()) if one.cases >= cases_min}
    found: list[Alert] = []
    for figure in ("agreement", "completion"):
        best = max((getattr(one, figure) for one in large.values()), default=0.0)
        found += [
            Alert(group=name, figure=figure, ratio=getattr(one, figure) / best)
            for name, one in large.items()
            if best > 0 and getattr(one, figure) / best < RATIO_MIN
        ]
    lightest = min((one.burden for one in large.values()), default=0.0)
    found += [
        Alert(group=name, figure="burden", ratio=lightest / one.burden)
        for name, one in large.items()
        if one.burden > 0 and lightest / one.burden < RATIO_MIN
    ]
    return tuple(found)
