"""What terms are applied to: the debt's parts, the rounding, and the dates. Terms + frame = schedule."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.core.calendar import BusinessDayRule, Frequency, due_dates
from portal.core.daycount import DayCount
from portal.core.money import share
from portal.core.plans.grammar import WHOLE, Terms, Waived

NOTHING = Waived()
_BLOCK = 60  # dates are made for whole blocks and shared


@dataclass(frozen=True, kw_only=True, slots=True)
class Debt:
    """One account's part of the frame, in minor units."""

    account_ref: str
    principal: int
    interest: int
    fees: int
    apr_ppm: int = 0

    @property
    def balance(self) -> int:
        """All that is owed on it."""
        return self.principal + self.interest + self.fees


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Debts, rounding and dates of one slice of plans (one rhythm, one first date).

    `installment_min` and `affordable` are per payment of `freq`; `lattice` rounds installments and reduced sums,
    `down_lattice` down payments; `down_on` is the day a down payment falls due; `listed` are the days of a pay
    calendar, the first of them `first_on`: payments fall on them, and behind the last one the rhythm goes on.
    """

    currency: str
    debts: tuple[Debt, ...]
    freq: Frequency
    as_of: date
    first_on: date
    down_on: date
    due_day: int | None = None
    lattice: int = 1
    down_lattice: int = 1
    installment_min: int = 1
    affordable: int = 0
    pay_min: int = 1
    day_count: DayCount = "actual/365"
    business_day: BusinessDayRule = "none"
    holidays: frozenset[date] = frozenset()
    listed: tuple[date, ...] = ()
    order: str = ""
    residual_waived: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def fees(self) -> int:
        """Fees of all debts."""
        return sum(debt.fees for debt in self.debts)

    @property
    def interest(self) -> int:
        """Interest of all debts."""
        return sum(debt.interest for debt in self.debts)

    @property
    def principal(self) -> int:
        """Principal of all debts."""
        return sum(debt.principal for debt in self.debts)

    @property
    def balance(self) -> int:
        """All that is owed on all debts."""
        return sum(debt.balance for debt in self.debts)

    def dates(self, count: int, *, after_down: bool = False) -> tuple[date, ...]:
        """Return the due dates of `count` payments; behind a down payment only those later than its day."""
        if after_down and self.dates(1)[0] <= self.down_on:
            return tuple(day for day in self.dates(count + 2) if day > self.down_on)[:count]
        whole = -(-count // _BLOCK) * _BLOCK
        return _dates(
            first_on=self.first_on,
            freq=self.freq,
            due_day=self.due_day,
            rule=self.business_day,
            holidays=self.holidays,
            listed=self.listed,
            count=whole,
        )[:count]


@lru_cache(maxsize=512)
def _dates(
    *,
    first_on: date,
    freq: Frequency,
    due_day: int | None,
    rule: BusinessDayRule,
    holidays: frozenset[date],
    listed: tuple[date, ...],
    count: int,
) -> tuple[date, ...]:
    if not listed:
        return due_dates(
            first_on=first_on, frequency=freq, count=count, due_day=due_day, rule=rule, holidays=holidays
        )
    last = listed[-1]
    later = due_dates(first_on=last, frequency=freq, count=count + 1, rule=rule, holidays=holidays)
    return (*listed, *(day for day in later if day > last))[:count]


def ceil_share(amount: int, bp: int, lattice: int) -> int:
    """Return amount * bp / 10,000, rounded up to the lattice."""
    return -(-amount * bp // (WHOLE * lattice)) * lattice


def waived_of(terms: Terms, frame: Frame) -> Waived:
    """Return what the terms give up of each component, over all debts (see `waived_by_debt`)."""
    if not terms.waives:
        return NOTHING
    parts = waived_by_debt(terms, frame)
    return Waived(
        principal=sum(part.principal for part in parts),
        interest=sum(part.interest for part in parts),
        fees=sum(part.fees for part in parts),
    )


def waived_by_debt(terms: Terms, frame: Frame) -> tuple[Waived, ...]:
    """Return what the terms give up of each debt: fees first, then interest, then principal.

    A share of the whole leaves a sum rounded up to the lattice and takes the same share of every debt; a share
    of one component is all of it or is rounded down to the lattice, so that the same terms scale exactly.
    """
    if terms.waiver_bp:
        kept = min(frame.balance, ceil_share(frame.balance, WHOLE - terms.waiver_bp, frame.lattice))
        parts = share(frame.balance - kept, [debt.balance for debt in frame.debts])
        return tuple(_in_order(debt, part) for debt, part in zip(frame.debts, parts, strict=True))
    g = frame.lattice
    fees = _shared(_part(frame.fees, terms.waive_fees_bp, g), [d.fees for d in frame.debts])
    interest = _shared(_part(frame.interest, terms.waive_interest_bp, g), [d.interest for d in frame.debts])
    principal = _shared(
        _part(frame.principal, terms.waive_principal_bp, g), [d.principal for d in frame.debts]
    )
    return tuple(
        Waived(fees=f, interest=i, principal=p) for f, i, p in zip(fees, interest, principal, strict=True)
    )


def _shared(total: int, weights: list[int]) -> tuple[int, ...]:
    return share(total, weights) if total else (0,) * len(weights)


def _part(amount: int, bp: int, lattice: int) -> int:
    return amount if bp == WHOLE else amount * bp // (WHOLE * lattice) * lattice


def _in_order(debt: Debt, waived: int) -> Waived:
    fees = min(waived, debt.fees)
    interest = min(waived - fees, debt.interest)
    return Waived(fees=fees, interest=interest, principal=waived - fees - interest)
