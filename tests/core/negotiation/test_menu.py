from itertools import pairwise

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
    assert len(pick(policy)) == 3
    wide = a_policy(some_facts(), parse_bounds(a_document(policy={"menu": {"size": 5, "max": 4}})))
    assert len(pick(wide)) == 4
    for one, other in pairwise(pick(wide)):
        assert distance(one[1], other[1], wide) > NEAR


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
