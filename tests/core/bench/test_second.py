import random
from itertools import pairwise

from portal.core.bench.second import WORLDS, debtors


def test_it_has_everything_the_first_lacks():
    found = debtors(random.Random(1), 1500)
    assert 0.3 < sum(d.bias == 0.8 for d in found) / 1500 < 0.5
    assert any(d.foresight for d in found)
    assert any(d.waits for d in found)
    assert any(not d.documents for d in found)
    assert any(len(d.facts.accounts) == 3 for d in found)
    assert {d.world for d in found} == set(WORLDS)
    twins = [(a, b) for a, b in pairwise(found) if a.facts == b.facts]
    assert twins
    assert all(b.waits and b.patience == 8 for _, b in twins)


def test_hazards_rise_with_the_burden_and_hit_everybody():
    for world in WORLDS:
        yearly = [world.yearly(b, 0.8) for b in (0.05, 0.3, 0.6, 0.9, 1.5, 3.0)]
        assert yearly == sorted(yearly)
        assert yearly[0] >= 0.06
        assert world.clock(2.0) == 2.0


def test_equal_seeds_make_equal_debtors():
    assert debtors(random.Random(7), 9) == debtors(random.Random(7), 9)
    assert len(debtors(random.Random(7), 9)) == 9
