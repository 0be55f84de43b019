"""The plan engine on fresh cases: a full menu, and a counter, in CPU milliseconds of one core."""

import json
import random
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.measure import line, once
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.facts import AccountFacts, Budget, Facts

EXAMPLE = Path(__file__).parents[1] / "tests" / "core" / "bounds" / "example.json"
CASES, CANDIDATES_MIN = 60, 2_600
DAY = date(2026, 12, 1)


def a_case(draw: random.Random) -> Facts:
    """One debtor nobody has asked about before, so that nothing is remembered."""
    balance = draw.randrange(100_000, 2_000_000)
    account = AccountFacts(
        account_ref="A", currency="GBP", principal_minor=balance, days_past_due=400, risk_grade="A"
    )
    budget = Budget(
        income_minor=balance // draw.randrange(15, 40), cash_minor=balance // draw.randrange(3, 9)
    )
    return Facts(as_of=DAY, accounts=(account,), evidence="budget_self", budget=budget)


def run() -> bool:
    """Print the medians; the first cases fill the shared tables and do not count."""
    bounds = parse_bounds(json.loads(EXAMPLE.read_text(encoding="utf-8")))
    draw = random.Random(7)
    for _ in range(20):
        answer(facts=a_case(draw), bounds=bounds)
    menus, counters, considered = [], [], []
    for _ in range(CASES):
        facts = a_case(draw)
        menus.append(once(lambda f=facts: answer(facts=f, bounds=bounds), 1) * 1e3)
        ask = Ask(pay_minor=facts.balance_minor // 60, waiver_bp=4_000)
        counters.append(once(lambda f=facts, a=ask: answer(facts=f, bounds=bounds, ask=a), 1) * 1e3)
        considered.append(answer(facts=facts, bounds=bounds).audit.n_candidates)
    good = line(
        "candidates valued for one menu",
        str(min(considered)),
        str(CANDIDATES_MIN),
        min(considered) / CANDIDATES_MIN,
        ">= 1",
        holds=min(considered) >= CANDIDATES_MIN,
    )
    for what, found, goal in (("full menu, CPU", menus, 8.0), ("counter, CPU", counters, 2.0)):
        ms = median(found)
        figures = (f"{ms:.2f} ms", f"{goal:g} ms")
        good = line(what, *figures, ms / goal, "<= 1", holds=ms <= goal) and good
    return good
