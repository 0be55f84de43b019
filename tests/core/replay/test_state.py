from datetime import date

from portal.core.replay.happenings import Paid
from portal.core.replay.state import opened
from portal.core.schedule import with_down_payment
from tests.core.replay.plans import START, a_plan, run


def test_arrears_of_a_running_plan():
    state = run(Paid(date(2027, 1, 1), 4_000))
    late = state.arrears(date(2027, 2, 11))
    assert (late.amount, late.days_past_due) == (16_000, 41)
    assert state.rows[0].unpaid.principal == 6_000


def test_a_down_payment_is_the_first_row():
    terms = a_plan()
    plan = with_down_payment(terms.schedule, amount=20_000, due_on=START)
    state = opened(type(terms)(START, plan, terms.rhythm, terms.order)).frozen()
    assert (state.rows[0].due_on, state.rows[0].due, state.rows[0].balance) == (START, 20_000, 60_000)
    assert state.rows[0].total == state.rows[0].outstanding


def test_equal_histories_give_equal_states():
    paid = Paid(date(2027, 1, 1), 10_000)
    assert run(paid) == run(paid)
