"""Running plans: golden histories, and random ones that must conserve money to the unit."""

import random
from datetime import date, timedelta

import pytest

from portal.core.allocation import PARTS, Order
from portal.core.errors import ReplayError, UndoError
from portal.core.replay.happenings import AmountChanged, Charged, DateMoved, Paid, ReAged, Rebated, Undone
from portal.core.replay.run import replay, steps, unearned_interest
from tests.core.replay.plans import MONTHLY, START, a_plan, run


def test_nothing_happened():
    state = run()
    assert (state.outstanding, state.paid, state.overpaid, state.is_complete) == (60_000, 0, 0, False)
    assert [row.balance for row in state.rows] == [50_000, 40_000, 30_000, 20_000, 10_000, 0]
    assert state.rows[0].days == 31


def test_early_late_partial_and_over():
    state = run(
        Paid(date(2026, 12, 20), 4_000),
        Paid(date(2027, 1, 1), 6_000),
        Paid(date(2027, 2, 9), 12_000),
        Paid(date(2027, 2, 9), 90_000),
    )
    first, second, third = state.rows[:3]
    assert (first.in_advance, first.late, first.paid_on) == (4_000, 0, date(2027, 1, 1))
    assert (second.in_advance, second.late, second.paid_on) == (0, 10_000, date(2027, 2, 9))
    assert third.in_advance == 10_000
    assert (state.overpaid, state.outstanding, state.is_complete) == (52_000, 0, True)


def test_every_step_has_its_state():
    paid = [Paid(date(2027, 1, 1), 10_000), Paid(date(2027, 2, 1), 10_000)]
    assert [state.outstanding for state in steps(terms=a_plan(), happenings=paid)] == [60_000, 50_000, 40_000]


def test_a_payment_booked_late_counts_from_its_day():
    state = run(Paid(date(2027, 2, 1), 10_000), Paid(date(2027, 1, 1), 10_000))
    assert [row.late for row in state.rows[:2]] == [0, 0]


def test_a_charge_after_the_last_date_gets_a_row():
    state = run(Charged(START, date(2027, 7, 15), 500), Charged(START, date(2027, 7, 20), 100, "penalty"))
    extra = state.rows[-1]
    assert (len(state.rows), extra.due_on, extra.fees, extra.penalties) == (7, date(2027, 7, 20), 500, 100)
    state = run(Paid(START, 60_100), Charged(START, date(2027, 7, 15), 500))
    assert (state.overpaid, state.outstanding) == (0, 400)


def test_re_age_moves_unpaid_principal_to_new_rows_and_can_be_undone():
    paid = Paid(date(2027, 1, 1), 4_000)
    aged = ReAged(date(2027, 7, 5), date(2027, 8, 1), 5, MONTHLY, "re-age")
    state = run(paid, aged, lattice=100)
    assert [row.principal for row in state.rows] == [4_000, 0, 0, 0, 0, 0] + [11_200] * 5
    assert state.arrears(date(2027, 7, 6)).is_current
    assert run(paid, aged, Undone(date(2027, 7, 6), "re-age")) == run(paid)
    with pytest.raises(UndoError):
        run(paid, aged, Paid(date(2027, 8, 1), 1), Undone(date(2027, 8, 2), "re-age"))
    with pytest.raises(UndoError):
        run(paid, Undone(date(2027, 8, 2), "nothing"))


def test_an_early_payoff_saves_what_is_not_earned():
    state = run(rate="0.12")
    saved = unearned_interest(state, START)
    assert saved == sum(row.interest for row in state.rows)
    halfway = date(2027, 3, 16)
    rebate = unearned_interest(state, halfway)
    after = run(Rebated(halfway, rebate), rate="0.12")
    assert after.outstanding == state.outstanding - rebate
    assert after.rows[0].interest == state.rows[0].interest
    with pytest.raises(ReplayError):
        run(Rebated(halfway, 10**6), rate="0.12")


@pytest.mark.parametrize(
    "happening",
    [
        Paid(START, 0),
        Charged(START, START, 0),
        DateMoved(START, date(2030, 1, 1), date(2030, 2, 1)),
        ReAged(START, date(2027, 8, 1), 0, MONTHLY),
        ReAged(date(2027, 2, 1), date(2027, 1, 15), 3, MONTHLY),
        AmountChanged(START, date(2027, 2, 1), 0),
    ],
)
def test_what_does_not_fit_is_refused(happening):
    with pytest.raises(ReplayError):
        run(Paid(date(2027, 1, 1), 4_000), happening)


def random_history(draw):
    """Return a plan, its happenings, and what came in and fell due."""
    amount = draw.choice([1, 7, 1_000]) * draw.randint(100, 50_000)  # 2, 0 and 3 decimals differ in size only
    order = Order(
        tuple(draw.sample(PARTS, 4)),
        tuple(draw.sample(PARTS, 4)),
        draw.choice(["next", "last", "even"]),
        draw.choice(["by_row", "by_part"]),
    )
    rate = draw.choice(["0", "0", "0.12"])
    terms = a_plan(amount, draw.randint(1, 8), rate=rate, lattice=draw.choice([1, 100]), order=order)
    happenings, paid, charged = [], 0, 0
    for _ in range(draw.randint(1, 5)):
        day = START + timedelta(days=draw.randint(0, 500))
        if draw.random() < 0.8:
            piece = draw.randint(1, amount)
            happenings.append(Paid(day, piece))
            paid += piece
        else:
            piece = draw.randint(1, 5_000)
            happenings.append(
                Charged(
                    day, day + timedelta(days=draw.randint(0, 60)), piece, draw.choice(["fee", "penalty"])
                )
            )
            charged += piece
    if draw.random() < 0.3:
        happenings.append(ReAged(date(2028, 6, 1), date(2028, 7, 1), draw.randint(1, 12), MONTHLY))
    return terms, happenings, paid, charged


def loses_money(draw):
    """Return whether a random history loses or makes a unit."""
    terms, happenings, paid, charged = random_history(draw)
    try:
        state = replay(terms=terms, happenings=happenings)
    except ReplayError as fault:
        return "no unpaid principal" not in str(fault) and "new rows start" not in str(fault)
    due = terms.schedule.total + charged
    return (
        state.paid + state.overpaid != paid
        or sum(row.due for row in state.rows) != due
        or sum(row.principal for row in state.rows) != terms.schedule.amount
        or state.outstanding != due - state.paid
        or (state.overpaid > 0 and state.outstanding > 0)
        or any(not 0 <= row.paid <= row.due or row.late + row.in_advance > row.paid for row in state.rows)
    )


def test_random_histories_conserve_money_sample():
    draw = random.Random(20_261_124)
    assert not any(loses_money(draw) for _ in range(10_000))


@pytest.mark.long
def test_random_histories_conserve_money_all():
    draw = random.Random(10**6)
    assert not any(loses_money(draw) for _ in range(10**6))


def test_a_charge_that_was_due_before_it_was_added_counts_from_its_due_date():
    before = run(Paid(date(2027, 1, 1), 12_000), Charged(date(2027, 3, 1), date(2026, 12, 30), 500))
    assert (before.rows[0].due, before.rows[0].paid, before.rows[1].paid) == (10_500, 10_500, 1_500)
    same_day = run(Paid(date(2027, 1, 1), 12_000), Charged(date(2027, 3, 1), date(2027, 1, 1), 500))
    assert (same_day.rows[0].paid, same_day.rows[1].paid) == (10_000, 2_000)
