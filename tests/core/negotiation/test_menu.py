from itertools import combinations

import pytest

from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.menu import NEAR, distance, pick
from tests.core.negotiation.helpers import a_document, a_policy, random_facts, some_facts


def test_the_lowest_payment_comes_first_and_single_payments_last():
    for seed in range(10):
        chosen = pick(a_policy(random_facts(seed)))
        singles = [entry.is_single for _, entry in chosen]
        assert singles == sorted(singles)
        level = [entry.most for _, entry in chosen if not entry.is_single]
        assert level == sorted(level)


def test_three_by_default_five_at_most_and_no_two_alike():
    policy = a_policy(some_facts())
    labels = [label for label, _ in pick(policy)]
    assert 3 <= len(labels) <= 5
    assert {"between", "training"} <= set(labels)
    wide = a_policy(some_facts(), parse_bounds(a_document(policy={"menu": {"size": 5, "max": 4}})))
    assert 3 <= len(pick(wide)) <= 4
    for one, other in combinations(pick(wide), 2):
        assert distance(one[1], other[1], wide) > NEAR


@pytest.mark.parametrize("currency", ["USD", "GBP", "THB", "VND"])
def test_without_a_budget_the_plans_still_differ_visibly(currency):
    bounds = parse_bounds(preset(currency))
    least = bounds.segments[0].families.installment.installment_min
    facts = some_facts(currency=currency, principal_minor=least * 94 + 140, surplus=None)
    policy = a_policy(facts, bounds)
    chosen = pick(policy)
    assert 3 <= len(chosen) <= 5
    for one, other in combinations(chosen, 2):
        assert distance(one[1], other[1], policy) > NEAR
    assert {"restructure", "skills"} <= {entry.terms.family for _, entry in chosen}


def test_no_second_lowest_is_called_the_lowest():
    for seed in range(10):
        policy = a_policy(random_facts(seed))
        for label, entry in pick(policy):
            if label == "lowest_payment":
                pools = [policy.entries(policy.band), [e for e in policy.entries(policy.open) if e.fits]]
                lows = [[e.most for e in pool if e.terms.family != "skills"] for pool in pools]
                assert entry.most in {min(low) for low in lows}


def test_what_follows_income_is_no_lowest_total():
    document = a_document(policy={"band_q": ["0.00", "0.00", "0.00"]})
    policy = a_policy(some_facts(evidence="adviser"), parse_bounds(document))
    assert "index" in {entry.terms.family for entry in policy.entries(policy.band)}
    assert all(entry.terms.family != "index" for label, entry in pick(policy) if label == "lowest_total")


def test_facts_name_a_family():
    training = a_policy(some_facts(wants_training=True))
    assert "training" in {label for label, _ in pick(training)}
    cash = a_policy(some_facts(cash=150_000, evidence="documents"))
    named = [entry for label, entry in pick(cash) if label == "cash"]
    assert named
    assert named[0].terms.family in {"full", "lump", "parts"}
    assert "cash" not in {label for label, _ in pick(a_policy(some_facts(cash=0)))}


def test_no_band_no_menu():
    assert pick(a_policy(some_facts(surplus=-1))) == ()
