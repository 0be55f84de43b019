import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import NegotiationError
from portal.core.negotiation.facts import Budget, facts_from_dict, facts_hash, facts_to_dict
from tests.core.negotiation.helpers import an_account, random_facts, some_facts


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_facts_read_back_what_they_write(seed):
    facts = random_facts(seed)
    again = facts_from_dict(json.loads(json.dumps(facts_to_dict(facts))))
    assert again == facts
    assert hash(again) == hash(facts)
    assert facts_hash(again) == facts_hash(facts)


def test_a_budget_keeps_savings_and_the_protected_sum():
    assert Budget(income_minor=100_000, outgoings_minor=60_000, savings_minor=5_000).surplus_minor == 35_000
    assert (
        Budget(income_minor=100_000, outgoings_minor=10_000, protected_minor=70_000).surplus_minor == 30_000
    )
    assert Budget(income_minor=50_000, outgoings_minor=60_000).surplus_minor == -10_000


def test_contradictions_are_refused():
    for bad in (
        {"accounts": ()},
        {"accounts": (an_account(), an_account())},
        {"accounts": (an_account(), an_account(account_ref="B", currency="USD"))},
        {"evidence": "mood"},
        {"flags": ("rich",)},
    ):
        with pytest.raises(NegotiationError):
            some_facts(**bad)
    for bad in ({"principal_minor": -1}, {"holds": ("grumpy",)}):
        with pytest.raises(NegotiationError):
            an_account(**bad)
    with pytest.raises(NegotiationError):
        facts_from_dict({**facts_to_dict(some_facts()), "device": "phone"})
    with pytest.raises(NegotiationError):
        facts_from_dict({"as_of": "2026-12-01"})
