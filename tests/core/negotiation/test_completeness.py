"""I2 and I3: an ask is met exactly when a plan of P meets it, by the lender's best that no other one beats.

Why: P is finite and listed without sampling; whoever beats a plan that meets an ask for a payment, a first sum, a total
or a reduction meets it too. The front of a finite strict partial order is not empty when P is not.
"""

import itertools

import pytest

from portal.core.negotiation.answer import Ask, allowed, answer
from portal.core.negotiation.menu import pick
from tests.core.negotiation.helpers import BOUNDS, a_policy, random_facts


def kind_of(entry):
    return {"skills": "course", "index": "income"}.get(entry.terms.family, "debt")


def beats(one, other):
    """Cheaper in all at no higher payment and first sum, or as cheap and no later, and better somewhere."""
    if kind_of(one) != kind_of(other) or one.largest > other.largest or one.down > other.down:
        return False
    if one.cost == other.cost and one.periods == other.periods:
        return one.largest < other.largest or one.down < other.down
    return (one.cost, one.periods) < (other.cost, other.periods)


def meets(entry, ask, policy):
    """What 'no worse for the debtor on every said term' means, written down once more."""
    balance = policy.frame.balance
    down = ask.down_minor
    if ask.pay_minor is not None and down is None and ask.family not in {"parts", "lump", "full"}:
        down = 0
    return (
        (ask.pay_minor is None or entry.largest <= ask.pay_minor)
        and (down is None or entry.down <= down)
        and (ask.total_minor is None or entry.cost <= ask.total_minor)
        and (ask.waiver_bp is None or (balance - entry.cost) * 10_000 >= ask.waiver_bp * balance)
        and (ask.months is None or entry.periods <= ask.months)
        and ask.family in {"", entry.terms.family, entry.terms.shape}
    )


def asks_for(balance):
    pays = (None, balance // 80, balance // 40, balance // 12)
    waivers = (None, 1_000, 2_500, 5_000)
    months = (None, 12, 40)
    families = ("", "installment", "restructure", "parts", "lump")
    for pay, waiver, month, family in itertools.product(pays, waivers, months, families):
        yield Ask(pay_minor=pay, waiver_bp=waiver, months=month, family=family)


@pytest.mark.parametrize("seed", range(4))
def test_an_ask_is_met_exactly_when_some_plan_meets_it(seed):
    facts = random_facts(seed)
    policy = a_policy(facts)
    inside = sorted(policy.entries(allowed(policy.plans, policy)), key=lambda e: (e.cost, e.largest))
    unbeaten = {e.row for e in inside if not any(beats(other, e) for other in inside)}
    for number, ask in enumerate(asks_for(facts.balance_minor)):
        if number % 3 == seed % 3:
            found = answer(facts=facts, bounds=BOUNDS, ask=ask)
            met = [entry for entry in inside if meets(entry, ask, policy)]
            assert (found.kind == "accept") == bool(met), ask
            if met:
                usual = [entry for entry in met if kind_of(entry) == "debt"] or met
                best_first = [e for e in usual if e.row in unbeaten]
                pool = best_first or [e for e in usual if not any(beats(other, e) for other in usual)]
                pool = pool if ask.pay_minor is not None else [e for e in pool if e.fits] or pool
                best = max(entry.score.value for entry in pool)
                chosen = [e for e in pool if e.score.value == best]
                first = min(chosen, key=lambda e: e.row)
                assert found.offers[0].plan.total == first.total
                assert found.offers[0].plan.payment == first.payment


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_the_menu_is_beaten_and_none_is_above_the_budget_unasked(seed):
    policy = a_policy(random_facts(seed))
    pool = policy.entries(allowed(policy.plans, policy))
    theta = policy.case.rules.policy.theta_max
    for _, entry in pick(policy):
        assert not any(beats(other, entry) for other in pool)
        if not entry.is_single:
            assert entry.largest * 10_000 <= theta * policy.frame.affordable
            assert entry.down <= policy.case.cash


def test_a_counter_keeps_the_shortest_distance():
    weights = {"largest": 8, "down": 8, "total": 2, "periods": 2}
    for seed in range(6):
        facts = random_facts(seed, surplus=None, evidence="none")
        policy = a_policy(facts)
        ask = Ask(pay_minor=facts.balance_minor // 200, down_minor=0, months=30)
        found = answer(facts=facts, bounds=BOUNDS, ask=ask)
        assert found.kind == "counter"
        asked = {"largest": ask.pay_minor, "down": 0, "periods": 30}

        def gap(entry, asked=asked):
            return sum(
                weights[name] * (max(0, getattr(entry, name) - figure) * 10**6 // max(1, figure))
                for name, figure in asked.items()
            )

        fitting = [e for e in policy.entries(policy.open) if e.fits]
        pool = [e for e in fitting if kind_of(e) == "debt"] or fitting
        best = min(map(gap, pool))
        plan = found.offers[0].plan
        near = [e for e in pool if gap(e) == best]
        assert (plan.payment, plan.total) in {(e.payment, e.total) for e in near}
        assert max(e.score.value for e in near) == next(
            e.score.value for e in near if (e.payment, e.total) == (plan.payment, plan.total)
        )
