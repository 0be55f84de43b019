"""Rates of return of dated or regular cash flows, and the classic time-value functions.

Where no rate exists the answer is None: a rate is only returned when the flows really cancel at it.
Floats, because the rate of a cash flow is irrational anyway; money itself stays whole elsewhere.
"""

import math
import sys
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from portal.core.errors import RateError

FLOWS_MAX = 10_000
_STEP = 0.02  # of log(1 + rate), when several rates may exist
_FAR = 60.0  # log(1 + rate) beyond this is no rate of anything
_LOSS = 14.0  # and -14 is the loss of all but a millionth
# What one flow may lose in rounding. Where growth passes 1/(that of all flows), the early ones are lost in the rounding
# error of the late ones: nothing shows any more that they cancel, so a rate below it would be invented.
_ROUNDING = sys.float_info.epsilon


def zero_between(f: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function crosses zero between two points at which its signs differ.

    Bisection made faster by the Illinois rule; ends when the interval is as small as floats allow.
    """
    at_low, at_high = f(low), f(high)
    side = 0
    for _ in range(300):
        if abs(high - low) <= 1e-15 * (1 + abs(low) + abs(high)) or at_low == at_high:
            break
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = f(middle)
        if value == 0:
            return middle
        if (value < 0) == (at_low < 0):
            low, at_low = middle, value
            at_high, side = (at_high / 2, -1) if side == -1 else (at_high, -1)
        else:
            high, at_high = middle, value
            at_low, side = (at_low / 2, 1) if side == 1 else (at_low, 1)
    return low if abs(f(low)) < abs(f(high)) else high


def zero_of(amounts: Sequence[float], times: Sequence[float]) -> float | None:
    """Return x = log(1 + rate) at which the sum of amount * exp(-x * time) is zero; None if there is none.

    When the flows, ordered by time, change sign once, the rate is unique. Otherwise: the rate at which
    whoever paid first loses by a higher one (the value changes to the sign of the first flow), nearest to
    no interest. Times are in the unit of the rate wanted and may have any origin.
    Raises `RateError` for more than 10,000 flows.
    """
    if len(amounts) > FLOWS_MAX or len(amounts) != len(times):
        raise RateError("give up to 10,000 amounts and as many times")
    ordered = sorted((time, amount) for time, amount in zip(times, amounts, strict=True) if amount)
    changes = sum((a < 0) != (b < 0) for (_, a), (_, b) in pairwise(ordered))
    span = ordered[-1][0] - ordered[0][0] if ordered else 0.0
    if not changes or not span:
        return None
    origin, sign = ordered[0][0], -1.0 if ordered[0][1] > 0 else 1.0
    flows = [(time - origin, amount * sign) for time, amount in ordered]

    def value(x: float) -> float:
        return math.fsum(amount * math.exp(-x * time) for time, amount in flows)

    blind = -math.log(len(flows) * _ROUNDING)
    low, high = -min(_LOSS, blind / span), min(_FAR, 600 / span)
    found = _only(value, low, high) if changes == 1 else _nearest(value, low, high)
    if found is None:
        return None
    size = math.fsum(abs(amount) * math.exp(-found * time) for time, amount in flows)
    return found if abs(value(found)) <= 1e-9 * size else None


def _only(value: Callable[[float], float], low: float, high: float) -> float | None:
    reach = 0.25
    while reach < 2 * max(-low, high):
        reach *= 2
        near, far = max(low, -reach), min(high, reach)
        if (value(near) < 0) != (value(far) < 0):
            return zero_between(value, near, far)
    return None


def _nearest(value: Callable[[float], float], low: float, high: float) -> float | None:
    """Return the falling zero (first flow negative) nearest to x = 0, else the nearest rising one."""
    first, last = -int(-low / _STEP), int(high / _STEP)
    values = [value(k * _STEP) for k in range(first, last + 1)]
    crossings = [
        (k, before >= 0)
        for k, (before, after) in enumerate(pairwise(values), first)
        if (before < 0) != (after < 0)
    ]
    if not crossings:
        return None
    k, _ = min(crossings, key=lambda crossing: (not crossing[1], abs(crossing[0] + 0.5)))
    return zero_between(value, k * _STEP, (k + 1) * _STEP)


def xirr(flows: Sequence[tuple[date, float]], *, days_in_year: float = 365.0) -> float | None:
    """Return the effective annual rate of dated flows (money out negative), 0.1 for 10 %; None if none exists.

    Actual days over 365 by default; order does not matter. Raises `RateError` for more than 10,000 flows.
    """
    if not flows:
        return None
    start = min(day for day, _ in flows)
    times = [(day - start).days / days_in_year for day, _ in flows]
    found = zero_of([amount for _, amount in flows], times)
    return None if found is None else math.expm1(found)


def irr(amounts: Sequence[float]) -> float | None:
    """Return the rate per period of flows at periods 0, 1, 2 …; None if none exists."""
    found = zero_of(amounts, [float(k) for k in range(len(amounts))])
    return None if found is None else math.expm1(found)


def _growth(rate: float, periods: float) -> tuple[float, float]:
    """Return (1+rate)^periods and the value of 1 a period at the end."""
    if rate == 0:
        return 1.0, periods
    grown = math.expm1(periods * math.log1p(rate))
    return grown + 1, grown / rate


def fv(*, rate: float, periods: float, payment: float, present: float, at_start: bool = False) -> float:
    """Return the future value of a present sum and equal payments; money paid out is negative."""
    grown, summed = _growth(rate, periods)
    return -(present * grown + payment * (1 + rate * at_start) * summed)


def pv(*, rate: float, periods: float, payment: float, future: float = 0.0, at_start: bool = False) -> float:
    """Return the present value of equal payments and a future sum."""
    grown, summed = _growth(rate, periods)
    return -(future + payment * (1 + rate * at_start) * summed) / grown


def pmt(*, rate: float, periods: float, present: float, future: float = 0.0, at_start: bool = False) -> float:
    """Return the payment per period that turns a present sum into a future one. Raises `RateError` for 0 periods."""
    grown, summed = _growth(rate, periods)
    if not summed:
        raise RateError("no payment exists over no periods")
    return -(future + present * grown) / ((1 + rate * at_start) * summed)


def nper(
    *, rate: float, payment: float, present: float, future: float = 0.0, at_start: bool = False
) -> float | None:
    """Return the number of periods until a present sum becomes a future one; None when it never does."""
    if rate == 0:
        return -(future + present) / payment if payment else None
    factor = payment * (1 + rate * at_start) / rate
    if present + factor == 0 or (factor - future) / (present + factor) <= 0:
        return None
    return math.log((factor - future) / (present + factor)) / math.log1p(rate)


def rate_of(
    *, periods: int, payment: float, present: float, future: float = 0.0, at_start: bool = False
) -> float | None:
    """Return the rate per period of equal payments; None if none exists."""
    flows = [present] + [0.0] * periods
    for k in range(periods):
        flows[k if at_start else k + 1] += payment
    flows[-1] += future
    return irr(flows)


def npv(*, rate: float, amounts: Sequence[float]) -> float:
    """Return the value at period 0 of flows at periods 0, 1, 2 and so on."""
    return math.fsum(amount * (1 + rate) ** -k for k, amount in enumerate(amounts))


def xnpv(*, rate: float, flows: Sequence[tuple[date, float]], days_in_year: float = 365.0) -> float:
    """Return the value, on the day of the first one, of dated flows at an effective annual rate."""
    start = min((day for day, _ in flows), default=date.min)
    return math.fsum(amount * (1 + rate) ** -((day - start).days / days_in_year) for day, amount in flows)


def mirr(*, amounts: Sequence[float], finance_rate: float, reinvest_rate: float) -> float | None:
    """Return the modified rate of return per period: money out financed at one rate, money in reinvested at another.

    None where all flows have one sign.
    """
    last = len(amounts) - 1
    spent = -npv(rate=finance_rate, amounts=[min(0.0, amount) for amount in amounts])
    earned = npv(rate=reinvest_rate, amounts=[max(0.0, amount) for amount in amounts])
    if last < 1 or spent <= 0 or earned <= 0:
        return None
    return float((earned / spent) ** (1 / last)) * (1 + reinvest_rate) - 1


def ipmt(
    *, rate: float, period: int, periods: int, present: float, future: float = 0.0, at_start: bool = False
) -> float:
    """Return the interest part of payment `period` (from 1) of an annuity.

    Paid at the start of each period, the first payment bears none.
    """
    if at_start and period == 1:
        return 0.0
    payment = pmt(rate=rate, periods=periods, present=present, future=future, at_start=at_start)
    owed = fv(rate=rate, periods=period - 1, payment=payment, present=present, at_start=at_start)
    return owed * rate / (1 + rate * at_start)


def ppmt(
    *, rate: float, period: int, periods: int, present: float, future: float = 0.0, at_start: bool = False
) -> float:
    """Return the principal part of payment `period` (from 1) of an annuity."""
    payment = pmt(rate=rate, periods=periods, present=present, future=future, at_start=at_start)
    return payment - ipmt(
        rate=rate, period=period, periods=periods, present=present, future=future, at_start=at_start
    )
