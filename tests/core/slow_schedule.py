"""An independent, slow check of schedules: fractions only, no code of the engine."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise


def half_even(value: Fraction) -> int:
    """Round by looking at the two neighbors."""
    low = value.numerator // value.denominator
    distance = value - low
    if distance * 2 == 1:
        return low if low % 2 == 0 else low + 1
    return low if distance < Fraction(1, 2) else low + 1


def present_value(payments: Sequence[int], rates: Sequence[Fraction]) -> Fraction:
    """Return what the payments are worth at the start, discounted period by period."""
    worth, factor = Fraction(0), Fraction(1)
    for payment, rate in zip(payments, rates, strict=False):
        factor = factor / (1 + rate)
        worth += payment * factor
    return worth


def smallest_level(amount: int, rates: Sequence[Fraction], balloon: int = 0) -> Fraction:
    """Return the exact level payment by solving payment * annuity + balloon * discount = amount."""
    annuity = present_value([1] * len(rates), rates)
    discount = Fraction(1)
    for rate in rates:
        discount /= 1 + rate
    return (amount - balloon * discount) / annuity


def faults(schedule, amount: int, rates: Sequence[Fraction], *, balloon: int = 0) -> list[str]:
    """Return how a schedule breaks invariant S0; empty when it does not. `rates` belong to its rows."""
    found = []
    balance = amount
    for k, row in enumerate(schedule.rows):
        interest = half_even(balance * rates[k])
        balance = balance + interest - row.amount
        right = (interest, row.amount - interest, balance)
        if (row.interest, row.principal, row.balance) != right or row.amount <= 0:
            found.append(f"row {k}: {row} instead of {right}")
    amounts = [row.amount for row in schedule.rows]
    wrong = {
        "the regular payment": set(amounts[:-1]) - {schedule.level},
        "the balance at the end": balance,
        "a last payment above the level": amounts[-1] - balloon > schedule.level,
        "the sum": sum(amounts) - amount - sum(row.interest for row in schedule.rows),
        "dates": any(b.due_on <= a.due_on for a, b in pairwise(schedule.rows)),
        "the totals": schedule.total != sum(amounts) or schedule.amount != amount,
    }
    return found + [what for what, is_wrong in wrong.items() if is_wrong]
