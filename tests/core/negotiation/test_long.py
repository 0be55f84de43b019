"""The long runs: 1,000 cases with 300 adversarial asks each, thousands of random cases before the judge."""

import random

import pytest

from portal.core.negotiation.answer import Ask, answer, respond
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import facts_to_dict
from portal.core.negotiation.model import PRIOR
from portal.core.plans.record import plan_to_dict
from tests.core.negotiation.helpers import BOUNDS, DOCUMENT, a_policy, random_facts
from tests.core.negotiation.oracle import wrong
from tests.core.negotiation.test_soundness import random_ask

pytestmark = pytest.mark.long


def key_of(plan):
    body = [row.amount for row in plan.schedule if row.number]
    return plan.total, max(body), plan.down_payment, len(body)


def test_three_hundred_adversarial_asks_on_a_thousand_cases():
    for seed in range(1_000):
        draw, facts = random.Random(seed), random_facts(seed)
        if open_case(facts=facts, bounds=BOUNDS) is None:  # a debt beyond the example's balances
            continue
        policy = a_policy(facts)
        reachable = {
            (e.total, e.largest, e.down, e.periods - e.terms.grace_months)
            for e in policy.entries(policy.plans)
        }
        low, high = 0, facts.balance_minor
        for _ in range(300):
            middle = (low + high) // 2
            family = draw.choice(["", "restructure", "parts", "lump"])
            pay = draw.choice([None, draw.randrange(1, facts.balance_minor)])
            ask = Ask(total_minor=middle, family=family, pay_minor=pay, must=draw.choice(["", "total_minor"]))
            kind, offers, _, _ = respond(policy.case, policy, ask, (), PRIOR)
            low, high = (low, middle) if kind == "accept" else (middle, high)
            assert {key_of(offer.plan) for offer in offers} <= reachable


def test_thousands_of_random_cases_before_the_judge():
    for seed in range(100, 2_000):
        draw, facts = random.Random(seed), random_facts(seed)
        record = facts_to_dict(facts)
        for ask in (None, random_ask(draw, facts.balance_minor), random_ask(draw, facts.balance_minor)):
            for offer in answer(facts=facts, bounds=BOUNDS, ask=ask).offers:
                assert wrong(DOCUMENT, record, plan_to_dict(offer.plan)) == []
