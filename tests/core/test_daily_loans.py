from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.daily_loans import add_on, capped_level
from portal.core.errors import ScheduleError
from portal.core.rates import daily, interest_free

START = date(2026, 11, 24)
terms = st.tuples(
    st.integers(100, 200_000),
    st.lists(st.integers(1, 45), min_size=1, max_size=12),
    st.decimals("0.0001", "0.008", places=4),
)


def dates_of(gaps):
    return [START + timedelta(days=sum(gaps[: k + 1])) for k in range(len(gaps))]


@given(terms, st.sampled_from(["down", "half_up", "half_even", "up"]), st.booleans())
def test_the_level_is_the_smallest_whose_last_payment_is_not_larger(drawn, rounding, is_capped):
    amount, gaps, rate = drawn
    dates = dates_of(gaps)
    cap = amount if is_capped else None
    interest = daily(daily_rate=rate, start_on=START, due_dates=dates)
    plan = capped_level(
        amount=amount, due_dates=dates, interest=interest, interest_rounding=rounding, interest_cap=cap
    )
    assert plan.last <= plan.level
    assert plan.rows[-1].balance == 0
    assert plan.total == sum(plan.amounts)
    assert cap is None or plan.interest <= cap
    if plan.level > 1 and cap is None:
        balance = amount
        for k in range(len(dates)):
            exact = balance * interest.fraction(k)
            charge = {"down": exact // 1, "up": -(-exact // 1), "half_even": round(exact)}.get(
                rounding, (exact + Fraction(1, 2)) // 1
            )
            balance += charge - (plan.level - 1)
            if balance <= 0:
                break
        assert balance > 0


@given(terms)
def test_add_on_interest_is_paid_before_principal(drawn):
    amount, gaps, rate = drawn
    dates = dates_of(gaps)
    plan = add_on(
        amount=amount, due_dates=dates, interest=daily(daily_rate=rate, start_on=START, due_dates=dates)
    )
    assert sum(plan.amounts) == plan.total == amount + plan.interest
    assert plan.rows[-1].balance == 0
    paid_first = [row.interest for row in plan.rows if row.principal]
    assert not any(paid_first[1:])


def test_a_cap_trims_the_row_that_would_cross_it():
    dates = dates_of([100, 100])
    interest = daily(daily_rate=Decimal("0.008"), start_on=START, due_dates=dates)
    plan = capped_level(amount=10_000, due_dates=dates, interest=interest, interest_cap=10_000)
    assert plan.interest == 10_000
    capped = add_on(amount=10_000, due_dates=dates, interest=interest, interest_cap=10_000)
    assert capped.interest <= 10_000


@pytest.mark.parametrize("build", [capped_level, add_on])
def test_nothing_owed_is_no_loan(build):
    with pytest.raises(ScheduleError):
        build(amount=0, due_dates=[START], interest=interest_free(1))
    with pytest.raises(ScheduleError):
        build(amount=1, due_dates=[], interest=interest_free(0))
