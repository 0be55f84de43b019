"""XIRR in plain Python against pyxirr in compiled code: how much exactness about missing rates costs."""

import random
from datetime import date, timedelta

import pyxirr

from benchmarks.measure import interleaved, line, microseconds, ratio
from portal.core.xirr import xirr

FLOWS = 61


def plan_flows() -> list[tuple[date, float]]:
    """One advance and sixty payments."""
    start = date(2026, 1, 31)
    return [(start, -241_735.0)] + [(start + timedelta(days=30 * k), 4_663.0) for k in range(1, FLOWS)]


def mixed_flows() -> list[tuple[date, float]]:
    """Flows whose sign changes often: several rates, or none, may exist."""
    draw = random.Random(20_261_201)
    start = date(2026, 1, 1)
    return [(start + timedelta(days=37 * k), draw.uniform(-5_000, 5_000)) for k in range(30)]


def run() -> bool:
    """Print the ratios."""
    good = True
    for name, flows, goal in (
        ("61 flows of a plan", plan_flows(), 60.0),
        ("30 mixed flows", mixed_flows(), 3000.0),
    ):
        dates, amounts = [day for day, _ in flows], [amount for _, amount in flows]
        ours, theirs = interleaved(
            [lambda flows=flows: xirr(flows), lambda d=dates, a=amounts: pyxirr.xirr(d, a)], times=5
        )
        found = ratio(ours, theirs)
        what = f"xirr, {name} / pyxirr"
        figures = (microseconds(ours), microseconds(theirs))
        good = line(what, *figures, found, f"<= {goal:g}", holds=found <= goal) and good
    return good
