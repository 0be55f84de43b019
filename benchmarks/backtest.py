"""The lender's back-test: how many cases a second one core, and so two, can take through a version of the bounds."""

import random
import time

from benchmarks.measure import line
from portal.core.bench.document import bench_bounds
from portal.core.bench.generator import debtors
from portal.core.negotiation.context import open_case
from portal.core.negotiation.menu import pick
from portal.core.negotiation.model import PRIOR
from portal.core.negotiation.policy import near_set

CASES, CORES, GOAL = 400, 2, 2_000


def run() -> bool:
    """Print cases a second: policy set and menu of fresh cases, whose tables are shared and warm."""
    bounds = bench_bounds()
    warm, fresh = debtors(random.Random(1), 40), debtors(random.Random(2), CASES)
    for debtor in warm:
        _case(debtor.facts, bounds)
    started = time.process_time()
    for debtor in fresh:
        _case(debtor.facts, bounds)
    rate = CASES / (time.process_time() - started)
    return line(
        f"back-test, cases a second on {CORES} cores",
        f"{rate * CORES:.0f}",
        f"{GOAL}",
        rate * CORES / GOAL,
        ">= 1",
        holds=rate * CORES >= GOAL,
    )


def _case(facts, bounds):
    case = open_case(facts=facts, bounds=bounds)
    return pick(near_set(case, PRIOR))
