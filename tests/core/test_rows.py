from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from portal.core.rows import Row, Schedule, interest_of
from tests.core.slow_schedule import half_even

balances = st.integers(0, 10**12)
parts = st.integers(0, 10**4)
wholes = st.integers(1, 10**6)


@given(balances, parts, wholes)
def test_interest_rounds_as_its_name_says(balance, numerator, denominator):
    exact = Fraction(balance * numerator, denominator)
    assert interest_of(balance, numerator, denominator) == half_even(exact)
    assert interest_of(balance, numerator, denominator, "down") == exact.numerator // exact.denominator
    assert interest_of(balance, numerator, denominator, "up") == -(-exact.numerator // exact.denominator)
    up = exact + Fraction(1, 2)
    assert interest_of(balance, numerator, denominator, "half_up") == up.numerator // up.denominator


@given(st.integers(0, 10**6))
def test_exact_halves_go_to_the_even_neighbor(whole):
    assert interest_of(2 * whole + 1, 1, 2) == half_even(Fraction(2 * whole + 1, 2))


def test_a_schedule_tells_its_sums():
    first, second = Row(1, None, 60, 50, 10, 0, 50), Row(2, None, 55, 50, 5, 0, 0)
    plan = Schedule((first, second), 100, 15, 60, 1, 3)
    assert (plan.total, plan.last, plan.amounts) == (118, 55, (60, 55))
    assert plan.altered((second,), amount=50, interest=5).level == 60
