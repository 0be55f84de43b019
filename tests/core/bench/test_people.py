import random
from itertools import pairwise

import pytest

from portal.core.bench.people import bell, between, heavy, spread, whole, wish_of
from portal.core.negotiation.model import STRESS
from tests.core.bench.crowds import first


def test_aspirations_fall_to_nothing_at_the_end_of_patience():
    for debtor in first().debtors:
        found = [debtor.aspiration(n, 0.5) for n in range(1, debtor.patience + 1)]
        assert found[0] == pytest.approx(0.5 * debtor.start) or debtor.patience == 1
        assert found[-1] == 0.0
        assert all(later <= earlier for earlier, later in pairwise(found))


def test_a_wish_has_the_utility_aspired_to():
    for debtor in first().debtors:
        wish = wish_of(debtor, 0.3)
        assert wish.total <= debtor.balance
        if wish.total == debtor.balance:
            continue
        burden = wish.pay / debtor.affordable
        each, months = wish.pay * (1 + STRESS * burden**2), wish.total / wish.pay
        cost = each * (1 - 1.02**-months) / 0.02
        assert 1 - cost / (debtor.worth * debtor.balance) == pytest.approx(0.3, abs=0.01)


def test_who_hopes_for_more_asks_for_less():
    for debtor in first().debtors:
        assert wish_of(debtor, 0.6).total <= wish_of(debtor, 0.1).total


def test_draws_have_their_shapes():
    draw = random.Random(3)
    assert all(1 <= whole(draw, 1, 3) <= 3 for _ in range(99))
    assert all(2 <= between(draw, 2, 5) < 5 for _ in range(99))
    bells = [bell(draw) for _ in range(3000)]
    assert sum(bells) / 3000 == pytest.approx(0, abs=0.06)
    assert sum(x * x for x in bells) / 3000 == pytest.approx(1, abs=0.08)
    medians = [
        sorted(f(draw) for _ in range(999))[499]
        for f in (lambda d: spread(d, 7, 0.5), lambda d: heavy(d, 7, 2))
    ]
    assert medians == pytest.approx([7, 7], rel=0.15)


def test_papers_are_shown_by_who_has_them():
    for debtor in first().debtors:
        assert debtor.with_documents().evidence == "documents"
