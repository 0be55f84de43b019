"""Frames with good defaults."""

from datetime import date

from portal.core.plans.frame import Debt, Frame


def a_frame(principal=300_000, *, interest=0, fees=0, **changes):
    values = {
        "currency": "GBP",
        "debts": (Debt(account_ref="A", principal=principal, interest=interest, fees=fees),),
        "freq": "monthly",
        "as_of": date(2026, 12, 1),
        "first_on": date(2026, 12, 31),
        "down_on": date(2026, 12, 2),
        "lattice": 1,
        "day_count": "30/360",
        "affordable": 12_000,
        **changes,
    }
    return Frame(**values)
