"""Schedules that spread the principal, not the payment; grace before the first payment; given dates.

Amounts are whole minor units; see `schedule` for the words and for invariant S0.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from portal.core.errors import ScheduleError
from portal.core.rates import Interest
from portal.core.rows import InterestRounding, Rounding, Row, Schedule, Shape, interest_of
from portal.core.schedule import zero_rate_shape

GraceKind = Literal["frozen", "interest_only", "capitalized", "deferred"]
Build = Callable[[int, Sequence[date], Interest], Schedule]


def round_to(exact: Fraction, *, lattice: int, rounding: Rounding) -> int:
    """Return an exact amount as a multiple of the lattice: up, down, half-even or half-up."""
    steps = exact / lattice
    if rounding == "up_last_absorbs":
        return -(-steps.numerator // steps.denominator) * lattice
    if rounding == "half_even":
        return round(steps) * lattice
    return int(steps if rounding == "down" else steps + Fraction(1, 2)) * lattice


def equal_principal(
    *,
    amount: int,
    due_dates: Sequence[date],
    interest: Interest,
    lattice: int = 1,
    rounding: Rounding = "up_last_absorbs",
    interest_rounding: InterestRounding = "half_even",
) -> Schedule:
    """Return the schedule with the same principal in each row and interest on what is still owed.

    Payments fall from row to row. Rounded up, rows may be fewer than dates; other roundings keep them all
    and the last takes the remainder. Raises `ScheduleError`. `level` is the first payment.
    """
    portions = _portions(amount, len(due_dates), lattice, rounding)
    rows: list[Row] = []
    balance = amount
    for k, portion in enumerate(portions):
        charge = interest_of(balance, interest.numerators[k], interest.denominator, interest_rounding)
        balance -= portion
        rows.append(Row(k + 1, due_dates[k], portion + charge, portion, charge, 0, balance))
    return _sum_up(rows, amount, lattice)


def falling(
    *, amount: int, due_dates: Sequence[date], interest: Interest, lattice: int = 1, installment_min: int = 0
) -> Schedule:
    """Return `equal_principal` under the tail rule: the lattice shrinks while the last payment is below the smallest.

    500, 100, 20, 4, 1, as for level payments. Raises `ScheduleError`.
    """
    step = lattice
    while True:
        plan = equal_principal(amount=amount, due_dates=due_dates, interest=interest, lattice=step)
        if step == 1 or plan.last >= min(installment_min, plan.level):
            return plan
        step = max(1, step // 5)


def flat(
    *,
    amount: int,
    due_dates: Sequence[date],
    rate_total: Fraction,
    lattice: int = 1,
    rounding: Rounding = "up_last_absorbs",
) -> Schedule:
    """Return the schedule of flat interest: amount * rate_total in all, spread evenly over the rows.

    `rate_total` is the rate of the whole term (annual rate * years). Principal and interest are each the
    nth part, principal rounded to the lattice, interest half-even; the last row takes both remainders.
    Raises `ScheduleError` for a negative rate or an amount or lattice below 1.
    """
    if rate_total < 0:
        raise ScheduleError("a flat rate is not negative")
    portions = _portions(amount, len(due_dates), lattice, rounding)
    charge_total = round(amount * rate_total)
    charges = _charges(charge_total, len(portions))
    rows: list[Row] = []
    balance = amount
    for k, (portion, charge) in enumerate(zip(portions, charges, strict=True)):
        balance -= portion
        rows.append(Row(k + 1, due_dates[k], portion + charge, portion, charge, 0, balance))
    return _sum_up(rows, amount, lattice)


def flat_shape(
    *, amount: int, payments: int, rate: Fraction, lattice: int = 1, installment_min: int = 0
) -> tuple[Shape, int]:
    """Return the shape of at most `payments` equal payments of flat interest, and that interest.

    `rate` is that of one period, counted on the whole amount for every payment that is made: where rounding up to
    the lattice takes fewer payments, fewer are charged for. Rounding and tail rule as for `zero_rate_shape`, so S0
    holds. Raises `ScheduleError` for a negative rate or an amount, count or lattice below 1.
    """
    if rate < 0:
        raise ScheduleError("a flat rate is not negative")
    count = payments
    while True:
        charge = round(amount * rate * count)
        shape = zero_rate_shape(
            amount=amount + charge, payments=count, lattice=lattice, installment_min=installment_min
        )
        if shape.payments == count:
            return shape, charge
        count = shape.payments


def flat_level(
    *, amount: int, due_dates: Sequence[date], rate: Fraction, lattice: int = 1, installment_min: int = 0
) -> Schedule:
    """Return the schedule of `flat_shape`; each payment holds its part of the interest, to the unit in all."""
    shape, charge = flat_shape(
        amount=amount, payments=len(due_dates), rate=rate, lattice=lattice, installment_min=installment_min
    )
    rows: list[Row] = []
    total, paid, told, balance = amount + charge, 0, 0, amount
    for number in range(1, shape.payments + 1):
        now = shape.level if number < shape.payments else shape.last
        paid += now
        part = charge * paid // total - told
        told, balance = told + part, balance - (now - part)
        rows.append(Row(number, due_dates[number - 1], now, now - part, part, 0, balance))
    return Schedule(tuple(rows), amount, charge, shape.level, shape.lattice)


def _charges(total: int, count: int) -> list[int]:
    each = round(Fraction(total, count))
    if each * (count - 1) > total:
        each = total // count
    return [each] * (count - 1) + [total - each * (count - 1)]


def _portions(amount: int, count: int, lattice: int, rounding: Rounding) -> list[int]:
    if amount < 1 or lattice < 1 or count < 1:
        raise ScheduleError("amount, lattice and the number of dates start at 1")
    each = round_to(Fraction(amount, count), lattice=lattice, rounding=rounding)
    if rounding == "up_last_absorbs":
        count = -(-amount // each)
    portions = []
    left = amount
    for k in range(count):
        now = left if k == count - 1 else min(each, left)
        portions.append(now)
        left -= now
    return portions


def _sum_up(rows: list[Row], amount: int, lattice: int) -> Schedule:
    return Schedule(tuple(rows), amount, sum(row.interest for row in rows), rows[0].amount, lattice)


def flat_rate(*, annual_rate: Decimal, months: int) -> Fraction:
    """Return the rate of a whole term in months: annual rate * months / 12."""
    return Fraction(annual_rate) * months / 12


def explicit(*, amount: int, due_dates: Sequence[date], payments: Sequence[int]) -> Schedule:
    """Return the interest-free schedule that pays exactly these amounts on exactly these dates.

    Raises `ScheduleError` when they do not add up to the amount, one is below 1, or dates do not increase.
    """
    if len(payments) != len(due_dates) or not payments or min(payments) < 1 or sum(payments) != amount:
        raise ScheduleError("the payments must be above zero and add up to the amount")
    if any(after <= before for before, after in pairwise(due_dates)):
        raise ScheduleError("due dates must strictly increase")
    rows: list[Row] = []
    balance = amount
    for k, paid in enumerate(payments):
        balance -= paid
        rows.append(Row(k + 1, due_dates[k], paid, paid, 0, 0, balance))
    return Schedule(tuple(rows), amount, 0, max(payments))


def with_grace(
    *,
    amount: int,
    due_dates: Sequence[date],
    interest: Interest,
    periods: int,
    kind: GraceKind,
    build: Build,
) -> Schedule:
    """Return a schedule whose first `periods` periods are a grace; `build` makes the rest.

    `build(amount, due_dates, interest)` is any builder of `schedule` or of this module with its other terms
    bound. `frozen`: no payment, no interest. `interest_only`: rows with the interest alone (none where it
    is zero). `capitalized`: the interest compounds into the amount, rounded once. `deferred`: the interest
    of the grace, on the amount, is added to the first paying row.
    Raises `ScheduleError` when fewer than one period is left after the grace.
    """
    if not 0 <= periods < len(due_dates):
        raise ScheduleError("a grace ends before the last date")
    dates, rest = due_dates[periods:], interest.between(periods)
    grace = interest.between(0, periods)
    if kind == "frozen":
        return build(amount, dates, rest)
    if kind == "capitalized":
        return _capitalized(amount, dates, rest, grace, build)
    charges = [interest_of(amount, numerator, grace.denominator) for numerator in grace.numerators]
    plan = build(amount, dates, rest)
    if kind == "interest_only":
        return _interest_first(plan, due_dates, charges)
    return _deferred(plan, sum(charges))


def capitalize(*, amount: int, interest: Interest) -> int:
    """Return the amount with the interest of the periods compounded into it, rounded once, half-even."""
    grown, power = amount, 1
    for numerator in interest.numerators:
        grown *= interest.denominator + numerator
        power *= interest.denominator
    return round(Fraction(grown, power))


def _capitalized(
    amount: int, dates: Sequence[date], rest: Interest, grace: Interest, build: Build
) -> Schedule:
    grown = capitalize(amount=amount, interest=grace)
    plan = build(grown, dates, rest)
    return plan.altered(plan.rows, amount=amount, interest=plan.interest + grown - amount)


def _interest_first(plan: Schedule, due_dates: Sequence[date], charges: list[int]) -> Schedule:
    dated = [(day, charge) for day, charge in zip(due_dates[: len(charges)], charges, strict=True) if charge]
    first = [Row(k + 1, day, charge, 0, charge, 0, plan.amount) for k, (day, charge) in enumerate(dated)]
    moved = [Row(row.number + len(first), *row[1:]) for row in plan.rows]
    return plan.altered((*first, *moved), amount=plan.amount, interest=plan.interest + sum(charges))


def _deferred(plan: Schedule, charge: int) -> Schedule:
    first = plan.rows[0]
    heavier = Row(
        first.number,
        first.due_on,
        first.amount + charge,
        first.principal,
        first.interest + charge,
        first.fees,
        first.balance,
    )
    return plan.altered((heavier, *plan.rows[1:]), amount=plan.amount, interest=plan.interest + charge)
