from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import RiskError
from portal.core.risk.hazard import LOG_MAX, LOG_STEPS, Model
from portal.core.risk.inputs import Inputs


def test_the_cohort_of_the_literature():
    kept = Model().survival(burden=0.8, months=48)
    assert kept == pytest.approx(0.43, abs=0.005)
    late = [1 - Model().survival(burden=0.8, months=m) for m in (6, 12, 24)]
    assert late == sorted(late)


@given(
    h12=st.floats(0.01, 2),
    eps=st.floats(0, 2.5),
    between=st.floats(0, 1),
    burdens=st.lists(st.floats(0, 5), min_size=2, max_size=8),
    months=st.integers(1, 120),
)
def test_a_larger_payment_is_never_safer(h12, eps, between, burdens, months):
    model = Model(h12=h12, eps_within=eps, eps_between=between)
    kept = [model.survival(burden=b, months=months) for b in sorted(burdens)]
    assert all(later <= earlier for earlier, later in pairwise(kept))


@pytest.mark.parametrize(
    "changes", [{"eps_within": -0.1}, {"eps_between": -1.0}, {"weights": (("age", 1.0),)}]
)
def test_falling_hazards_and_other_inputs_are_refused(changes):
    with pytest.raises(RiskError):
        Model(**changes)


def test_a_case_moves_the_hazard_by_steps():
    model = Model(weights=(("kept_share", -0.4), ("broken_plans", 0.9)))
    one = model.for_case(Inputs(kept_share=0.5))
    assert one.log_hazard * LOG_STEPS == round(one.log_hazard * LOG_STEPS)
    assert one.log_hazard == pytest.approx(-0.2, abs=0.5 / LOG_STEPS)
    assert model.for_case(Inputs(broken_plans=3)).log_hazard == LOG_MAX
    assert Model().for_case(Inputs(broken_plans=3)) == Model()
