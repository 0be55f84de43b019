from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import spaced
from portal.core.errors import ScheduleError
from portal.core.rates import interest_free, whole_periods
from portal.core.schedule import level
from portal.core.spread import (
    capitalize,
    equal_principal,
    explicit,
    falling,
    flat,
    flat_level,
    flat_rate,
    flat_shape,
    round_to,
    with_grace,
)
from tests.core.slow_schedule import faults, half_even

DATES = spaced(first_on=date(2026, 12, 31), count=60, months=1)
amounts = st.integers(1, 10**9)
counts = st.integers(1, 60)
roundings = st.sampled_from(["up_last_absorbs", "down", "half_even", "half_up"])


def months(percent, count):
    return whole_periods(annual_rate=Decimal(percent) / 100, periods_per_year=12, count=count)


def build(amount, dates, interest):
    return level(amount=amount, due_dates=dates, interest=interest)


@given(amounts, counts, st.integers(0, 40), roundings, st.sampled_from([1, 100, 500]))
def test_equal_principal_pays_all_and_bears_interest_on_the_rest(amount, count, percent, rounding, lattice):
    interest = months(percent, count)
    plan = equal_principal(
        amount=amount, due_dates=DATES[:count], interest=interest, rounding=rounding, lattice=lattice
    )
    balance = amount
    for k, row in enumerate(plan.rows):
        assert row.interest == half_even(balance * interest.fraction(k))
        balance -= row.principal
        assert row.balance == balance
    assert balance == 0
    assert plan.total == sum(plan.amounts)


@given(amounts, counts, st.fractions(0, 3, max_denominator=1000), roundings)
def test_flat_interest_is_the_rate_of_the_whole_term(amount, count, rate, rounding):
    plan = flat(amount=amount, due_dates=DATES[:count], rate_total=rate, rounding=rounding)
    assert plan.interest == round(amount * rate)
    assert sum(row.principal for row in plan.rows) == amount
    assert min(row.interest for row in plan.rows) >= 0
    assert plan.rows[-1].balance == 0


def test_flat_golden_rows():
    rate = flat_rate(annual_rate=Decimal("0.12"), months=3)
    plan = flat(amount=300_000, due_dates=DATES[:3], rate_total=rate, lattice=100)
    assert plan.amounts == (103_000, 103_000, 103_000)


@given(
    amounts,
    counts,
    st.fractions(0, 1, max_denominator=400),
    st.sampled_from([1, 100, 500]),
    st.integers(0, 3000),
)
def test_flat_offers_are_level_and_charge_only_for_payments_that_are_made(
    amount, count, rate, lattice, least
):
    plan = flat_level(
        amount=amount, due_dates=DATES[:count], rate=rate, lattice=lattice, installment_min=least
    )
    assert plan.interest == half_even(amount * rate * len(plan.rows))
    assert sum(plan.amounts) == amount + plan.interest
    assert set(plan.amounts[:-1]) <= {plan.level}
    assert 0 < plan.last <= plan.level
    assert sum(row.principal for row in plan.rows) == amount
    balance = amount
    for k, row in enumerate(plan.rows, 1):
        assert row.principal >= 0 <= row.interest
        balance -= row.principal
        assert row.balance == balance
        told = sum(one.interest for one in plan.rows[:k])
        assert told == plan.interest * sum(plan.amounts[:k]) // sum(plan.amounts)
    if lattice == 1:
        assert plan.level == -(-(amount + half_even(amount * rate * len(plan.rows))) // len(plan.rows))


def test_a_negative_flat_rate_is_refused():
    with pytest.raises(ScheduleError):
        flat_shape(amount=100, payments=3, rate=Fraction(-1, 100))


@given(amounts, counts, st.integers(0, 40), st.integers(0, 3000))
def test_the_tail_rule_holds_for_equal_principal_too(amount, count, percent, least):
    interest = months(percent, count)
    plan = falling(
        amount=amount, due_dates=DATES[:count], interest=interest, lattice=500, installment_min=least
    )
    assert sum(row.principal for row in plan.rows) == amount
    assert list(plan.amounts) == sorted(plan.amounts, reverse=True)
    assert plan.last >= min(least, plan.level) or plan.lattice == 1
    assert len({row.principal for row in plan.rows[:-1]}) <= 1


def test_explicit_payments_must_add_up():
    plan = explicit(amount=600, due_dates=DATES[:3], payments=[100, 200, 300])
    assert [row.balance for row in plan.rows] == [500, 300, 0]
    for wrong in ([100, 200], [100, 200, 301], [0, 300, 300]):
        with pytest.raises(ScheduleError):
            explicit(amount=600, due_dates=DATES[:3], payments=wrong)
    with pytest.raises(ScheduleError):
        explicit(amount=600, due_dates=[DATES[0]] * 2, payments=[300, 300])


grace = partial(with_grace, due_dates=DATES[:15], interest=months(12, 15), periods=3, build=build)


def test_a_frozen_grace_costs_nothing():
    plan = grace(amount=120_000, kind="frozen")
    assert plan.due_dates[0] == DATES[3]
    assert not faults(plan, 120_000, [Fraction(1, 100)] * 12)


def test_interest_only_rows_come_first():
    plan = grace(amount=120_000, kind="interest_only")
    assert plan.amounts[:3] == (1_200,) * 3
    assert [row.number for row in plan.rows] == list(range(1, 16))
    assert plan.total == sum(plan.amounts)


def test_without_interest_there_is_nothing_to_pay_in_the_grace():
    plan = with_grace(
        amount=1_200,
        due_dates=DATES[:6],
        interest=interest_free(6),
        periods=2,
        kind="interest_only",
        build=build,
    )
    assert len(plan.rows) == 4


def test_capitalized_interest_is_rounded_once():
    plan = grace(amount=120_000, kind="capitalized")
    assert capitalize(amount=120_000, interest=months(12, 3)) == half_even(120_000 * Fraction(101, 100) ** 3)
    assert plan.amount == 120_000
    assert plan.total == sum(plan.amounts)


def test_deferred_interest_joins_the_first_payment():
    plan = grace(amount=120_000, kind="deferred")
    assert plan.rows[0].interest == 3 * 1_200 + 1_200
    assert plan.total == sum(plan.amounts)
    assert plan.due_dates[0] == DATES[3]


def test_a_grace_must_end():
    with pytest.raises(ScheduleError):
        grace(amount=120_000, kind="frozen", periods=15)


@pytest.mark.parametrize(
    ("rounding", "found"), [("up_last_absorbs", 300), ("down", 200), ("half_even", 200), ("half_up", 300)]
)
def test_lattice_rounding(rounding, found):
    assert round_to(Fraction(250), lattice=100, rounding=rounding) == found


@pytest.mark.parametrize(
    "terms", [{"amount": 0}, {"lattice": 0}, {"due_dates": []}, {"rate_total": Fraction(-1)}]
)
def test_impossible_terms_are_refused(terms):
    with pytest.raises(ScheduleError):
        flat(**({"amount": 100, "due_dates": DATES[:3], "rate_total": Fraction(0)} | terms))
