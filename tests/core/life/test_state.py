from dataclasses import replace
from datetime import date

import pytest

from portal.core.life.state import DUE, MISSED, REMINDED, UPCOMING
from tests.core.life.test_acts import FIVE


@pytest.mark.parametrize(
    ("told", "paid", "state"),
    [(0, 0, "upcoming"), (UPCOMING, 0, "upcoming"), (DUE, 1, "due"), (REMINDED, 0, "due"), (MISSED, 0, "missed"),
     (MISSED, 100, "paid")],
)  # fmt: skip
def test_the_word_of_a_payment(told, paid, state):
    assert replace(FIVE.rows[0], told=told, paid=paid).state == state


def test_rows_stay_in_the_order_of_their_dates():
    last = replace(FIVE.rows[0], due_on=date(2027, 9, 1))
    assert [row.number for row in FIVE.with_rows(last).rows] == [2, 3, 4, 5, 1]
    assert FIVE.row(9) is None
