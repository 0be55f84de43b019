"""Invariant S0, the golden rows of the specification, and an oracle that shares no code with the engine."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import spaced
from portal.core.errors import ScheduleError
from portal.core.rates import by_days, common, interest_free, whole_periods
from portal.core.schedule import follow, level, step_up, with_down_payment, zero_rate, zero_rate_shape
from tests.core.slow_schedule import faults, half_even, smallest_level

START = date(2026, 11, 30)
DATES = spaced(first_on=date(2026, 12, 31), count=600, months=1)


def runs(schedule):
    """Return (how many, amount) runs of a schedule."""
    return [(len(list(rows)), amount) for amount, rows in groupby(schedule.amounts)]


def months(rate, count):
    return whole_periods(annual_rate=Decimal(rate), periods_per_year=12, count=count)


@pytest.mark.parametrize(
    ("amount", "count", "lattice", "least", "rows"),
    [
        (241_735, 24, 500, 1_500, [(23, 10_100), (1, 9_435)]),
        (241_735, 24, 1, 0, [(23, 10_073), (1, 10_056)]),
        (100, 3, 1, 0, [(2, 34), (1, 32)]),
        (99_999, 60, 500, 1_500, [(49, 2_000), (1, 1_999)]),
        (15_000_000, 7, 1_000, 0, [(6, 2_143_000), (1, 2_142_000)]),
    ],
)
def test_zero_rate_golden_rows(amount, count, lattice, least, rows):
    plan = zero_rate(amount=amount, due_dates=DATES[:count], lattice=lattice, installment_min=least)
    assert runs(plan) == rows
    assert not faults(plan, amount, [Fraction(0)] * count)


@pytest.mark.parametrize(
    ("amount", "rate", "count", "rows", "sums"),
    [
        (500_000, "0.12", 24, [(23, 23_537), (1, 23_529)], (64_880, 564_880)),
        (241_735, "0.059", 60, [(59, 4_663), (1, 4_608)], (37_990, 279_725)),
    ],
)
def test_annuity_golden_rows(amount, rate, count, rows, sums):
    plan = level(amount=amount, due_dates=DATES[:count], interest=months(rate, count))
    assert (runs(plan), (plan.interest, plan.total)) == (rows, sums)


def test_annuity_on_actual_days_has_its_own_golden_rows():
    dates = spaced(first_on=date(2024, 2, 1), count=24, months=1)
    interest = by_days(
        annual_rate=Decimal("0.12"), start_on=date(2024, 1, 1), due_dates=dates, day_count="actual/365"
    )
    plan = level(amount=500_000, due_dates=dates, interest=interest)
    assert (runs(plan), plan.interest) == ([(23, 23_538), (1, 23_535)], 64_909)


def test_step_up_and_balloon_golden_rows():
    plan = step_up(
        amount=300_000, due_dates=DATES[:36], interest=interest_free(36), every=12, step=Decimal("0.25")
    )
    assert runs(plan) == [(12, 6_558), (12, 8_197), (11, 10_246), (1, 10_234)]
    plan = level(amount=300_000, due_dates=DATES[:24], interest=interest_free(24), balloon=60_000)
    assert runs(plan) == [(23, 10_000), (1, 70_000)]


def zero_rate_faults(amount, count):
    """Return how the shape breaks the rule, by plain integers."""
    payment, payments, last, _ = zero_rate_shape(amount=amount, payments=count)
    right = (payments - 1) * payment + last == amount and 0 < last <= payment and payments <= count
    smallest = payment == 1 or (payment - 1) * count < amount
    return not (right and smallest)


def test_zero_rate_sample_of_the_grid():
    draw = random.Random(1)
    for _ in range(10_000):
        amount = draw.randint(1, 5_000)
        count = draw.randint(1, min(60, amount))
        assert not zero_rate_faults(amount, count), (amount, count)


@pytest.mark.long
def test_zero_rate_whole_grid():
    checked = 0
    for amount in range(1, 5_001):
        for count in range(1, min(60, amount) + 1):
            assert not zero_rate_faults(amount, count), (amount, count)
            checked += 1
    assert checked == 298_230


amounts = st.integers(1, 10**10)
counts = st.integers(1, 60)
lattices = st.sampled_from([1, 5, 100, 500, 1_000])
rates = st.decimals("0.0001", "2", places=4)


@given(amounts, counts, lattices, st.integers(0, 5_000))
def test_zero_rate_keeps_the_invariant(amount, count, lattice, least):
    plan = zero_rate(amount=amount, due_dates=DATES[:count], lattice=lattice, installment_min=least)
    assert not faults(plan, amount, [Fraction(0)] * count)
    assert plan.lattice == 1 or plan.last >= min(least, plan.level)
    assert len(plan.rows) <= count


@given(amounts, counts, lattices, rates, st.integers(0, 5_000))
def test_equal_periods_keep_the_invariant(amount, count, lattice, rate, least):
    interest = months(rate, count)
    plan = level(
        amount=amount, due_dates=DATES[:count], interest=interest, lattice=lattice, installment_min=least
    )
    per_row = [interest.fraction(k) for k in range(count)]
    assert not faults(plan, amount, per_row)
    exact = smallest_level(amount, per_row)
    assert exact <= plan.level < exact + 3 * plan.lattice
    assert plan.lattice == 1 or plan.last >= min(least, plan.level)


@given(
    amounts, st.integers(1, 40), lattices, rates, st.sampled_from(["actual/365", "30/360", "actual/actual"])
)
def test_unequal_periods_keep_the_invariant(amount, count, lattice, rate, rule):
    interest = by_days(annual_rate=rate, start_on=START, due_dates=DATES[:count], day_count=rule)
    plan = level(amount=amount, due_dates=DATES[:count], interest=interest, lattice=lattice)
    per_row = [interest.fraction(k) for k in range(count)]
    assert not faults(plan, amount, per_row)
    assert smallest_level(amount, per_row) <= plan.level


@given(st.integers(100, 10**9), st.integers(1, 36), rates, st.integers(1, 90))
def test_a_balloon_is_paid_by_the_last_row(amount, count, rate, percent):
    balloon = amount * percent // 100
    interest = months(rate, count)
    plan = level(amount=amount, due_dates=DATES[:count], interest=interest, balloon=balloon)
    assert not faults(plan, amount, [interest.fraction(k) for k in range(count)], balloon=balloon)


@given(amounts, counts, rates, st.sampled_from(["down", "half_even", "half_up"]), lattices)
def test_other_roundings_keep_every_date_and_the_sums(amount, count, rate, rounding, lattice):
    interest = months(rate, count)
    plan = level(
        amount=amount, due_dates=DATES[:count], interest=interest, rounding=rounding, lattice=lattice
    )
    balance = amount
    for k, row in enumerate(plan.rows):
        assert row.interest == half_even(balance * interest.fraction(k))
        balance -= row.principal
    assert (len(plan.rows), balance, plan.total) == (count, 0, sum(plan.amounts))
    assert abs(plan.level - smallest_level(amount, [interest.fraction(0)] * count)) <= lattice


def test_a_third_of_a_hundred_by_half_even_leaves_more_for_the_last():
    plan = level(amount=1_000, due_dates=DATES[:3], interest=interest_free(3), rounding="half_even")
    assert plan.amounts == (333, 333, 334)


@given(
    amounts,
    st.tuples(st.integers(1, 48), st.integers(1, 24)),
    st.decimals(0, 1, places=2),
    lattices,
    st.integers(0, 20),
)
def test_steps_rise_and_pay_all(amount, rhythm, step, lattice, percent):
    count, every = rhythm
    interest = months(Decimal(percent) / 100, count)
    plan = step_up(
        amount=amount, due_dates=DATES[:count], interest=interest, every=every, step=step, lattice=lattice
    )
    assert plan.rows[-1].balance == 0
    assert plan.total == sum(plan.amounts)
    regular = plan.amounts[:-1]
    assert list(regular) == sorted(regular)
    assert min(plan.amounts) > 0
    assert plan.last <= plan.level


@given(amounts, counts, st.integers(1, 10**9))
def test_followed_payments_end_with_the_rest(amount, count, payment):
    plan = follow(
        amount=amount, due_dates=DATES[:count], payments=[payment] * count, interest=interest_free(count)
    )
    assert sum(plan.amounts) == amount
    assert plan.rows[-1].balance == 0


def test_the_down_payment_is_part_of_the_amount():
    plan = with_down_payment(zero_rate(amount=75_000, due_dates=DATES[:3]), amount=25_000, due_on=START)
    assert (plan.amount, plan.total, plan.rows[0][:3]) == (100_000, 100_000, (0, START, 25_000))
    assert sum(plan.amounts) == plan.total
    assert plan.due_dates[0] == START
    with pytest.raises(ScheduleError):
        with_down_payment(plan, amount=1, due_on=DATES[0])


@pytest.mark.parametrize(
    "terms",
    [
        {"amount": 0},
        {"lattice": 0},
        {"due_dates": DATES[:0]},
        {"due_dates": (DATES[1], DATES[0], DATES[2])},
        {"interest": interest_free(2)},
        {"balloon": 100},
    ],
)
def test_impossible_terms_are_refused(terms):
    with pytest.raises(ScheduleError):
        level(**({"amount": 100, "due_dates": DATES[:3], "interest": interest_free(3)} | terms))


def test_more_impossible_terms():
    free = {"amount": 100, "due_dates": DATES[:3], "interest": interest_free(3)}
    with pytest.raises(ScheduleError):
        zero_rate_shape(amount=0, payments=1)
    with pytest.raises(ScheduleError):
        step_up(**free, every=0, step=Decimal(0))
    with pytest.raises(ScheduleError):
        follow(**free, payments=[1, 2])


def random_schedule_breaks(draw):
    """Return whether one random schedule breaks S0, checked by plain integers."""
    count, amount = draw.randint(1, 60), draw.choice([draw.randint(1, 5_000), draw.randint(1, 10**9)])
    numerators = [draw.randint(0, 40)] * count
    if draw.random() < 0.5:
        numerators = [draw.randint(20, 40) for _ in range(count)]
    interest = common([Fraction(n, 1_000) for n in numerators])
    lattice = draw.choice([1, 1, 5, 100, 500, 1_000])
    plan = level(amount=amount, due_dates=DATES[:count], interest=interest, lattice=lattice)
    balance = amount
    for row, numerator in zip(plan.rows, numerators, strict=False):
        whole, rest = divmod(balance * numerator, 1_000)
        charge = whole + (rest > 500 or (rest == 500 and whole % 2 == 1))
        if row.interest != charge or not 0 < row.amount <= plan.level:
            return True
        balance += charge - row.amount
    return balance != 0 or plan.total != sum(plan.amounts)


def test_random_schedules_sample():
    draw = random.Random(20_261_124)
    assert not any(random_schedule_breaks(draw) for _ in range(10_000))


@pytest.mark.long
def test_random_schedules_all():
    draw = random.Random(300_000)
    assert not any(random_schedule_breaks(draw) for _ in range(300_000))
