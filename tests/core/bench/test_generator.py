import random
from statistics import median

from portal.core.bench import generator
from portal.core.bench.generator import COUNT, EPS, SEEDS, debtors


def test_the_published_parameters():
    found = debtors(random.Random(1), 2000)
    assert COUNT == 250
    assert EPS == 2.36
    assert tuple(range(1, 11)) == SEEDS
    assert 220_000 < median(d.balance for d in found) < 260_000
    assert min(d.balance for d in found) >= 40_000
    assert max(d.balance for d in found) <= 2_000_000
    assert 0.037 < median(d.affordable / d.balance for d in found) < 0.043
    assert 0.32 < sum(d.cash > 0 for d in found) / 2000 < 0.38
    assert all(0.5 <= d.worth < 1.05 and 2 <= d.patience <= 8 for d in found)
    assert {d.world.eps_within for d in found} == {2.36}


def test_equal_seeds_make_equal_debtors_and_it_is_frozen():
    one, other = debtors(random.Random(7), 5), debtors(random.Random(7), 5)
    assert one == other
    assert debtors(random.Random(8), 5) != one
    assert [d.balance for d in debtors(random.Random(1), 3)] == [200725, 150437, 161367]
    assert "elasticity 2.36" in generator.__doc__
