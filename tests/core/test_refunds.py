from datetime import date

import pytest

from portal.core.refunds import credit_of, has_way_back, refundable

DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("refunded", "returned", "claimed", "left"),
    [(0, 0, 0, 5_000), (2_000, 1_000, 500, 1_500), (5_000, 0, 0, 0), (0, 0, 9_000, 0)],
)
def test_what_can_still_go_back(refunded, returned, claimed, left):
    assert refundable(took=5_000, refunded=refunded, returned=returned, claimed=claimed) == left


def test_what_was_paid_too_much_is_the_debtors_own():
    assert credit_of({"credit": 700}, claimed=0) == 700
    assert credit_of({"credit": 700}, claimed=700) == 0
    assert credit_of(None, claimed=0) == 0


@pytest.mark.parametrize(
    ("method", "paid", "is_possible"),
    [
        ("card", date(2026, 11, 1), True),
        ("card", date(2026, 1, 1), False),
        ("boleto", DAY, False),
        ("grabpay", date(2026, 9, 3), True),
        ("grabpay", date(2026, 8, 1), False),
        ("gold", DAY, False),
        (None, DAY, True),
    ],
)
def test_money_goes_back_the_way_it_came_while_that_way_is_open(method, paid, is_possible):
    assert has_way_back(method=method, paid_on=paid, today=DAY) is is_possible
