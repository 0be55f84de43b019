"""A small running plan to build on."""

from datetime import date
from decimal import Decimal

from portal.core.allocation import ORDERS
from portal.core.calendar import spaced
from portal.core.rates import whole_months
from portal.core.replay.happenings import Rhythm
from portal.core.replay.run import replay
from portal.core.replay.state import PlanTerms
from portal.core.schedule import level, zero_rate

START = date(2026, 12, 1)
MONTHLY = Rhythm(months=1)


def a_plan(amount=60_000, count=6, *, rate="0", lattice=1, order=ORDERS["penalty_fee_interest_principal"]):
    dates = spaced(first_on=date(2027, 1, 1), count=count, months=1)
    if Decimal(rate):
        interest = whole_months(annual_rate=Decimal(rate), every=1, count=count)
        plan = level(amount=amount, due_dates=dates, interest=interest)
    else:
        plan = zero_rate(amount=amount, due_dates=dates)
    return PlanTerms(
        start_on=START,
        schedule=plan,
        rhythm=MONTHLY,
        order=order,
        method="level" if Decimal(rate) else "none",
        annual_rate=Decimal(rate),
        lattice=lattice,
    )


def run(*happenings, **wish):
    return replay(terms=a_plan(**wish), happenings=happenings)
