"""I1: everything shown lies inside the lender's bounds, judged by code that shares nothing with the engine.

Why it holds: every return passes through the sound rows of the board, and an offer is built from such a row.
"""

import random

import pytest

from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, History, answer
from portal.core.negotiation.facts import facts_to_dict
from portal.core.negotiation.simulate import simulate
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_to_dict
from tests.core.negotiation.helpers import BOUNDS, DOCUMENT, a_document, random_facts
from tests.core.negotiation.oracle import wrong


def random_ask(draw, balance):
    return Ask(
        family=draw.choice(["", "", "", "installment", "lump", "parts", "restructure", "skills", "full"]),
        freq=draw.choice([None, None, None, "weekly", "fortnightly", "four_weekly", "semi_monthly"]),
        pay_minor=draw.choice([None, balance // draw.randrange(2, 90)]),
        down_minor=draw.choice([None, None, 0, balance // 5]),
        total_minor=draw.choice([None, None, balance * 9 // 10, balance // 2]),
        waiver_bp=draw.choice([None, None, 1000, 4000]),
        months=draw.choice([None, None, 12, 36]),
        due_day=draw.choice([None, None, 1, 15, 31]),
        must=draw.choice(["", "", "pay_minor"]),
    )


@pytest.mark.parametrize("seed", range(14))
def test_every_offer_is_inside_the_bounds(seed):
    facts = random_facts(seed)
    draw = random.Random(seed)
    document, record = DOCUMENT, facts_to_dict(facts)
    shown = list(answer(facts=facts, bounds=BOUNDS).offers)
    for asks in range(4):
        ask = random_ask(draw, facts.balance_minor)
        shown += answer(facts=facts, bounds=BOUNDS, ask=ask, history=History(asks=asks)).offers
    for offer in shown:
        assert wrong(document, record, plan_to_dict(offer.plan)) == [], offer.plan.public_terms


@pytest.mark.parametrize("currency", ["GBP", "VND", "KWD", "BRL"])
def test_the_shipped_bounds_offer_sound_plans_in_every_currency(currency):
    document = preset(currency)
    bounds = parse_bounds(document)
    least = document["segments"][2]["families"]["installment"]["installment_min"]
    for factor, days in ((4, 30), (40, 120), (900, 400)):
        facts = random_facts(factor, currency=currency, principal_minor=least * factor, surplus=None, cash=0)
        facts = random_facts(
            factor,
            currency=currency,
            principal_minor=least * factor,
            interest_minor=0,
            fees_minor=0,
            surplus=None,
            days_past_due=days,
            evidence="none",
        )
        found = answer(facts=facts, bounds=bounds)
        assert found.kind == "menu"
        assert found.offers
        for offer in found.offers:
            assert wrong(document, facts_to_dict(facts), plan_to_dict(offer.plan)) == []


def test_the_simulator_shows_nothing_that_an_ask_would_not_get():
    for seed in range(12):
        facts = random_facts(seed)
        for family in ("full", "installment", "lump", "parts", "restructure", "skills"):
            plan = simulate(
                facts=facts, bounds=BOUNDS, family=family, payment_minor=facts.balance_minor // 30
            )
            if isinstance(plan, Plan):
                assert wrong(DOCUMENT, facts_to_dict(facts), plan_to_dict(plan)) == []
                ask = Ask(
                    family=family,
                    pay_minor=plan.payment,
                    total_minor=plan.total,
                    down_minor=plan.down_payment,
                )
                assert answer(facts=facts, bounds=BOUNDS, ask=ask).kind == "accept"


def test_the_judge_sees_planted_faults():
    facts = random_facts(1, surplus=None, evidence="none", interest_minor=0, fees_minor=0)
    record = plan_to_dict(answer(facts=facts, bounds=BOUNDS).offers[0].plan)
    record["schedule"][3]["amount"] += 1
    assert wrong(DOCUMENT, facts_to_dict(facts), record)
    tight = a_document(families={"restructure": {"months_max": 6}, "installment": {"months_max": 6}})
    fresh = plan_to_dict(answer(facts=facts, bounds=BOUNDS).offers[0].plan)
    assert wrong(tight, facts_to_dict(facts), fresh)
