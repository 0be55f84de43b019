from portal.core.negotiation.grids import counts, methods, waiver_max
from tests.core.negotiation.helpers import BOUNDS


def test_every_count_up_to_sixty_and_then_every_fourth():
    assert counts("monthly", 500, 60) == tuple(range(2, 61))
    assert counts("monthly", 500, 84)[-3:] == (76, 80, 84)
    assert counts("weekly", 60, 60)[-1] == 60
    assert counts("monthly", 1, 1) == ()


def test_a_ladder_gives_the_step_reached():
    lump = BOUNDS.segments[0].families.lump
    assert [waiver_max(lump, days) for days in (0, 31, 180, 181, 361)] == [0, 1000, 1000, 3000, 5500]


def test_without_interest_there_is_one_method():
    assert methods(("level", "flat"), 0) == ("",)
    assert methods(("flat", "level"), 90_000) == ("", "flat")
