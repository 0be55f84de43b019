"""An exact 24-row schedule against a bare integer loop and against pyxirr's ipmt and ppmt."""

from datetime import date
from decimal import Decimal

import pyxirr

from benchmarks.measure import interleaved, line, microseconds, ratio
from portal.core.calendar import due_dates, spaced
from portal.core.rates import by_days, whole_periods
from portal.core.schedule import level, zero_rate

AMOUNT, PAYMENT, ROWS = 500_000, 23_537, 24
DATES = spaced(first_on=date(2026, 12, 1), count=ROWS, months=1)
MONTHS = whole_periods(annual_rate=Decimal("0.12"), periods_per_year=12, count=ROWS)
DAYS = by_days(
    annual_rate=Decimal("0.12"), start_on=date(2026, 11, 1), due_dates=DATES, day_count="actual/365"
)


def bare_loop() -> list[tuple[int, date, int, int, int, int]]:
    """The least that 24 rows with half-even interest need, the payment being known already."""
    balance, rows = AMOUNT, []
    for number, due_on in enumerate(DATES, 1):
        scaled = balance + 50
        interest = scaled // 100
        if interest & 1 and not scaled % 100:
            interest -= 1
        paid = PAYMENT if number < ROWS else balance + interest
        balance -= paid - interest
        rows.append((number, due_on, paid, paid - interest, interest, balance))
    return rows


def by_pyxirr() -> list[tuple[float, float]]:
    """Twenty-four rows of interest and principal in floats, in compiled code."""
    return [
        (pyxirr.ipmt(0.01, k, ROWS, -AMOUNT), pyxirr.ppmt(0.01, k, ROWS, -AMOUNT)) for k in range(1, ROWS + 1)
    ]


def run() -> bool:
    """Print the ratios."""
    sides = [
        lambda: level(amount=AMOUNT, due_dates=DATES, interest=MONTHS),
        lambda: level(amount=AMOUNT, due_dates=DATES, interest=DAYS),
        lambda: zero_rate(amount=AMOUNT, due_dates=DATES),
        lambda: due_dates(first_on=date(2026, 1, 31), frequency="monthly", count=ROWS),
        bare_loop,
        by_pyxirr,
    ]
    whole, daily, free, stepped, bare, compiled = interleaved(sides, times=400)
    good = True
    for what, ours, theirs, goal in (
        ("level, whole months / bare integer loop", whole, bare, 3.0),
        ("level, actual days / bare integer loop", daily, bare, 3.5),
        ("zero rate / bare integer loop", free, bare, 3.0),
        ("level, whole months / pyxirr ipmt + ppmt", whole, compiled, 1.0),
        ("zero rate / pyxirr ipmt + ppmt", free, compiled, 1.0),
        ("24 anchored dates / bare integer loop", stepped, bare, 10.0),
    ):
        found = ratio(ours, theirs)
        figures = (microseconds(ours), microseconds(theirs))
        good = line(what, *figures, found, f"<= {goal:g}", holds=found <= goal) and good
    return good
