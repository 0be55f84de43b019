from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from portal.core.life import money
from portal.core.life.acts import World
from portal.core.life.replay import run
from tests.core.life.test_acts import BORN, FIVE, TERMS, ZONE, until

WAIVING = replace(TERMS, waived=1_000, revert="pro_rata", tranches=((4_000, 300),))
LATE = run(FIVE, World(TERMS, ZONE), until=until(date(2027, 2, 7))).life


def paid(life, amount, *, terms=WAIVING, is_final=True):
    had = bool(life.missed)
    life = money.with_paid(life, money.parts_of(life, amount), at=life.as_of)
    return money.turn(life, terms, had_missed=had, is_final=is_final)


def test_money_fills_the_oldest_payment_first():
    assert money.parts_of(FIVE, 250) == ((1, 100), (2, 100), (3, 50))
    assert money.parts_of(FIVE, 900)[-1] == (5, 100)


def test_closing_the_gap_cures_once():
    life, turn = paid(LATE, 100)
    assert turn == money.Turn(is_cured=True)
    assert life.state == "active"
    assert paid(life, 100)[1] == money.Turn(vested=300)


def test_a_part_of_the_gap_does_not_cure():
    assert paid(LATE, 99)[1] == money.Turn()


def test_tranches_vest_on_the_way_and_the_rest_at_the_end():
    life, first = paid(FIVE, 200)
    life, last = paid(life, 300)
    assert (first.vested, last.vested, last.is_completed, life.vested) == (300, 700, True, 300)


def test_a_plan_is_complete_only_when_the_money_is_final():
    life, turn = paid(FIVE, 500, is_final=False)
    assert (turn.is_completed, life.state, turn.vested) == (False, "active", 300)
    life, turn = money.turn(life, WAIVING, had_missed=False, is_final=True)
    assert (turn.is_completed, turn.vested, life.state) == (True, 700, "completed")


def test_a_collected_payment_is_final_when_the_bank_cannot_take_it_back():
    at = datetime(2027, 2, 1, tzinfo=UTC)
    assert money.final_at([(at, "card")]) == at
    assert money.final_at([(at, "sepa_debit"), (at, "card")]) == at + timedelta(days=14)
    assert money.final_at([]) is None


def test_money_that_goes_back_opens_payments_without_a_mark():
    life, _ = paid(FIVE, 500)
    back = money.with_given_back(life, [(5, 100), (1, 40)], at=until(date(2027, 2, 20)), zone=ZONE)
    assert back.state == "active"
    assert (back.row(1).state, back.row(5).state, back.missed) == ("due", "upcoming", ())
    assert back.row(5).since == BORN
    assert back.vested == 0
    assert paid(back, 140)[1].vested == 1_000


def test_what_stays_when_the_days_to_catch_up_are_over():
    life, _ = paid(FIVE, 250)
    life, kept = money.lapse(life, WAIVING)
    assert (kept, life.vested) == (200, 500)


def test_three_payments_in_a_row_re_age_once_and_a_missed_one_begins_the_row_anew():
    terms = replace(TERMS, re_age_kept=3)
    life, turn = paid(FIVE, 200, terms=terms)
    assert (turn.is_re_aged, life.kept_in_a_row) == (False, 2)
    life, turn = paid(life, 100, terms=terms)
    assert (turn.is_re_aged, life.is_re_aged) == (True, True)
    assert not paid(life, 100, terms=terms)[1].is_re_aged
    late, turn = paid(LATE, 300, terms=terms)  # the first of the three was missed
    assert (turn.is_re_aged, late.kept_in_a_row) == (False, 2)
    assert paid(late, 100, terms=terms)[1].is_re_aged


def test_a_re_age_ends_with_the_money_that_it_rests_on():
    terms = replace(TERMS, re_age_kept=2)
    life, _ = paid(FIVE, 300, terms=terms)
    one = money.with_given_back(life, [(3, 100)], at=life.as_of, zone=ZONE)
    assert money.un_aged(one, terms) == (one, False)
    two = money.with_given_back(one, [(2, 1)], at=life.as_of, zone=ZONE)
    assert money.un_aged(two, terms)[1]
    assert not money.un_aged(FIVE, terms)[1]
