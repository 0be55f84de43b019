"""Interest per period as exact integers: a rate and a day count become one fraction per period.

Rates are decimals: 0.12 is 12 % a year. Nothing is rounded here.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from portal.core.daycount import DayCount, year_fraction
from portal.core.errors import RateError

RATE_MAX = Decimal(1000)  # 100,000 % a year: short-term lenders quote thousands


class Interest(NamedTuple):
    """Interest of each period as a share of the balance: `numerators[k] / denominator`.

    One denominator for all periods keeps the arithmetic in whole numbers.
    """

    denominator: int
    numerators: tuple[int, ...]

    @property
    def is_free(self) -> bool:
        """Whether no period bears interest."""
        return not any(self.numerators)

    def fraction(self, period: int) -> Fraction:
        """The share of period `period`, counted from 0."""
        return Fraction(self.numerators[period], self.denominator)

    def between(self, start: int, end: int | None = None) -> "Interest":
        """The same interest for the periods from `start` up to, not including, `end`."""
        return Interest(self.denominator, self.numerators[start:end])


def _checked(rate: Decimal) -> Fraction:
    if not isinstance(rate, Decimal) or not rate.is_finite() or not 0 <= rate <= RATE_MAX:
        raise RateError(f"{rate!r} is not a rate between 0 and {RATE_MAX}")
    return Fraction(rate)


def common(fractions: Sequence[Fraction]) -> Interest:
    """Return the interest of periods given as exact fractions, brought to one denominator."""
    denominator = lcm(1, *(part.denominator for part in fractions))
    return Interest(denominator, tuple(p.numerator * (denominator // p.denominator) for p in fractions))


def interest_free(count: int) -> Interest:
    """Return no interest for `count` periods."""
    return Interest(1, (0,) * count)


@lru_cache(maxsize=512)
def whole_periods(*, annual_rate: Decimal, periods_per_year: int, count: int) -> Interest:
    """Return the same interest for each period: annual rate / periods a year, whatever its days.

    0.12 with 12 periods is 0.01 each. Raises `RateError` for a rate outside 0..1000 or no period a year.
    """
    if periods_per_year < 1:
        raise RateError("a year has at least one period")
    part = _checked(annual_rate) / periods_per_year
    return Interest(part.denominator, (part.numerator,) * count)


def whole_months(*, annual_rate: Decimal, every: int, count: int) -> Interest:
    """Return annual rate * every / 12 for each period of `every` months. Raises `RateError`."""
    part = _checked(annual_rate) * every / 12
    return Interest(part.denominator, (part.numerator,) * count)


def by_days(
    *,
    annual_rate: Decimal,
    start_on: date,
    due_dates: Sequence[date],
    day_count: DayCount,
    closed: AbstractSet[date] = frozenset(),
) -> Interest:
    """Return annual rate * day-count fraction for each period, the first one from `start_on`.

    An odd first period simply has its own days; `closed` are the holidays of "business/252". Raises `RateError` for a
    rate outside 0..1000, an unknown day count, or dates that do not increase (the first may equal `start_on`).
    """
    rate = _checked(annual_rate)
    parts: list[Fraction] = []
    before = start_on
    for day in due_dates:
        if day < before or (parts and day == before):
            raise RateError("due dates must increase")
        parts.append(rate * year_fraction(before, day, day_count, closed=closed))
        before = day
    return common(parts)


def daily(*, daily_rate: Decimal, start_on: date, due_dates: Sequence[date]) -> Interest:
    """Return daily rate * days for each period, the first one from `start_on`. Raises `RateError`."""
    part = _checked(daily_rate)
    numerators = []
    before = start_on
    for day in due_dates:
        if day < before:
            raise RateError("due dates must increase")
        numerators.append(part.numerator * (day - before).days)
        before = day
    return Interest(part.denominator, tuple(numerators))


def effective_rate(nominal: float, periods_per_year: int) -> float:
    """Return the effective annual rate of a nominal one: (1 + nominal/m)^m - 1."""
    return float((1 + nominal / periods_per_year) ** periods_per_year - 1)


def nominal_rate(effective: float, periods_per_year: int) -> float:
    """Return the nominal annual rate of an effective one: m * ((1 + effective)^(1/m) - 1)."""
    return float(periods_per_year * ((1 + effective) ** (1 / periods_per_year) - 1))
