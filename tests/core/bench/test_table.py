from dataclasses import replace

import pytest

from portal.core.bench.baselines import BASELINES
from portal.core.bench.document import bench_bounds
from portal.core.bench.table import (
    Bar,
    alphas,
    bands,
    bars,
    engine_line,
    informed_lines,
    line_of,
    open_shares,
    policies,
)
from tests.core.bench.crowds import first, other


@pytest.mark.long
def test_the_engine_is_ahead_of_every_baseline_on_both_crowds():
    for crowd in (first(40), other(40)):
        lines = list(policies(crowd, twins=6))
        engine = lines[-1]
        found = {bar.name: bar for bar in bars(lines)}
        for name in ("rounds", "offers out of bounds", "twin gap"):
            assert found[name].holds, found[name]
        assert round((1 - engine.measures.agreement) * engine.measures.count) <= 1, (
            "of so few, one is over .02"
        )
        assert all(line.measures.nash < engine.measures.nash for line in lines[: len(BASELINES)])


@pytest.mark.long
def test_tighter_bands_and_shares_move_along_the_curve():
    found = [line.measures for line in bands(first(40))]
    assert found[0].value < found[-2].value
    weighed = [line.measures for line in alphas(first(40))]
    assert weighed[0].value < weighed[-1].value
    assert weighed[0].rounds < weighed[-1].rounds
    shares = [line.measures.agreement for line in open_shares(first(40))]
    assert shares[0] > shares[-1]


def test_the_engine_keeps_its_promises_on_both_crowds():
    for crowd in (first(10), other(10)):
        engine = engine_line("this engine", crowd, bench_bounds(), twins=3)
        assert (engine.gap, engine.apart, engine.faults) == (0.0, 0.0, 0)
        assert engine.measures.agreement > 0.85
        assert engine.measures.nash > line_of("static", crowd, BASELINES["static menu"]).measures.nash


def test_nobody_beats_who_knows_every_mind():
    knowing = [line.measures for line in informed_lines(first(14))]
    engine = engine_line("engine", first(14), bench_bounds()).measures
    assert knowing[0].nash == 1.0
    for one in knowing:
        assert one.nash >= engine.nash or one.value >= engine.value


def test_a_bar_holds_on_its_own_side():
    assert Bar("up", 0.98, 0.98).holds
    assert not Bar("up", 0.979, 0.98).holds
    assert Bar("down", 1.5, 1.5, most=True).holds
    assert not replace(Bar("down", 1.51, 1.5, most=True)).holds
