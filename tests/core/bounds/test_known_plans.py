"""Plans that exist in the world, written as bounds (ENGINE.md 3.2): each must be offered, and nothing beyond it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.facts import facts_to_dict
from portal.core.negotiation.simulate import Refusal, simulate
from portal.core.plans.grammar import FAMILIES
from portal.core.plans.record import plan_to_dict
from tests.core.negotiation.helpers import an_account, some_facts
from tests.core.negotiation.oracle import wrong


def a_document(currency="USD", *, when=None, families=None, common=None, policy=None):
    off = {name: {"on": False} for name in FAMILIES}
    off["installment"] |= {"installment_min": 1}
    shared = {
        "freq": ["monthly"],
        "first_date": {"lead_days": 1, "max_gap_days": 35},
        "lattice": {"installment": 100, "waiver": "0.05", "down_payment": 100},
    }
    return {
        "bounds_id": "known",
        "currency": currency,
        "segments": [
            {
                "id": "s",
                "when": when or {},
                "common": {**shared, **(common or {})},
                "families": {**off, **(families or {})},
                "value": {"npv_floor": "0.00", "expected_cash_floor": "0.00", "no_plan_value": "0.00"},
                "policy": {"open_share": "0.00", "band_q": ["0.00"], **(policy or {})},
            }
        ],
    }


def asked(document, ask, **facts):
    made = some_facts(**{"currency": document["currency"], "surplus": None, "evidence": "none", **facts})
    found = answer(facts=made, bounds=parse_bounds(document), ask=ask)
    for offer in found.offers:
        assert wrong(document, facts_to_dict(made), plan_to_dict(offer.plan)) == []
    return found


@pytest.mark.parametrize(("balance", "months"), [(1_000_000, 36), (2_400_000, 72)])
def test_a_tax_plan_by_size_of_the_debt(balance, months):
    def segment(name, low, high, n):
        rules = {"on": True, "n_max": n, "months_max": n, "installment_min": 2_500, "rate": ["0.08"]}
        base = a_document(when={"balance": [low, high]}, families={"installment": rules})["segments"][0]
        return {**base, "id": name}

    document = a_document()
    document["segments"] = [
        segment("guaranteed", 1, 1_000_000, 36),
        segment("streamlined", 1_000_001, 5_000_000, 72),
    ]
    found = asked(document, Ask(family="installment", months=months), principal_minor=balance)
    assert found.kind == "accept"
    longest = simulate(
        facts=some_facts(currency="USD", surplus=None, principal_minor=balance),
        bounds=parse_bounds(document),
        family="installment",
    )
    assert len(longest.schedule) == months
    assert longest.interest > 0


def test_a_partial_plan_to_the_limitation_date():
    rules = {
        "on": True,
        "theta_max": "1.00",
        "review_months": 24,
        "horizon_months": 80,
        "residual": "waived",
        "needs": "documents",
    }
    document = a_document(families={"index": rules})
    found = asked(
        document, Ask(family="index"), principal_minor=5_000_000, surplus=10_000, evidence="documents"
    )
    assert found.kind == "accept"
    assert found.offers[0].plan.waived.total > 4_000_000
    assert asked(document, Ask(family="index"), surplus=10_000, evidence="budget_self").kind != "accept"


def test_a_token_payment():
    rules = {"on": True, "theta_max": "0.60", "pay_min": 100, "needs": "adviser", "horizon_months": 12}
    document = a_document("GBP", families={"index": rules})
    ask = Ask(family="index", pay_minor=100)
    found = asked(document, ask, surplus=400, cash=0, evidence="adviser")
    assert found.kind == "accept"
    assert {row.amount for row in found.offers[0].plan.schedule} == {100}
    assert found.offers[0].plan.residual > 0


def test_a_debt_management_plan_over_several_debts():
    families = {
        "consolidation": {"on": True, "allocation": "pro_rata"},
        "restructure": {"on": True, "months_max": 84, "waive_interest_max": "1.00"},
        "installment": {"on": False, "installment_min": 1},
    }
    document = a_document("GBP", families=families)
    accounts = tuple(
        an_account(account_ref=ref, principal_minor=owed) for ref, owed in (("A", 90_000), ("B", 210_000))
    )
    facts = replace(some_facts(surplus=6_000, cash=0, evidence="adviser"), accounts=accounts)
    plan = answer(facts=facts, bounds=parse_bounds(document)).offers[0].plan
    assert (plan.family, plan.params.inner) == ("consolidation", "restructure")
    assert dict(plan.schedule[0].account_split)["B"] > dict(plan.schedule[0].account_split)["A"] * 2


def test_a_voluntary_arrangement_with_an_income_share():
    families = {
        "consolidation": {"on": True},
        "index": {
            "on": True,
            "theta_max": "0.80",
            "horizon_months": 60,
            "residual": "waived",
            "needs": "adviser",
        },
    }
    accounts = tuple(an_account(account_ref=ref, principal_minor=2_000_000) for ref in "AB")
    facts = replace(some_facts(surplus=20_000, cash=0, evidence="adviser"), accounts=accounts)
    plan = (
        answer(
            facts=facts, bounds=parse_bounds(a_document("GBP", families=families)), ask=Ask(family="index")
        )
        .offers[0]
        .plan
    )
    assert plan.params.inner == "index"
    assert plan.total + plan.waived.total == 4_000_000
    assert len(plan.schedule) == 60


def test_a_national_renegotiation_program():
    families = {
        "installment": {"on": False, "installment_min": 5_000},
        "restructure": {
            "on": True,
            "months_max": 60,
            "n_max": 60,
            "rate_min": "0.2388",
            "rate_max": "0.2388",
            "waive_principal_max": "0.85",
        },
    }
    document = a_document("BRL", families=families)
    facts = {"principal_minor": 400_000, "surplus": 60_000, "cash": 0}
    found = asked(document, Ask(family="restructure", waiver_bp=8_000, months=24), **facts)
    assert found.kind == "accept"
    assert all(row.amount >= 5_000 for row in found.offers[0].plan.schedule[:-1])
    assert asked(document, Ask(family="restructure", waiver_bp=9_000), **facts).kind == "counter"


def test_a_card_plan_of_sixty_periods_on_documents():
    document = a_document(
        "CNY",
        families={"installment": {"on": True, "n_max": 60, "months_max": 60, "installment_min": 10_000}},
        policy={
            "stage_by": [{"stage": 0}, {"stage": 1, "if": {"evidence": "documents"}}],
            "open_share": "1.00",
            "band_q": ["1.00", "0.00"],
        },
    )
    facts = {"principal_minor": 3_000_000, "surplus": 70_000, "cash": 0}
    ask = Ask(pay_minor=50_000, family="installment")
    assert asked(document, ask, evidence="documents", **facts).kind == "accept"
    assert asked(document, ask, evidence="budget_self", **facts).kind == "counter"


def test_a_court_reorganization_is_a_pause_and_a_person():
    document = a_document("CNY", families={"breathing_space": {"on": True, "days": [90]}})
    found = asked(document, None, flags=("wants_person",))
    assert found.kind == "handoff"
    pause = asked(document, Ask(family="breathing_space"))
    assert pause.offers[0].plan.params.pause_days == 90


def test_a_waterfall_is_listed_so_its_order_does_not_matter():
    families = {
        "installment": {"on": False, "installment_min": 100},
        "restructure": {
            "on": True,
            "months_max": 480,
            "rate_min": "0.02",
            "rate_max": "0.06",
            "grace": {"months_max": 6, "kinds": ["full_capitalized", "full_frozen"]},
        },
    }
    document = a_document(families=families, common={"first_date": {"lead_days": 1, "max_gap_days": 35}})
    facts = {
        "principal_minor": 20_000_000,
        "surplus": 110_000,
        "cash": 0,
        "apr": Decimal("0.06"),
    }
    found = asked(document, Ask(pay_minor=80_000), **facts)
    assert found.kind == "accept"
    assert found.offers[0].plan.params.rate_ppm in {20_000, 40_000}


def test_a_card_re_age_is_a_rule_that_the_agreement_carries():
    document = a_document(
        families={"restructure": {"on": True, "re_age": {"kept": 3, "max": 1, "per_months": 12}}}
    )
    rule = parse_bounds(document).segments[0].families.restructure.re_age
    assert (rule.kept, rule.max, rule.per_months) == (3, 1, 12)


def test_a_business_receivable_needs_no_budget():
    families = {"installment": {"on": True, "n_max": 12, "months_max": 12, "installment_min": 100_000}}
    document = a_document(
        families=families, common={"business_day": "modified", "freq": ["monthly", "weekly"]}
    )
    facts = {"principal_minor": 9_000_000, "affordable_minor": 2_000_000}
    assert asked(document, Ask(months=6), **facts).kind == "accept"
    made = some_facts(currency="USD", surplus=None, **facts)
    refused = simulate(facts=made, bounds=parse_bounds(document), family="lump")
    assert isinstance(refused, Refusal)
