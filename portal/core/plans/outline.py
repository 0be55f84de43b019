"""The amounts of a plan before its dates: what bounds, scores and asks are checked against.

An outline and the schedule built from the same terms have the same amounts to the unit (a test compares them).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from typing import NamedTuple

from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.plans.frame import Frame, ceil_share, waived_of
from portal.core.plans.grammar import WHOLE, Terms
from portal.core.rates import Interest, by_days, interest_free, whole_periods
from portal.core.rows import Schedule
from portal.core.schedule import level, step_up
from portal.core.spread import GraceKind, falling, flat_level, flat_shape, with_grace

_GRACES: dict[str, GraceKind] = {
    "full_capitalized": "capitalized",
    "full_deferred": "deferred",
    "interest_only": "interest_only",
}


class Outline(NamedTuple):
    """Amounts in minor units: the down payment, then runs of (count, amount), a pause being a run of 0.

    `after` is what is owed after the waiver, `total` all that is paid, `payment` the level payment, `largest` the
    largest installment, `last` the last one, `periods` the number of periods up to it (a grace included), `residual`
    what an indexed plan leaves.
    """

    after: int
    down: int
    runs: tuple[tuple[int, int], ...]
    total: int
    payment: int
    largest: int
    last: int
    periods: int
    residual: int = 0


def level_runs(amount: int, count: int, lattice: int, minimum: int) -> tuple[int, int, int]:
    """Return (level, payments, last) of an interest-free sum: `schedule.zero_rate_shape`, written out for speed."""
    step = lattice
    while True:
        payment = -(-amount // (count * step)) * step
        needed = -(-amount // payment)
        last = amount - (needed - 1) * payment
        if step == 1 or last >= minimum or last >= payment:
            return payment, needed, last
        step = step // 5 or 1


def grace_periods(terms: Terms) -> int:
    """Return how many whole payment periods fit into the grace months."""
    return terms.grace_months * PERIODS_PER_YEAR[terms.freq] // 12


def outline(terms: Terms, frame: Frame) -> Outline | None:
    """Return the amounts of a plan, or None where the terms make no plan for this debt.

    None: nothing is left to pay after the down payment, a waiver rounds to nothing, a balloon is below the payments
    before it, or a short first period would make the last payment of equal principal the largest.
    """
    waived = waived_of(terms, frame).total
    if not waived and terms.waives:
        return None
    after = frame.balance - waived
    down = ceil_share(after, terms.down_bp, frame.down_lattice) if terms.down_bp else 0
    rest = after - down
    if rest < 1:
        return None
    if terms.shape == "index":
        return _indexed(terms, frame, after)
    if not terms.rate_ppm:
        make = _stepped if terms.step_bp else _interest_free
        return make(terms, frame, after, down)
    make = _flat if terms.method == "flat" else _dated
    return make(terms, frame, after, down)


def _interest_free(terms: Terms, frame: Frame, after: int, down: int) -> Outline | None:
    rest = after - down
    balloon = rest * terms.balloon_bp // WHOLE
    if balloon:
        count = terms.count
        payment = -(-(rest - balloon) // (count * frame.lattice)) * frame.lattice
        last = rest - (count - 1) * payment
        if last < payment:
            return None
    else:
        payment, count, last = level_runs(rest, terms.count, frame.lattice, frame.installment_min)
    grace = grace_periods(terms)
    payment = payment if count > 1 else last
    runs = ((grace, 0), (count - 1, payment), (1, last))
    return Outline(after, down, runs, after, payment, max(payment, last), last, grace + count)


def _stepped(terms: Terms, frame: Frame, after: int, down: int) -> Outline | None:
    """Return rising payments without interest: each from the unrounded first one, rounded up, as `step_up` does."""
    rest, g = after - down, frame.lattice
    sizes, weights, whole = _stairs(terms.count, terms.step_every, terms.step_bp)
    levels = [-(-rest * weight // (whole * g)) * g for weight in weights]
    while True:
        runs, left, last = _climb(rest, sizes, levels)
        if left <= last:
            break
        levels = [amount + g for amount in levels]
    count = sum(number for number, _ in runs) + 1
    runs.append((1, left))
    largest = max(amount for number, amount in runs if number)
    return Outline(after, down, tuple(runs), after, levels[0], largest, left, count)


@lru_cache(maxsize=1024)
def _stairs(count: int, every: int, step_bp: int) -> tuple[list[int], list[int], int]:
    """Return the payments on each stair, how they weigh against each other, and the sum of these weights."""
    stairs, odd = divmod(count, every)
    sizes = [every] * stairs + ([odd] if odd else [])
    grown, top = WHOLE + step_bp, len(sizes) - 1
    weights = [grown**i * WHOLE ** (top - i) for i in range(top + 1)]
    return sizes, weights, sum(size * weight for size, weight in zip(sizes, weights, strict=True))


def _climb(rest: int, sizes: list[int], levels: list[int]) -> tuple[list[tuple[int, int]], int, int]:
    """Pay stair after stair; return the runs, what is left for the last payment, and the stair it falls on."""
    runs, left, amount = [(0, 0)], rest, levels[0]
    for i, (size, amount) in enumerate(zip(sizes, levels, strict=True)):
        fewer = min(size if i < len(sizes) - 1 else size - 1, (left - 1) // amount)
        runs.append((fewer, amount))
        left -= fewer * amount
        if left <= amount and fewer < size:
            break
    return runs, left, amount


def _indexed(terms: Terms, frame: Frame, after: int) -> Outline | None:
    share = frame.affordable * terms.theta_bp // (WHOLE * frame.lattice) * frame.lattice
    payment = max(frame.pay_min, 0 if terms.token else share)
    count = min(terms.count, -(-after // payment))
    paid = min(after, count * payment)
    last = paid - (count - 1) * payment
    residual = after - paid
    kept = paid if frame.residual_waived else after
    return Outline(
        kept,
        0,
        ((0, 0), (count - 1, payment), (1, last)),
        paid,
        payment if count > 1 else last,
        payment,
        last,
        count,
        0 if frame.residual_waived else residual,
    )


def period_rate(terms: Terms) -> Fraction:
    """Return the yearly rate over the periods of a year."""
    return Fraction(terms.rate_ppm, 1_000_000 * PERIODS_PER_YEAR[terms.freq])


def _flat(terms: Terms, frame: Frame, after: int, down: int) -> Outline | None:
    shape, charge = flat_shape(
        amount=after - down,
        payments=terms.count,
        rate=period_rate(terms),
        lattice=frame.lattice,
        installment_min=frame.installment_min,
    )
    level_amount = shape.level if shape.payments > 1 else shape.last
    runs = ((0, 0), (shape.payments - 1, level_amount), (1, shape.last))
    most = max(level_amount, shape.last)
    return Outline(after, down, runs, after + charge, level_amount, most, shape.last, shape.payments)


def _dated(terms: Terms, frame: Frame, after: int, down: int) -> Outline | None:
    plan = dated_schedule(terms, frame, after - down)
    amounts = plan.amounts
    if terms.method and amounts[-1] > max(amounts[:-1], default=amounts[-1]):
        return None
    runs: list[tuple[int, int]] = []
    for amount in amounts[:-1]:
        if runs and runs[-1][1] == amount:
            runs[-1] = (runs[-1][0] + 1, amount)
        else:
            runs.append((1, amount))
    skipped = _skipped(terms, plan, frame)
    runs = [(skipped, 0), *runs, (1, amounts[-1])]
    body = amounts[-2] if len(amounts) > 1 else amounts[-1]
    level_amount = max(amounts[:-1], default=body) if terms.method else amounts[0] if terms.step_bp else body
    return Outline(
        after,
        down,
        tuple(runs),
        down + sum(amounts),
        level_amount,
        max(amounts),
        amounts[-1],
        skipped + len(amounts),
    )


def _skipped(terms: Terms, plan: Schedule, frame: Frame) -> int:
    grace = grace_periods(terms)
    return grace if grace and plan.rows[0].due_on != frame.first_on else 0


def interest_for(terms: Terms, frame: Frame, dates: tuple[date, ...]) -> Interest:
    """Return the interest of each period by the frame's day count, from the day of the facts."""
    count = len(dates)
    if not terms.rate_ppm:
        return interest_free(count)
    rate = Decimal(terms.rate_ppm).scaleb(-6)
    if frame.day_count == "30/360":
        return whole_periods(annual_rate=rate, periods_per_year=PERIODS_PER_YEAR[terms.freq], count=count)
    start = frame.down_on if terms.down_bp else frame.as_of
    return by_days(
        annual_rate=rate,
        start_on=start,
        due_dates=dates,
        day_count=frame.day_count,
        closed=frame.holidays,
    )


