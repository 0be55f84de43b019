import math
from datetime import date, timedelta

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import RateError
from portal.core.xirr import (
    fv,
    ipmt,
    irr,
    mirr,
    nper,
    npv,
    pmt,
    ppmt,
    pv,
    rate_of,
    xirr,
    xnpv,
    zero_between,
    zero_of,
)

START = date(2026, 1, 31)


@given(st.floats(-0.5, 5), st.integers(1, 60), st.floats(1, 10_000))
def test_the_rate_of_an_annuity_is_found_again(rate, count, payment):
    flows = [(START, 0.0)] + [(START + timedelta(days=365 * k), payment) for k in range(1, count + 1)]
    flows[0] = (START, -math.fsum(a * (1 + rate) ** -((d - START).days / 365) for d, a in flows[1:]))
    assert xirr(flows) == pytest.approx(rate, rel=1e-7, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 5_000), st.floats(-5_000, 5_000)), min_size=2, max_size=12))
def test_a_rate_is_never_invented(drawn):
    flows = [(START + timedelta(days=day), amount) for day, amount in drawn]
    found = xirr(flows)
    if found is not None:
        first = min(day for day, _ in flows)
        worth = [amount * (1 + found) ** -((day - first).days / 365) for day, amount in flows]
        assert abs(math.fsum(worth)) <= 1e-6 * math.fsum(abs(value) for value in worth)


@pytest.mark.parametrize(
    "flows",
    [
        [],
        [(START, -100.0)],
        [(START, -100.0), (START, 100.0)],
        [(START, 100.0), (date(2027, 1, 31), 100.0)],
        [(START, 0.0), (date(2027, 1, 31), 0.0)],
        [(START, -100.0), (date(2027, 1, 31), 1.0), (date(2028, 1, 31), -100.0)],
    ],
)
def test_flows_without_a_rate_have_none(flows):
    assert xirr(flows) is None


def test_a_unique_rate_equals_the_compiled_one():
    flows = [(START, -241_735.0)] + [(START + timedelta(days=30 * k), 4_663.0) for k in range(1, 61)]
    theirs = pyxirr.xirr([day for day, _ in flows], [amount for _, amount in flows])
    assert xirr(flows) == pytest.approx(theirs, abs=1e-9)


def test_among_several_rates_the_payers_is_taken():
    amounts = [-1_600.0, 10_000.0, -10_000.0]  # 25 % and 400 %: at 400 % a higher rate costs the first payer
    found = irr(amounts)
    worth = sum(amount / (1 + found) ** k for k, amount in enumerate(amounts))
    assert abs(worth) < 1e-6
    assert found == pytest.approx(4.0)


@given(st.floats(0, 1), st.integers(1, 120), st.floats(1, 10**6), st.booleans())
def test_time_value_functions_agree(rate, periods, present, at_start):
    payment = pmt(rate=rate, periods=periods, present=present, at_start=at_start)
    assert pv(rate=rate, periods=periods, payment=payment, at_start=at_start) == pytest.approx(
        present, rel=1e-6
    )
    left = fv(rate=rate, periods=periods, payment=payment, present=present, at_start=at_start)
    assert left == pytest.approx(0, abs=1e-6 * present * (1 + rate) ** periods)


def test_published_figures():
    assert nper(rate=0.01, payment=-100, present=-1_000, future=10_000, at_start=True) == pytest.approx(
        59.6738657
    )
    assert rate_of(periods=48, payment=-200, present=8_000) == pytest.approx(0.00770147, abs=1e-8)
    assert pmt(rate=0.08 / 12, periods=60, present=15_000) == pytest.approx(-304.145914, abs=1e-6)
    assert pmt(rate=0, periods=60, present=15_000) == -250


def test_parts_of_a_payment_equal_the_compiled_ones():
    for period in (1, 12, 24):
        mine = ipmt(rate=0.01, period=period, periods=24, present=-5_000)
        assert mine == pytest.approx(
            pyxirr.ipmt(0.01, period, 24, -5_000) * -1, rel=1e-9
        ) or mine == pytest.approx(pyxirr.ipmt(0.01, period, 24, -5_000), rel=1e-9)
        whole = mine + ppmt(rate=0.01, period=period, periods=24, present=-5_000)
        assert whole == pytest.approx(pmt(rate=0.01, periods=24, present=-5_000))


def test_what_never_ends_has_no_number_of_periods():
    assert nper(rate=0.1, payment=-5, present=100) is None
    assert nper(rate=0, payment=0, present=100) is None
    assert nper(rate=0, payment=-10, present=100) == 10


def test_limits():
    with pytest.raises(RateError):
        zero_of([1.0], [1.0, 2.0])
    with pytest.raises(RateError):
        pmt(rate=0, periods=0, present=1)
    assert zero_between(lambda x: x - 2, 0, 10) == pytest.approx(2)


@given(
    st.floats(0.0001, 0.2),
    st.integers(1, 60),
    st.floats(-50_000, 50_000),
    st.floats(-9_000, 9_000),
    st.booleans(),
)
def test_interest_and_principal_parts_walk_a_balance_down(rate, count, present, future, at_start):
    terms = {"rate": rate, "periods": count, "present": present, "future": future, "at_start": at_start}
    payment = pmt(**terms)
    balance = present
    for period in range(1, count + 1):
        if at_start:
            charge = 0.0 if period == 1 else balance - balance / (1 + rate)
            balance = (balance + payment) * (1 + rate)
        else:
            charge = balance * rate
            balance = balance + charge + payment
        size = 1e-7 * (1 + abs(present) + abs(future))
        assert ipmt(period=period, **terms) == pytest.approx(-charge, abs=size)
        assert ppmt(period=period, **terms) + ipmt(period=period, **terms) == pytest.approx(payment, abs=size)
    assert balance == pytest.approx(-future, abs=1e-6 * (1 + abs(present) + abs(future)))


def test_values_and_the_modified_rate():
    flows = [-120_000.0, 39_000.0, 30_000.0, 21_000.0, 37_000.0, 46_000.0]
    assert mirr(amounts=flows, finance_rate=0.10, reinvest_rate=0.12) == pytest.approx(0.126094, abs=1e-6)
    assert mirr(amounts=[1.0, 2.0], finance_rate=0.1, reinvest_rate=0.1) is None
    assert npv(rate=irr(flows), amounts=flows) == pytest.approx(0, abs=1e-6)
    dated = [(START + timedelta(days=365 * k), amount) for k, amount in enumerate(flows)]
    assert xnpv(rate=0.07, flows=dated) == pytest.approx(npv(rate=0.07, amounts=flows))
    assert xnpv(rate=0.07, flows=[]) == 0


def test_a_rate_below_what_rounding_shows_is_none():
    """Over 19 years at -84 % a flow shrinks by e^35: two flows still tell, the rounding of thirty may hide it."""
    two = [(START, -1.0), (START + timedelta(days=365 * 19), math.exp(-35))]
    assert xirr(two) == pytest.approx(math.expm1(-35 / 19))
    dust = [(START + timedelta(days=365 * 19 + k), 1e-40) for k in range(28)]
    assert xirr([*two, *dust]) is None
