from portal.core.negotiation.ask import Ask, nearest, read
from portal.core.negotiation.moves import two_moves
from tests.core.negotiation.helpers import a_policy, random_facts


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
