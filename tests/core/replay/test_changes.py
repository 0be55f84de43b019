from datetime import date
from decimal import Decimal

import pytest

from portal.core.errors import ReplayError
from portal.core.replay.changes import stepped
from portal.core.replay.happenings import (
    AmountChanged,
    DateMoved,
    GraceGiven,
    RateChanged,
    ReAmortized,
    Rhythm,
    TermExtended,
)
from tests.core.replay.plans import START, run


def test_a_moved_date_moves_the_rest_by_the_same_step():
    state = run(DateMoved(START, date(2027, 3, 1), date(2027, 4, 15)))
    assert [row.due_on for row in state.rows[1:4]] == [date(2027, 2, 1), date(2027, 4, 15), date(2027, 5, 15)]
    with pytest.raises(ReplayError):
        run(DateMoved(START, date(2027, 3, 1), date(2027, 1, 15)))


def test_a_longer_term_spreads_what_is_left():
    state = run(TermExtended(START, date(2027, 3, 1), 4))
    assert [row.principal for row in state.rows] == [10_000] * 2 + [5_000] * 8
    assert state.rows[-1].due_on == date(2027, 10, 1)


def test_a_grace_puts_in_rows_without_principal():
    state = run(GraceGiven(START, date(2027, 2, 1), 2))
    assert [row.principal for row in state.rows] == [10_000, 0, 0] + [10_000] * 5
    bearing = run(GraceGiven(START, date(2027, 2, 1), 2), rate="0.12")
    assert bearing.rows[1].interest == bearing.rows[2].interest > 0
    assert sum(row.principal for row in bearing.rows) == 60_000


def test_another_rate_changes_later_rows_only():
    before, after = run(rate="0.12"), run(RateChanged(START, date(2027, 4, 1), Decimal("0.06")), rate="0.12")
    assert before.rows[:3] == after.rows[:3]
    assert sum(row.interest for row in after.rows[3:]) < sum(row.interest for row in before.rows[3:])
    free = run(RateChanged(START, date(2027, 4, 1), Decimal(0)), rate="0.12")
    assert not any(row.interest for row in free.rows[3:])


def test_another_amount_changes_the_number_of_rows():
    state = run(AmountChanged(START, date(2027, 2, 1), 20_000))
    assert [row.principal for row in state.rows] == [10_000, 20_000, 20_000, 10_000]
    assert len(run(AmountChanged(START, date(2027, 2, 1), 5_000)).rows) == 11
    with pytest.raises(ReplayError):
        run(AmountChanged(START, date(2027, 2, 1), 1), rate="0.12")


def test_re_amortize_moves_what_is_past_due_onto_later_rows():
    state = run(ReAmortized(date(2027, 2, 15)))
    assert [row.principal for row in state.rows] == [0, 0, 15_000, 15_000, 15_000, 15_000]
    assert state.arrears(date(2027, 2, 16)).is_current
    with pytest.raises(ReplayError):
        run(ReAmortized(date(2027, 12, 1)))


def test_steps_go_from_the_first_date():
    assert stepped(date(2027, 1, 31), Rhythm(months=1), 3)[1:] == [date(2027, 2, 28), date(2027, 3, 31)]
    assert stepped(date(2027, 1, 31), Rhythm(days=14), 2)[1] == date(2027, 2, 14)
