import random
from dataclasses import replace

import pytest

from portal.core.errors import RiskError
from portal.core.risk.hazard import Model
from portal.core.risk.inputs import Inputs
from portal.core.risk.learn import DuePayment, expected, learn, model_of
from portal.core.risk.monitor import calibration
from portal.core.risk.prior import PRIOR, beliefs


def book(seed, plans, *, world=PRIOR, randomized=False):
    """Payments of made-up plans, month by month until broken, finished or not due yet."""
    draw, found = random.Random(seed), []
    for _ in range(plans):
        burden = draw.uniform(0.2, 1.1)
        inputs = Inputs(kept_share=draw.random())
        for month in range(draw.randrange(4, 24)):
            one = DuePayment(
                since=month,
                until=month + 1,
                burden=burden,
                broken=False,
                inputs=inputs,
                randomized=randomized,
            )
            gone = draw.random() < expected(one, world)
            found.append(replace(one, broken=gone))
            if gone:
                break
    return found


WORLD = Model(model_id="world", h12=0.6, eps_within=1.8, weights=(("kept_share", -0.9),))


def test_a_few_breaks_never_move_off_the_prior_by_more_than_its_deviation():
    found = learn(payments=book(1, 12, world=replace(WORLD, h12=2.0)), model_id="m")
    assert found.breaks < 30
    for x, belief in zip(found.coefficients, beliefs(), strict=True):
        assert abs(x - belief.mean) <= belief.sd + 1e-9


def test_many_breaks_find_the_world():
    found = learn(payments=book(2, 500, world=WORLD, randomized=True), model_id="m")
    assert found.model.h12 == pytest.approx(0.6, rel=0.25)
    assert found.model.eps_within == pytest.approx(1.8, abs=0.45)
    assert dict(found.model.weights)["kept_share"] == pytest.approx(-0.9, abs=0.4)


def test_a_chosen_burden_teaches_nothing_about_the_burden():
    found = learn(payments=book(3, 300, world=WORLD), model_id="m")
    assert found.model.eps_within == PRIOR.eps_within
    assert found.model.h12 > PRIOR.h12


def test_a_segment_is_pooled_towards_its_lender():
    lender = learn(payments=book(4, 400), model_id="lender")
    alone = learn(payments=book(5, 20, world=WORLD), model_id="own")
    pooled = learn(payments=book(5, 20, world=WORLD), model_id="own", parent=lender)
    share = pooled.rows / (pooled.rows + 200)
    for own, whole, both in zip(alone.coefficients, lender.coefficients, pooled.coefficients, strict=True):
        assert both == pytest.approx(share * own + (1 - share) * whole)


def test_censored_payments_count_as_kept_and_nothing_after_them_is_needed():
    rows = book(6, 200)
    longer = learn(payments=rows, model_id="m")
    shorter = learn(payments=[one for one in rows if one.until <= 6], model_id="m")
    assert shorter.model.h12 == pytest.approx(longer.model.h12, rel=0.35)


def test_the_learned_model_is_calibrated_on_its_world():
    found = learn(payments=book(7, 400, world=WORLD, randomized=True), model_id="m")
    fresh = book(8, 800, world=WORLD)
    report = calibration(
        chances=[expected(one, found.model) for one in fresh], broken=[one.broken for one in fresh]
    )
    assert report.ece < 0.01
    assert abs(report.large) < 0.005


def test_equal_data_give_an_equal_model_and_nonsense_is_refused():
    assert learn(payments=book(9, 50), model_id="m") == learn(payments=book(9, 50), model_id="m")
    assert model_of([b.mean for b in beliefs()], "literature prior v1") == PRIOR
    with pytest.raises(RiskError):
        learn(payments=[], model_id="m")
    with pytest.raises(RiskError):
        learn(payments=[DuePayment(since=2, until=2, burden=0.5, broken=False)], model_id="m")
