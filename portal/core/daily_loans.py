"""Short-term loans with a daily rate: the smallest level payment, add-on interest, a cap on all interest.

Convention: interest of a period = balance * daily rate * days, rounded by the loan's own rule; total
interest never exceeds the cap; the level payment is the smallest whose final payment is not larger.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from portal.core.errors import ScheduleError
from portal.core.rates import Interest
from portal.core.rows import InterestRounding, Row, Schedule, interest_of
from portal.core.schedule import level_exact

_ROUNDS_MAX = 100


class _Terms(NamedTuple):
    amount: int
    due_dates: Sequence[date]
    interest: Interest
    rounding: InterestRounding
    cap: int | None


def capped_level(
    *,
    amount: int,
    due_dates: Sequence[date],
    interest: Interest,
    interest_rounding: InterestRounding = "half_even",
    interest_cap: int | None = None,
) -> Schedule:
    """Return the schedule with the smallest level payment whose final payment does not exceed it.

    `interest_cap` is the most interest the whole schedule may bear, in minor units: the row that would
    cross it is trimmed and later rows bear none. Raises `ScheduleError` for an amount below 1.
    """
    if amount < 1 or not due_dates:
        raise ScheduleError("amount and the number of dates start at 1")

    terms = _Terms(amount, due_dates, interest, interest_rounding, interest_cap)
    up, down = level_exact(amount=amount, interest=interest)
    payment = _smallest(terms, -(-up // down))
    rows = _actuarial(terms, payment)
    return Schedule(tuple(rows), amount, sum(row.interest for row in rows), payment)


def _actuarial(
    terms: _Terms,
    payment: int,
) -> list[Row]:
    rows: list[Row] = []
    balance, borne = terms.amount, 0
    for k, due_on in enumerate(terms.due_dates):
        charge = interest_of(
            balance, terms.interest.numerators[k], terms.interest.denominator, terms.rounding
        )
        if terms.cap is not None:
            charge = min(charge, terms.cap - borne)
        borne += charge
        owed = balance + charge
        now = owed if k + 1 == len(terms.due_dates) else min(payment, owed)
        balance = owed - now
        rows.append(Row(k + 1, due_on, now, now - charge, charge, 0, balance))
        if not balance:
            break
    return rows


def _smallest(terms: _Terms, guess: int) -> int:
    """Return the smallest payment whose last row is not larger, searched from a guess near it."""
    low, high = 0, max(1, guess)
    while _actuarial(terms, high)[-1].amount > high:
        low, high = high, high * 2
    step = 1
    while high - step > low and _actuarial(terms, high - step)[-1].amount <= high - step:
        high -= step
        step *= 2
    low = max(low, high - step)
    while high - low > 1:
        middle = (low + high) // 2
        if _actuarial(terms, middle)[-1].amount <= middle:
            high = middle
        else:
            low = middle
    return high


def add_on(
    *, amount: int, due_dates: Sequence[date], interest: Interest, interest_cap: int | None = None
) -> Schedule:
    """Return the schedule of add-on interest: all interest is fixed at the start and paid before principal.

    The sum fixed is the one that accrues, unrounded, on the principal balances of this very schedule: found
    by repeating from the simple interest of the whole term until two sums lie within one unit (rounded
    down). Payments are (amount + interest) / n rounded up; the last row takes the remainder.
    Raises `ScheduleError` for an amount below 1 or no date.
    """
    if amount < 1 or not due_dates:
        raise ScheduleError("amount and the number of dates start at 1")
    cap = None if interest_cap is None else interest_cap * interest.denominator
    terms = _Terms(amount, due_dates, interest, "down", cap)
    unit, count = interest.denominator, len(due_dates)
    borne = _at_most(amount * sum(interest.numerators), cap) // unit * unit
    borne, _ = _accrued(terms, borne)
    for _ in range(_ROUNDS_MAX):
        accrued, left = _accrued(terms, borne)
        if 0 <= borne - accrued < unit and -count <= left <= 0:
            break
        borne = accrued
    return _interest_first(terms, borne // unit, _payment(terms, borne))


def _at_most(value: int, cap: int | None) -> int:
    return value if cap is None else min(value, cap)


def _payment(terms: _Terms, borne: int) -> int:
    unit = terms.interest.denominator
    return -(-(terms.amount * unit + borne) // (unit * len(terms.due_dates)))


def _accrued(terms: _Terms, borne: int) -> tuple[int, int]:
    """Return what accrues, times the denominator, and the principal left, when `borne` is paid first."""
    payment = _payment(terms, borne)
    owed, balance, total = borne // terms.interest.denominator, terms.amount, 0
    for numerator in terms.interest.numerators:
        total = _at_most(total + balance * numerator, terms.cap)
        to_interest = min(payment, owed)
        owed -= to_interest
        balance -= payment - to_interest
    return total, balance


def _interest_first(terms: _Terms, owed: int, payment: int) -> Schedule:
    rows: list[Row] = []
    balance, fixed = terms.amount, owed
    for number, due_on in enumerate(terms.due_dates, 1):
        now = balance + owed if number == len(terms.due_dates) else min(payment, balance + owed)
        to_interest = min(now, owed)
        owed -= to_interest
        balance -= now - to_interest
        rows.append(Row(number, due_on, now, now - to_interest, to_interest, 0, balance))
        if not balance:
            break
    return Schedule(tuple(rows), terms.amount, fixed, payment)
