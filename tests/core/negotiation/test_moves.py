import pytest

from portal.core.negotiation.answer import answer
from portal.core.negotiation.ask import Ask, nearest, read, shown
from portal.core.negotiation.model import WORTH
from portal.core.negotiation.moves import as_light, asked_utility, two_moves
from tests.core.negotiation.helpers import BOUNDS, a_policy, random_facts, some_facts


def test_moves_are_in_the_policy_set_and_differ():
    for seed in range(10):
        facts = random_facts(seed)
        policy = a_policy(facts)
        if not len(policy.plans):
            continue
        ask = read(Ask(pay_minor=facts.balance_minor // 50, waiver_bp=6_000, months=20))
        near = nearest(policy.plans, ask, policy)
        moves = two_moves(policy, ask, near)
        rows = {int(row) for row in policy.plans}
        assert len(moves) <= 2
        assert {move.row for move in moves} <= rows
        assert len({near.row, *(move.row for move in moves)}) == 1 + len(moves)


def test_a_must_axis_holds_in_every_move():
    facts = random_facts(5, surplus=None, evidence="none")
    policy = a_policy(facts)
    ask = read(Ask(pay_minor=facts.balance_minor // 55, waiver_bp=9_000, months=10, must="pay_minor"))
    near = nearest(policy.plans, ask, policy, first=("pay_minor",))
    for move in two_moves(policy, ask, near):
        assert move.largest <= near.largest


def slow_utility(ask, policy):
    """The debtor's utility of level payments, one month after the other: 2 % a month, .15 for the squared burden."""
    left, month, cost = ask.total_minor, 0, 0.0
    while left > 0:
        month += 1
        paid, left = min(ask.pay_minor, left), left - ask.pay_minor
        cost += paid * (1 + 0.15 * (ask.pay_minor / policy.frame.affordable) ** 2) / 1.02**month
    return 1_000_000 * (1 - cost / (WORTH * policy.frame.balance))


@pytest.mark.parametrize(("pay", "total"), [(8_000, 180_000), (5_000, 299_999), (12_000, 1), (1, 3_000)])
def test_what_an_ask_is_worth_is_counted_as_a_plan_is(pay, total):
    policy = a_policy(some_facts())
    ask = read(Ask(pay_minor=pay, total_minor=total))
    assert asked_utility(ask, policy) == pytest.approx(slow_utility(ask, policy), abs=1)


def test_a_reduction_or_a_length_tells_the_total_too():
    policy = a_policy(some_facts())
    by_total = asked_utility(Ask(pay_minor=8_000, total_minor=180_000), policy)
    assert asked_utility(Ask(pay_minor=8_000, waiver_bp=4_000), policy) == by_total
    assert asked_utility(Ask(pay_minor=9_000, months=20), policy) == asked_utility(
        Ask(pay_minor=9_000, total_minor=180_000), policy
    )
    assert asked_utility(Ask(pay_minor=8_000), policy) is None
    assert asked_utility(Ask(months=5), policy) is None


def test_another_shape_weighs_no_more_than_the_ask_and_is_worth_most():
    found = 0
    for seed in range(30):
        policy = a_policy(random_facts(seed))
        if not len(policy.plans):
            continue
        balance, pay = policy.frame.balance, max(1, policy.frame.affordable * 6 // 10)
        for share in (50, 65, 80):
            ask = read(Ask(pay_minor=pay, total_minor=max(1, balance * share // 100)))
            least = asked_utility(ask, policy)
            entries = policy.entries(shown(ask, policy))
            fair = [one for one in entries if one.score.debtor >= least and one.down <= policy.case.cash]
            made = as_light(policy, ask, ())
            assert bool(made) == bool(fair)
            if made:
                found += 1
                assert made[0].score.value == max(one.score.value for one in fair)
                assert as_light(policy, ask, made) == ()
    assert found > 10


def test_who_can_pay_one_in_a_hundred_is_not_told_to_pay_it_all():
    facts = some_facts(principal_minor=300_000, surplus=3_100, cash=130_000, evidence="documents")
    said = answer(facts=facts, bounds=BOUNDS, ask=Ask(pay_minor=1_750, total_minor=300_000))
    assert said.kind == "counter"
    assert said.offers[0].plan.family != "full"
