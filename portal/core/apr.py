"""The annual percentage rate as regulators define it.

US: 12 CFR 1026 (Regulation Z) appendix J, the actuarial method: nominal, by unit periods, odd days at simple
interest. EU and UK: Directive 2008/48/EC annex I and FCA CONC app 1.2: effective annual, time in years.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from portal.core.calendar import add_months, month_length
from portal.core.errors import RateError
from portal.core.xirr import zero_between, zero_of

UnitKind = Literal["day", "week", "semi_month", "month", "year"]


class Transfer(NamedTuple):
    """Money on a day, in any one unit (minor units or a decimal)."""

    on: date
    amount: float


class UnitPeriod(NamedTuple):
    """The interval that occurs most often between payments: `multiple` times a day, week, half month, month."""

    kind: UnitKind
    multiple: int = 1

    @property
    def per_year(self) -> Fraction:
        """Unit periods in a year: 12 months, 52 weeks, 24 half months, 365 days, over the multiple."""
        return Fraction(_PER_YEAR[self.kind], self.multiple)


_PER_YEAR: dict[UnitKind, int] = {"day": 365, "week": 52, "semi_month": 24, "month": 12, "year": 1}
_DAYS: dict[UnitKind, int] = {"day": 1, "week": 7, "semi_month": 15, "month": 30, "year": 365}


def unit_periods_between(start: date, end: date, unit: UnitPeriod) -> tuple[int, Fraction]:
    """Return the whole unit periods from `start` to `end`, counted back from `end`, and the odd fraction.

    Odd days count as days/30 of a month, /7 of a week, /15 of a half month; of a year, months/12 and days/365.
    Source: appendix J (b)(5).
    """
    if unit.kind in {"day", "week"}:
        whole, odd = divmod((end - start).days, _DAYS[unit.kind] * unit.multiple)
        return whole, Fraction(odd, _DAYS[unit.kind] * unit.multiple)
    step = {"month": unit.multiple, "year": 12 * unit.multiple, "semi_month": 1}[unit.kind]
    months = (end.year - start.year) * 12 + end.month - start.month
    if _back(end, months) < start:
        months -= 1
    odd_days = (_back(end, months) - start).days
    if unit.kind == "semi_month":
        halves, odd_days = divmod(odd_days, 15)
        whole, rest = divmod(months * 2 + min(halves, 1), unit.multiple)
        return whole, Fraction(rest * 15 + odd_days, 15 * unit.multiple)
    whole, rest = divmod(months, step)
    if unit.kind == "year":
        return whole, Fraction(rest, step) + Fraction(odd_days, 365 * unit.multiple)
    return whole, Fraction(rest * 30 + odd_days, 30 * step)


def _back(end: date, months: int) -> date:
    is_month_end = end.day == month_length(end.year, end.month)
    return add_months(end, -months, day=31 if is_month_end and end.day >= 30 else end.day)


def apr_us(*, advances: Sequence[Transfer], payments: Sequence[Transfer], unit: UnitPeriod) -> float | None:
    """Return the US annual percentage rate, 0.1182 for 11.82 %; None when no rate above -100 % fits.

    Time runs from the first advance. Each advance and payment stands for
    amount / ((1 + fraction * i) * (1 + i)^whole), the rate is i times the unit periods of a year.
    Raises `RateError` without an advance or a payment. Source: appendix J (b).
    """
    if not advances or not payments:
        raise RateError("an APR needs an advance and a payment")
    start = min(transfer.on for transfer in advances)
    first = min(transfer.on for transfer in payments)
    flows = [(-t.amount, *unit_periods_between(start, t.on, unit)) for t in advances]
    flows += [(t.amount, *_from_first(start, first, t.on, unit)) for t in payments]

    def value(i: float) -> float:
        return math.fsum(a / ((1 + float(odd) * i) * (1 + i) ** whole) for a, whole, odd in flows)

    found = _bracketed(value)
    return None if found is None else found * float(unit.per_year)


def _from_first(start: date, first: date, day: date, unit: UnitPeriod) -> tuple[int, Fraction]:
    """Return whole and odd unit periods from the first advance to a payment, by way of the first payment."""
    whole, odd = unit_periods_between(start, first, unit)
    more, rest = unit_periods_between(first, day, unit)
    extra, odd = divmod(odd + rest, 1)
    return whole + more + extra, odd


def _bracketed(value: Callable[[float], float]) -> float | None:
    low, high = -0.5, 0.5
    for _ in range(20):
        if (value(low) < 0) != (value(high) < 0):
            return zero_between(value, low, high)
        low, high = (low - 1) / 2, high * 4
    return None


def apr_effective(*, flows: Sequence[tuple[float, float]]) -> float | None:
    """Return the EU and UK rate of (years from the first drawdown, amount) pairs, advances negative.

    Effective annual: the X at which the sum of amount * (1+X)^(-years) is zero; 0.064 for 6.4 %. Whole
    months are k/12, days are over 365 (366 and 365.25 where a source says so). None if no rate exists.
    """
    found = zero_of([amount for _, amount in flows], [years for years, _ in flows])
    return None if found is None else math.expm1(found)


def apr_effective_dated(
    *, advances: Sequence[Transfer], payments: Sequence[Transfer], days_in_year: float = 365.0
) -> float | None:
    """Return the EU and UK rate of dated transfers, actual days over `days_in_year`. See `apr_effective`."""
    if not advances or not payments:
        raise RateError("an APR needs an advance and a payment")
    start = min(transfer.on for transfer in advances)
    flows = [((t.on - start).days / days_in_year, -t.amount) for t in advances]
    flows += [((t.on - start).days / days_in_year, t.amount) for t in payments]
    return apr_effective(flows=flows)
