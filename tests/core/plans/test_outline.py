"""The golden vectors of the specification, and outlines against the schedules built from the same terms."""

import random
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from portal.core.calendar import due_dates
from portal.core.daycount import DayCount
from portal.core.plans.build import build
from portal.core.plans.grammar import Terms
from portal.core.plans.outline import level_runs, outline
from portal.core.rates import interest_free
from portal.core.schedule import step_up, zero_rate_shape
from tests.core.plans.frames import a_frame


def amounts(shape):
    return [amount for count, amount in shape.runs for _ in range(count) if amount]


@pytest.mark.parametrize(
    ("balance", "count", "lattice", "least", "expected"),
    [
        (241_735, 24, 500, 1_500, [10_100] * 23 + [9_435]),
        (241_735, 24, 1, 1, [10_073] * 23 + [10_056]),
        (100, 3, 1, 1, [34, 34, 32]),
        (99_999, 60, 500, 1, [2_000] * 49 + [1_999]),
        (15_000_000, 7, 1_000, 1, [2_143_000] * 6 + [2_142_000]),
    ],
)
def test_level_payments_without_interest(balance, count, lattice, least, expected):
    frame = a_frame(balance, lattice=lattice, installment_min=least)
    assert amounts(outline(Terms(family="installment", count=count), frame)) == expected


@pytest.mark.parametrize(
    ("balance", "rate", "count", "expected", "interest"),
    [
        (500_000, 120_000, 24, [23_537] * 23 + [23_529], 64_880),
        (241_735, 59_000, 60, [4_663] * 59 + [4_608], 37_990),
    ],
)
def test_annuities(balance, rate, count, expected, interest):
    shape = outline(Terms(family="installment", count=count, rate_ppm=rate), a_frame(balance))
    assert amounts(shape) == expected
    assert shape.total - balance == interest


@pytest.mark.parametrize("day_count", get_args(DayCount))
def test_every_day_count_of_the_bounds_makes_a_plan_that_is_paid_off(day_count):
    frame = replace(a_frame(500_000), day_count=day_count)
    terms = Terms(family="restructure", count=24, rate_ppm=120_000)
    plan = build(terms, frame)
    assert sum(row.principal for row in plan.schedule) == 500_000
    assert 60_000 < plan.interest < 70_000
    assert plan.conventions.day_count == day_count
    assert outline(terms, frame).total == plan.total


def test_steps_and_a_balloon():
    rising = outline(Terms(family="restructure", count=36, step_bp=2500, step_every=12), a_frame())
    assert amounts(rising) == [6_558] * 12 + [8_197] * 12 + [10_246] * 11 + [10_234]
    heavy = outline(Terms(family="restructure", count=24, balloon_bp=2000), a_frame())
    assert amounts(heavy) == [10_000] * 23 + [70_000]


def test_level_runs_equal_the_schedule_room():
    draw = random.Random(2)
    for _ in range(3_000):
        amount, count = draw.randrange(1, 400_000), draw.randrange(1, 70)
        lattice, least = draw.choice([1, 5, 500, 1_000]), draw.choice([1, 1_500, 9_000])
        shape = zero_rate_shape(amount=amount, payments=count, lattice=lattice, installment_min=least)
        assert level_runs(amount, count, lattice, least) == (shape.level, shape.payments, shape.last)


def test_stairs_equal_the_schedule_room():
    draw = random.Random(1)
    for _ in range(300):
        balance, lattice, count = (
            draw.randrange(1_000, 3_000_000),
            draw.choice([1, 500]),
            draw.randrange(2, 80),
        )
        every, step = draw.choice([6, 12]), draw.choice([500, 2500, 5000])
        shape = outline(
            Terms(family="restructure", count=count, step_bp=step, step_every=every),
            a_frame(balance, lattice=lattice),
        )
        plan = step_up(
            amount=balance,
            due_dates=due_dates(first_on=a_frame().first_on, frequency="monthly", count=count),
            interest=interest_free(count),
            every=every,
            step=Decimal(step) / 10_000,
            lattice=lattice,
        )
        assert amounts(shape) == list(plan.amounts)
        assert shape.largest == max(plan.amounts)


TERMS = (
    Terms(family="full"),
    Terms(family="lump", waiver_bp=3000),
    Terms(family="parts", count=3, waiver_bp=2000, down_bp=2500),
    Terms(family="installment", count=17, down_bp=1000),
    Terms(family="installment", count=17, rate_ppm=80_000, freq="weekly"),
    Terms(family="restructure", count=30, grace_months=3, grace_kind="full_frozen", waive_principal_bp=1000),
    Terms(family="restructure", count=30, grace_months=2, grace_kind="full_capitalized", rate_ppm=120_000),
    Terms(family="restructure", count=30, grace_months=2, grace_kind="interest_only", rate_ppm=120_000),
    Terms(family="restructure", count=24, balloon_bp=1500, rate_ppm=60_000),
    Terms(family="restructure", count=30, step_bp=1250, step_every=12, rate_ppm=60_000),
    Terms(family="index", count=24, theta_bp=5000),
    Terms(family="skills", inner="installment", count=40, grace_months=3, grace_kind="full_frozen"),
)


@pytest.mark.parametrize("terms", TERMS, ids=lambda t: f"{t.family}-{t.grace_kind}-{t.rate_ppm}")
@pytest.mark.parametrize("day_count", ["30/360", "actual/365"])
def test_an_outline_has_the_amounts_of_its_plan(terms, day_count):
    frame = a_frame(
        263_417,
        interest=9_000,
        fees=3_500,
        lattice=500,
        installment_min=1_500,
        day_count=day_count,
        freq=terms.freq,
    )
    shape, plan = outline(terms, frame), build(terms, frame)
    assert amounts(shape) == [row.amount for row in plan.schedule if row.number]
    assert shape.down == plan.down_payment
    assert shape.total == plan.total == sum(row.amount for row in plan.schedule)
    assert sum(row.principal for row in plan.schedule) + plan.residual == plan.amount == shape.after
    body = [row.amount for row in plan.schedule if row.number]
    assert shape.largest == max(body)
    assert terms.balloon_bp or body[-1] <= max(body)


def test_terms_that_make_no_plan():
    frame = a_frame(1_000, lattice=500)
    assert outline(Terms(family="lump", waiver_bp=500), frame) is None
    assert outline(Terms(family="lump", waiver_bp=10_000), frame) is None
    assert outline(Terms(family="installment", count=3, down_bp=10_000), frame) is None
