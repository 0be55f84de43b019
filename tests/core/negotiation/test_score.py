"""Scores against a loop over single payments (other code, other order)."""

import random

from portal.core.negotiation.evaluate import scale_of
from portal.core.negotiation.model import PRIOR
from portal.core.negotiation.score import MICRO
from portal.core.plans.outline import outline
from tests.core.negotiation.helpers import a_policy, random_facts
from tests.core.negotiation.oracle import value_of


def payments_of(shape):
    return [amount for count, amount in shape.runs for _ in range(count)]


def test_scores_equal_a_loop_over_payments():
    draw = random.Random(3)
    for seed in range(5):
        policy = a_policy(random_facts(seed))
        sheet, frame = policy.board.sheet, policy.frame
        scale = scale_of(policy.case, frame, sheet, PRIOR)
        rows = [row for row in map(int, policy.sound) if sheet.terms[row].family != "skills"]
        for row in draw.sample(rows, 30):
            entry = policy.board.entry(row)
            shape = outline(entry.terms, frame)
            slow = value_of(
                payments_of(shape),
                down=shape.down,
                balance=frame.balance,
                affordable=frame.affordable,
                at_hand=scale.at_hand,
                freq=frame.freq,
                kappa=0.10,
                rho=0.08,
                cost=20,
                residual=shape.residual,
            )
            fast = (entry.score.value, entry.score.cash, entry.score.kept, entry.score.debtor)
            for one, other in zip(slow, fast, strict=True):
                assert abs(one * MICRO - other) <= 2, (entry.terms, slow, fast)


def test_a_higher_burden_never_looks_safer():
    for seed in range(6):
        facts = random_facts(seed, surplus=8_000, evidence="documents")
        richer = random_facts(seed, surplus=16_000, evidence="documents")
        poor, rich = a_policy(facts), a_policy(richer)
        for row in list(map(int, poor.sound))[::37]:
            if poor.board.sheet.terms[row].shape == "index":
                continue
            one, other = poor.board.entry(row), rich.board.entry(row)
            assert one.score.kept <= other.score.kept
            assert one.score.value <= other.score.value
