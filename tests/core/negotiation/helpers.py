"""Plain values for the engine's tests: the bounds of the specification, facts with good defaults."""

import json
import random
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import AccountFacts, Budget, Facts
from portal.core.negotiation.model import PRIOR
from portal.core.negotiation.policy import policy_set

DOCUMENT = json.loads((Path(__file__).parent.parent / "bounds" / "example.json").read_text())
BOUNDS = parse_bounds(DOCUMENT)
TODAY = date(2026, 12, 1)


def a_document(**segment):
    """The example document with groups of its one segment changed: `a_document(value={"npv_floor": "0.3"})`."""
    document = deepcopy(DOCUMENT)
    for name, changes in segment.items():
        target = document["segments"][0][name]
        for key, value in changes.items():
            if isinstance(value, dict) and isinstance(target.get(key), dict):
                target[key].update(value)
            else:
                target[key] = value
    return document


def an_account(**changes):
    values = {
        "account_ref": "AC-1",
        "currency": "GBP",
        "principal_minor": 300_000,
        "days_past_due": 400,
        "risk_grade": "A",
        **changes,
    }
    return AccountFacts(**values)


def some_facts(**changes):
    account = {k: changes.pop(k) for k in list(changes) if k in AccountFacts.__dataclass_fields__}
    surplus, cash = changes.pop("surplus", 12_000), changes.pop("cash", 60_000)
    budget = None if surplus is None else Budget(income_minor=surplus, cash_minor=cash)
    values = {
        "as_of": TODAY,
        "accounts": (an_account(**account),),
        "evidence": "none" if budget is None else "budget_self",
        "budget": budget,
        **changes,
    }
    return Facts(**values)


def random_facts(seed, *, small=False, **changes):
    """Facts of one made-up debtor; the same for the same seed."""
    draw = random.Random(seed)
    balance = draw.randrange(20_000, 60_000) if small else int(draw.lognormvariate(12.4, 0.8)) + 20_000
    interest, fees = draw.choice([0, balance // 12]), draw.choice([0, 3_500])
    surplus = draw.choice([None, balance // 60, balance // 25, balance // 12])
    values = {
        "principal_minor": balance - interest - fees,
        "interest_minor": interest,
        "fees_minor": fees,
        "days_past_due": draw.choice([40, 200, 400]),
        "apr": Decimal("0.1407"),
        "surplus": surplus,
        "cash": draw.choice([0, 0, balance // 8, balance // 3]),
        **changes,
    }
    if surplus is not None and "evidence" not in values:
        values["evidence"] = draw.choice(["budget_self", "documents", "adviser"])
    return some_facts(**values)


def a_policy(facts, bounds=BOUNDS, *, freq=None, plain=False):
    case = open_case(facts=facts, bounds=bounds)
    return policy_set(case, freq or facts.freq, None, PRIOR, plain=plain)
