from itertools import pairwise

from portal.core.negotiation.simulate import Point
from portal.web.debtor.curve import HEIGHT, ROWS_MAX, WIDTH, curve_of


def some_points(count, *, step=100):
    return [Point(payment=500 + at * 50, total=9_000 - at * step, months=20 - at) for at in range(count)]


def test_a_curve_falls_from_the_lowest_payment_to_the_highest_inside_its_picture():
    curve = curve_of(some_points(12), "USD")
    places = [tuple(map(int, corner.split(","))) for corner in curve.line.split()]
    assert len(places) == 12
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in places)
    for (x, y), (x2, y2) in pairwise(places):
        assert x < x2
        assert y < y2
    assert curve.dots == (places[0], places[-1])
    assert len(curve.rows) == ROWS_MAX
    assert (curve.rows[0].payment.minor, curve.rows[-1].payment.minor) == (500, 1_050)
    assert curve.is_falling


def test_equal_totals_are_a_level_line_and_two_plans_are_no_curve():
    level = curve_of(some_points(5, step=0), "USD")
    assert len({corner.split(",")[1] for corner in level.line.split()}) == 1
    assert not level.is_falling
    assert curve_of(some_points(2), "USD") is None
    assert curve_of([], "USD") is None
