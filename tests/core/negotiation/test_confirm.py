from dataclasses import replace
from datetime import timedelta

from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, answer
from portal.core.negotiation.confirm import Changed, Confirmed, confirm
from tests.core.negotiation.helpers import BOUNDS, a_document, random_facts, some_facts


def test_a_firm_offer_is_confirmed_byte_for_byte_on_any_day_before_its_end():
    for seed in range(8):
        facts = random_facts(seed)
        ask = Ask(freq="weekly") if seed % 2 else Ask(due_day=15)
        for offer in answer(facts=facts, bounds=BOUNDS, ask=ask).offers:
            for days in (0, 1, 14):
                later = replace(facts, as_of=facts.as_of + timedelta(days=days))
                assert confirm(offer=offer, facts=later, bounds=BOUNDS) == Confirmed(plan=offer.plan)


def test_time_that_brings_an_account_under_other_rules_ends_no_firm_offer():
    bounds = parse_bounds(preset("USD"))
    facts = some_facts(currency="USD", days_past_due=85, wants_training=True, course_months=9)
    offers = answer(facts=facts, bounds=bounds, ask=Ask(family="skills")).offers
    assert "skills" in {offer.plan.family for offer in offers}
    (account,) = facts.accounts
    for offer in offers:
        later = replace(
            facts,
            as_of=facts.as_of + timedelta(days=10),
            accounts=(replace(account, days_past_due=95, debt_age_days=10),),
            course_months=12,  # the school has made its course longer since
        )
        assert confirm(offer=offer, facts=later, bounds=bounds) == Confirmed(plan=offer.plan)


def why(facts, bounds=BOUNDS, **changes):
    offer = answer(facts=some_facts(), bounds=BOUNDS).offers[0]
    found = confirm(offer=offer, facts=facts, bounds=bounds)
    assert isinstance(found, Changed)
    assert found.fresh.kind in {"menu", "handoff"}
    return found.why


def test_an_offer_falls_with_its_day_its_balance_or_a_hold():
    facts = some_facts()
    assert why(replace(facts, as_of=facts.as_of + timedelta(days=15))) == "expired"
    assert why(some_facts(principal_minor=290_000)) == "balance_changed"
    assert why(some_facts(holds=("dispute",))) == "held"
    moved = parse_bounds(
        a_document(common={"lattice": {"installment": 700, "waiver": "0.05", "down_payment": 1000}})
    )
    assert why(facts, moved) == "rules_changed"


def test_several_debts_training_and_pauses_are_confirmed_too():
    account = some_facts().accounts[0]
    facts = replace(some_facts(surplus=20_000), accounts=(account, replace(account, account_ref="AC-2")))
    asks = (None, Ask(family="skills"), Ask(family="breathing_space"))
    for ask in asks:
        for offer in answer(facts=facts, bounds=BOUNDS, ask=ask).offers:
            assert isinstance(confirm(offer=offer, facts=facts, bounds=BOUNDS), Confirmed)
