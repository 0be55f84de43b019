"""I2 and I3: an ask is met exactly when a plan of P meets it, by the lender's best one; no offer is dominated.

Why: `hits` filters all of P; P is finite and listed without sampling. The front of a finite strict partial order is
not empty when the band is not.
"""

import itertools

import pytest

from portal.core.negotiation.answer import Ask, allowed, answer
from portal.core.negotiation.menu import pick
from tests.core.negotiation.helpers import BOUNDS, a_policy, random_facts


def meets(entry, ask, policy):
    """What 'no worse for the debtor on every said term' means, written down once more."""
    balance = policy.frame.balance
    down = ask.down_minor
    if ask.pay_minor is not None and down is None and ask.family not in {"parts", "lump", "full"}:
        down = 0
    return (
        (ask.pay_minor is None or entry.largest <= ask.pay_minor)
        and (down is None or entry.down <= down)
        and (ask.total_minor is None or entry.total <= ask.total_minor)
        and (ask.waiver_bp is None or (balance - entry.after) * 10_000 >= ask.waiver_bp * balance)
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
    inside = policy.entries(allowed(policy.plans, policy))
    for number, ask in enumerate(asks_for(facts.balance_minor)):
        if number % 3 == seed % 3:
            found = answer(facts=facts, bounds=BOUNDS, ask=ask)
            met = [entry for entry in inside if meets(entry, ask, policy)]
            assert (found.kind == "accept") == bool(met), ask
            if met:
                pool = met if ask.pay_minor is not None else [e for e in met if e.fits] or met
                best = max(entry.score.value for entry in pool)
                chosen = [e for e in pool if e.score.value == best]
                first = min(chosen, key=lambda e: e.row)
                assert found.offers[0].plan.total == first.total
                assert found.offers[0].plan.payment == first.payment


def dominates(one, other):
    better = [
        one.score.value - other.score.value,
        one.score.debtor - other.score.debtor,
        one.score.kept - other.score.kept,
        other.most - one.most,
    ]
    return min(better) >= 0 and max(better) > 0


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_the_menu_is_dominated_and_none_is_above_the_budget_unasked(seed):
    policy = a_policy(random_facts(seed))
    band = policy.entries(policy.band)
    theta = policy.case.rules.policy.theta_max
    for label, entry in pick(policy):
        pool = [e for e in policy.entries(policy.plans) if e.fits] if label in {"plain", "soonest"} else band
        if label != "training":
            assert not any(dominates(other, entry) for other in pool)
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

        best = min(map(gap, policy.entries(policy.band)))
        plan = found.offers[0].plan
        near = [e for e in policy.entries(policy.band) if gap(e) == best]
        assert (plan.payment, plan.total) in {(e.payment, e.total) for e in near}
        assert max(e.score.value for e in near) == next(
            e.score.value for e in near if (e.payment, e.total) == (plan.payment, plan.total)
        )