@lru_cache(maxsize=4096)
def dated_schedule(terms: Terms, frame: Frame, rest: int) -> Schedule:
    """Return the schedule of what is left after the down payment, with its dates, by the terms' shape."""
    grace = grace_periods(terms)
    dates = frame.dates(grace + terms.count, after_down=bool(terms.down_bp))
    interest = interest_for(terms, frame, dates)
    build = partial(_paid_down, terms, frame)
    if not grace:
        return build(rest, dates, interest)
    kind = _GRACES.get(terms.grace_kind, "frozen")
    return with_grace(amount=rest, due_dates=dates, interest=interest, periods=grace, kind=kind, build=build)


def _paid_down(
    terms: Terms, frame: Frame, amount: int, dates: Sequence[date], interest: Interest
) -> Schedule:
    """Return the payments behind a grace: level, rising, falling, or level with flat interest."""
    lattice, least = frame.lattice, frame.installment_min
    if terms.method == "flat":
        rate = period_rate(terms)
        return flat_level(amount=amount, due_dates=dates, rate=rate, lattice=lattice, installment_min=least)
    if terms.method == "equal_principal":
        return falling(
            amount=amount, due_dates=dates, interest=interest, lattice=lattice, installment_min=least
        )
    if terms.step_bp:
        return step_up(
            amount=amount,
            due_dates=dates,
            interest=interest,
            every=terms.step_every,
            step=Decimal(terms.step_bp) / WHOLE,
            lattice=lattice,
        )
    return level(
        amount=amount,
        due_dates=dates,
        interest=interest,
        lattice=lattice,
        installment_min=least,
        balloon=amount * terms.balloon_bp // WHOLE,
    )
