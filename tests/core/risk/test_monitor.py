import random
from dataclasses import replace

import pytest

from portal.core.errors import RiskError
from portal.core.risk.monitor import (
    GroupFigures,
    Trial,
    bootstrap_low,
    calibration,
    fairness,
    must_freeze,
    psi,
    verdict,
)


def outcomes(seed, count=1200):
    draw = random.Random(seed)
    chances = [draw.uniform(0.05, 0.6) for _ in range(count)]
    return chances, [draw.random() < p for p in chances]


def test_calibration_by_hand():
    report = calibration(chances=[0.1, 0.9], broken=[False, True], bins=2)
    assert report.brier == pytest.approx(0.01)
    assert report.ece == pytest.approx(0.1)
    assert report.large == pytest.approx(0.0)
    assert report.table == ((1, 0.1, 0.0), (1, 0.9, 1.0))
    with pytest.raises(RiskError):
        calibration(chances=[], broken=[])


def test_true_chances_are_calibrated_and_halved_ones_are_not():
    chances, broken = outcomes(1)
    assert calibration(chances=chances, broken=broken).ece < 0.045
    assert calibration(chances=[p / 2 for p in chances], broken=broken).large < -0.1


def test_drift_is_seen_and_freezes():
    draw = random.Random(2)
    before = [draw.gauss(0, 1) for _ in range(3000)]
    same = [draw.gauss(0, 1) for _ in range(3000)]
    moved = [draw.gauss(0.8, 1) for _ in range(3000)]
    assert psi(expected=before, actual=same) < 0.02
    assert psi(expected=before, actual=moved) > 0.2
    assert must_freeze(drift=0.21, large=0.0)
    assert must_freeze(drift=0.0, large=-0.031)
    assert not must_freeze(drift=0.2, large=0.03)
    with pytest.raises(RiskError):
        psi(expected=[], actual=same)


def a_trial(**changes):
    challenger, broken = outcomes(3)
    values = {
        "weeks": 9,
        "champion": [0.3] * len(broken),
        "challenger": challenger,
        "broken": broken,
        "groups": [""] * len(broken),
        "churn": 0.05,
        **changes,
    }
    return Trial(**values)


def test_a_better_challenger_is_promoted_and_each_rule_can_stop_it():
    draw = random.Random(4).random
    good = a_trial()
    assert verdict(good, draw=draw) == "promote"
    assert verdict(replace(good, weeks=7), draw=draw) == "too_early"
    assert verdict(replace(good, challenger=good.champion), draw=draw) == "no_skill"
    skewed = [min(1.0, p + 0.06) for p in good.challenger]
    assert verdict(replace(good, challenger=skewed), draw=draw) == "not_calibrated"
    assert verdict(replace(good, churn=0.11), draw=draw) == "menus_churn"
    # A small group for which the champion knew better.
    groups = ["north" if i < 40 else "south" for i in range(len(good.broken))]
    champion = [float(y) if i < 40 else 0.3 for i, y in enumerate(good.broken)]
    worse = replace(good, groups=groups, champion=champion)
    assert verdict(worse, draw=draw) == "group_worse"


def test_a_bootstrap_stays_inside_its_figures():
    draw = random.Random(5).random
    low = bootstrap_low([0.0, 1.0] * 50, draw)
    assert 0.3 < low < 0.5
    with pytest.raises(RiskError):
        bootstrap_low([], draw)


def figures(**changes):
    values = {"cases": 100, "agreement": 0.9, "burden": 0.5, "completion": 0.7, "gap": 0.0, **changes}
    return GroupFigures(**values)


def test_groups_that_fare_worse_are_named():
    groups = {
        "a": figures(),
        "b": figures(agreement=0.7),
        "c": figures(completion=0.5),
        "d": figures(burden=0.7),
        "few": figures(cases=5, agreement=0.0),
    }
    found = {(alert.group, alert.figure) for alert in fairness(groups)}
    assert found == {("b", "agreement"), ("c", "completion"), ("d", "burden")}
    assert fairness({}) == ()
