from portal.core.risk import prior
from portal.core.risk.inputs import INPUTS
from portal.core.risk.prior import PRIOR, beliefs


def test_the_first_version_is_what_the_literature_says():
    assert PRIOR.model_id == "literature prior v1"
    assert (PRIOR.h12, PRIOR.shape, PRIOR.eps_between, PRIOR.eps_within) == (0.26, 0.85, 0.5, 1.0)
    assert PRIOR.weights == ()


def test_beliefs_cover_level_slope_and_every_input():
    named = {b.name: b for b in beliefs()}
    assert list(named)[:2] == ["level", "eps_within"]
    assert set(named) == {"level", "eps_within", *INPUTS}
    slope = named["eps_within"]
    assert (slope.mean, slope.sd, slope.low, slope.high) == (1.0, 0.6, 0.0, 2.5)
    assert {named[name].sd for name in INPUTS} == {0.5}


def test_sources_are_named():
    for word in ("HAMP", "JPMorgan", "Dobbie", "debt-management"):
        assert word in prior.__doc__
