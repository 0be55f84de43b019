from dataclasses import replace
from math import exp, isclose, log2

from portal.core.negotiation.model import PRIOR
from portal.core.negotiation.tables import EDGES, table


def a_table(model=PRIOR, freq="monthly"):
    return table(model=model, kappa_ppm=100_000, freq=freq, standard_bp=8000, blocks=1)


def test_a_standard_burden_completes_as_often_as_the_source_says():
    kept = a_table().level(0.8).s[48]
    assert 0.40 < kept < 0.46  # 43 % of debt-management plans complete at 48 months
    assert isclose(kept, exp(-0.26 * 4**0.85), rel_tol=0.01)


def test_prefix_sums_are_sums():
    level, v = a_table().level(1.3), a_table().v
    for n in (1, 7, 60):
        s = level.s
        assert isclose(level.paid[n], sum(v[k] * s[k] for k in range(1, n + 1)))
        assert isclose(
            level.lost_k[n], sum(v[k] * (s[k - 1] - s[k]) * (k - 1) for k in range(1, n + 1)), abs_tol=1e-12
        )


def test_a_step_is_a_64th_of_an_octave_and_survival_falls_with_it():
    assert isclose(log2(EDGES[1] / EDGES[0]), 1 / 64)
    kept = [a_table().at(step).s[24] for step in range(0, len(EDGES), 20)]
    assert kept == sorted(kept, reverse=True)
    assert a_table().level(0.0).s == a_table().level(0.01).s
    assert a_table().level(50).s == a_table().level(3.1).s


def test_a_case_with_more_risk_survives_less_and_weeks_are_as_long_as_months():
    risky = a_table(replace(PRIOR, log_hazard=0.5))
    assert risky.level(0.8).s[12] < a_table().level(0.8).s[12]
    weekly = table(model=PRIOR, kappa_ppm=100_000, freq="weekly", standard_bp=8000, blocks=1)
    assert isclose(weekly.level(0.8).s[52], a_table().level(0.8).s[12])
