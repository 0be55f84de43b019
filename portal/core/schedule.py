"""Schedules of dated payments, exact to the minor unit.

All amounts are whole minor units of one currency. Every function takes the due dates and the interest per
period ready-made (`calendar`, `rates`), so the same dates and rates give the same bytes everywhere.

Invariant S0 of every offered schedule (rounding `up_last_absorbs`): payments add up to amount + interest,
each payment is above zero, the last is not larger than the level (a declared balloon apart), dates strictly
increase, the balance after the last is zero. The other roundings reproduce a lender's existing schedule:
exactly one row per date, the last row takes the remainder and may be larger.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count
from operator import ge

from portal.core.calendar import DueDates
from portal.core.errors import ScheduleError
from portal.core.rates import Interest
from portal.core.rows import (
    ROWS_MAX,
    InterestRounding,
    Rounding,
    Row,
    Schedule,
    Shape,
    interest_of,
    rounding_of,
)

__all__ = [
    "InterestRounding",
    "Rounding",
    "Row",
    "Schedule",
    "Shape",
    "follow",
    "level",
    "level_exact",
    "step_up",
    "with_down_payment",
    "zero_rate",
    "zero_rate_shape",
]

_RAISES_MAX = 10_000


# amount, due dates, interest, balloon, rounding of interest: a plain tuple, because the loop below is hot
_Terms = tuple[int, Sequence[date], Interest, int, InterestRounding]


def zero_rate_shape(*, amount: int, payments: int, lattice: int = 1, installment_min: int = 0) -> Shape:
    """Return the shape of `amount` paid in at most `payments` equal payments, rounded up to the lattice.

    level = ceil to lattice of amount / payments; fewer may do. Tail rule: while the last payment
    is below min(installment_min, level) the lattice shrinks (500, 100, 20, 4, 1). Raises `ScheduleError`
    when amount, payments or lattice is below 1. Source: ENGINE 2.1 and 2.4.
    """
    if amount < 1 or payments < 1 or lattice < 1:
        raise ScheduleError("amount, payments and lattice start at 1")
    step = lattice
    while True:
        level_amount = -(-amount // (payments * step)) * step
        needed = -(-amount // level_amount)
        last = amount - (needed - 1) * level_amount
        if step == 1 or last >= min(installment_min, level_amount):
            return Shape(level_amount, needed, last, step)
        step = max(1, step // 5)


def zero_rate(
    *, amount: int, due_dates: Sequence[date], lattice: int = 1, installment_min: int = 0
) -> Schedule:
    """Return the schedule of `amount` without interest over at most `len(due_dates)` equal payments.

    Rounded up to the lattice with the tail rule (`zero_rate_shape`); S0 holds. Raises `ScheduleError`.
    """
    _check(amount, due_dates, lattice)
    shape = zero_rate_shape(
        amount=amount, payments=len(due_dates), lattice=lattice, installment_min=installment_min
    )
    rows: list[Row] = []
    balance, new = amount, tuple.__new__
    for number in range(1, shape.payments + 1):
        paid = shape.level if number < shape.payments else shape.last
        balance -= paid
        rows.append(new(Row, (number, due_dates[number - 1], paid, paid, 0, 0, balance)))
    return Schedule(tuple(rows), amount, 0, shape.level, shape.lattice)


def level(
    *,
    amount: int,
    due_dates: Sequence[date],
    interest: Interest,
    lattice: int = 1,
    installment_min: int = 0,
    balloon: int = 0,
    rounding: Rounding = "up_last_absorbs",
    interest_rounding: InterestRounding = "half_even",
) -> Schedule:
    """Return the schedule of equal payments, an annuity over equal or unequal periods.

    level = (amount - balloon * v^n) / sum over k of the product over j <= k of 1/(1+i_j), worked out
    exactly and then rounded to the lattice. `up_last_absorbs`: while the last payment (less the balloon)
    is above the level the level grows by the lattice, then the tail rule; rows may be fewer than dates.
    Other roundings keep one row per date. `interest` has one entry per date.
    Raises `ScheduleError` for amount, lattice < 1, balloon outside 0..amount-1, or dates that do not
    increase. Source: ENGINE 2.1, 2.4.
    """
    _check(amount, due_dates, lattice, interest)
    if not 0 <= balloon < amount:
        raise ScheduleError("a balloon is smaller than the amount")
    terms = (amount, due_dates, interest, balloon, interest_rounding)
    exact = level_exact(amount=amount, interest=interest, balloon=balloon)
    if rounding != "up_last_absorbs":
        return _fixed(terms, _rounded(Fraction(*exact), lattice, rounding), lattice)
    step = lattice
    while True:
        plan = _raised(terms, exact, step)
        if step == 1 or plan.last - balloon >= min(installment_min, plan.level):
            return plan
        step = max(1, step // 5)


def level_exact(*, amount: int, interest: Interest, balloon: int = 0) -> tuple[int, int]:
    """Return the exact unrounded level payment as numerator and denominator, for `level`'s terms.

    With D the common denominator and A_k the product of (D + n_j), j <= k: (amount*A_n - balloon*D^n) / N_n
    where N_k = N_(k-1)*(D + n_k) + D^k. Equal periods use the closed form.
    """
    denominator, numerators = interest
    first, periods = numerators[0], len(numerators)
    if first and numerators.count(first) == periods:
        grown, power = (denominator + first) ** periods, denominator**periods
        return (amount * grown - balloon * power) * first, (grown - power) * denominator
    grown, power, sums = 1, 1, 0
    for numerator in numerators:
        power *= denominator
        grown *= denominator + numerator
        sums = sums * (denominator + numerator) + power
    return amount * grown - balloon * power, sums


def _rounded(exact: Fraction, lattice: int, rounding: Rounding) -> int:
    steps = exact / lattice
    if rounding == "half_even":
        return round(steps) * lattice
    return int(steps if rounding == "down" else steps + Fraction(1, 2)) * lattice


def _raised(terms: _Terms, exact: tuple[int, int], step: int) -> Schedule:
    up, down = exact
    amount, balloon = terms[0], terms[3]
    payment = -(-up // (down * step)) * step
    for _ in range(_RAISES_MAX):
        rows, paid = _run(terms, payment)
        if rows[-1][2] - balloon <= payment:
            return Schedule(rows, amount, paid, payment, step)
        payment += step
    raise ScheduleError("the rate is too high for any level payment")


def _run(terms: _Terms, payment: int) -> tuple[tuple[Row, ...], int]:
    """Pay `payment` until what is left fits into one or the dates end; return rows and interest.

    The hot loop: plain integers, `interest_of` written out, rows made without calling their class.
    """
    balance, due_dates, (denominator, numerators), balloon, mode = terms
    bias, tie = rounding_of(denominator, mode)
    limit, new, kind = payment + balloon, tuple.__new__, Row
    rows: list[Row] = []
    add = rows.append
    for number, due_on, numerator in zip(count(1), due_dates, numerators, strict=False):
        scaled = balance * numerator + bias
        charge = scaled // denominator
        if charge & 1 and not scaled % tie:
            charge -= 1
        owed = balance + charge
        if owed <= limit:
            add(new(kind, (number, due_on, owed, balance, charge, 0, 0)))
            break
        balance = owed - payment
        add(new(kind, (number, due_on, payment, payment - charge, charge, 0, balance)))
    else:
        owed = payment + balance
        rows[-1] = new(kind, (number, due_on, owed, owed - charge, charge, 0, 0))
    return tuple(rows), (len(rows) - 1) * payment + owed - terms[0]


def _fixed(terms: _Terms, payment: int, lattice: int) -> Schedule:
    rows: list[Row] = []
    balance, due_dates, interest, balloon, mode = terms
    paid = 0
    for number, (due_on, numerator) in enumerate(zip(due_dates, interest.numerators, strict=True), 1):
        charge = interest_of(balance, numerator, interest.denominator, mode)
        owed = balance + charge
        now = owed if number == len(due_dates) else min(payment, max(owed - balloon, 0))
        balance, paid = owed - now, paid + charge
        rows.append(Row(number, due_on, now, now - charge, charge, 0, balance))
    return Schedule(tuple(rows), terms[0], paid, payment, lattice)


def step_up(
    *,
    amount: int,
    due_dates: Sequence[date],
    interest: Interest,
    every: int,
    step: Decimal,
    lattice: int = 1,
) -> Schedule:
    """Return the schedule whose payment grows by the share `step` after each `every` payments.

    p_j = p_1 * (1+step)^floor((j-1)/every), each taken from the unrounded p_1 and rounded up to the
    lattice; the last row takes the remainder. `level` is the highest regular payment reached.
    Raises `ScheduleError` for every < 1 or a step outside 0..10. Source: ENGINE 2.1, 2.4.
    """
    _check(amount, due_dates, lattice, interest)
    if every < 1 or not 0 <= step <= 10:
        raise ScheduleError("a step-up needs every >= 1 and a step between 0 and 10")
    growth = 1 + Fraction(step)
    worth, value = Fraction(0), Fraction(1)
    for k in range(len(due_dates)):
        value /= 1 + interest.fraction(k)
        worth += growth ** (k // every) * value
    first = amount / worth
    extra = 0
    while True:
        payments = [
            -(-first * growth ** (k // every) // lattice) * lattice + extra for k in range(len(due_dates))
        ]
        plan = follow(amount=amount, due_dates=due_dates, payments=payments, interest=interest)
        if plan.last <= payments[len(plan.rows) - 1]:
            return Schedule(plan.rows, amount, plan.interest, max(plan.amounts), lattice)
        extra += lattice


def follow(
    *,
    amount: int,
    due_dates: Sequence[date],
    payments: Sequence[int],
    interest: Interest,
    interest_rounding: InterestRounding = "half_even",
) -> Schedule:
    """Return the schedule that pays the given amounts on the given dates; the last row takes what is left.

    Rows end early when the balance does. A payment below the interest due makes the balance grow.
    Raises `ScheduleError` when a payment is below 1 or the lengths differ.
    """
    _check(amount, due_dates, 1, interest)
    if len(payments) != len(due_dates) or min(payments) < 1:
        raise ScheduleError("give one payment above zero for each date")
    rows: list[Row] = []
    balance, paid = amount, 0
    for k, (due_on, payment) in enumerate(zip(due_dates, payments, strict=True)):
        charge = interest_of(balance, interest.numerators[k], interest.denominator, interest_rounding)
        owed = balance + charge
        now = owed if k + 1 == len(payments) else min(payment, owed)
        balance, paid = owed - now, paid + charge
        rows.append(Row(k + 1, due_on, now, now - charge, charge, 0, balance))
        if not balance:
            break
    return Schedule(tuple(rows), amount, paid, max(row.amount for row in rows))


def with_down_payment(schedule: Schedule, *, amount: int, due_on: date) -> Schedule:
    """Return the schedule with a first row, number 0, that pays `amount` of principal on `due_on`.

    The given schedule covers the amount less the down payment (D is part of the amount, not on top).
    Raises `ScheduleError` when it is below 1 or not dated before the first row.
    """
    if amount < 1 or due_on >= schedule.rows[0].due_on:
        raise ScheduleError("a down payment is above zero and comes first")
    first = Row(0, due_on, amount, amount, 0, 0, schedule.amount)
    rows = (first, *schedule.rows)
    return schedule.altered(rows, amount=schedule.amount + amount, interest=schedule.interest)


def _check(amount: int, due_dates: Sequence[date], lattice: int, interest: Interest | None = None) -> None:
    if amount < 1 or lattice < 1:
        raise ScheduleError("amount and lattice start at 1")
    if not 1 <= len(due_dates) <= ROWS_MAX:
        raise ScheduleError(f"a schedule has 1 to {ROWS_MAX} dates")
    if type(due_dates) is not DueDates and any(map(ge, due_dates, due_dates[1:])):
        raise ScheduleError("due dates must strictly increase")
    if interest is not None and len(interest.numerators) != len(due_dates):
        raise ScheduleError("give the interest of each period")
