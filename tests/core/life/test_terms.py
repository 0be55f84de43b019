import random
from datetime import date, timedelta

import pytest

from portal.core.calendar import Pause
from portal.core.errors import PlanError
from portal.core.life.terms import LifeTerms, Rhythm, read_terms, tail_dates
from tests.core.life.slow_life import next_dates

SIGNED = {
    "plan": {
        "schedule": [
            {"number": 0, "due_on": "2027-01-02"},
            {"number": 1, "due_on": "2027-02-01"},
            {"number": 2, "due_on": "2027-03-01"},
        ],
        "params": {
            "family": "parts",
            "freq": "monthly",
            "first_in_days": 30,
            "due_day": 31,
            "revert": "pro_rata",
        },
        "made_on": "2027-01-01",
        "conventions": {"business_day": "following"},
        "waived": {"principal": 900, "interest": 90, "fees": 10},
        "tranches": [[5_000, 400]],
        "cure_days": 20,
    },
    "rules": {"grace_days": 5, "missed_before_broken": 2, "cure_days": 14, "moves_per_year": 2},
}


def test_the_signed_terms_give_rules_rhythm_and_reduction():
    terms = read_terms(SIGNED)
    assert terms.rhythm == Rhythm(freq="monthly", first_on=date(2027, 1, 31), due_day=31, rule="following")
    assert (terms.waived, terms.revert, terms.cure_days, terms.tranches) == (
        1000,
        "pro_rata",
        20,
        ((5_000, 400),),
    )


@pytest.mark.parametrize("broken", [{}, {"plan": {}}, {**SIGNED, "rules": {}}])
def test_what_is_no_agreement_is_refused(broken):
    with pytest.raises(PlanError):
        read_terms(broken)


def test_what_vests_and_what_stays_when_a_plan_ends_early():
    terms = read_terms(SIGNED)
    assert [terms.vests_at(paid=paid, total=2_000) for paid in (0, 999, 1_000, 1_999, 2_000)] == [
        0,
        0,
        400,
        400,
        1000,
    ]
    assert terms.kept_at_end(paid=500, total=2_000) == 250
    assert terms.kept_at_end(paid=1_000, total=2_000) == 500
    without = read_terms({**SIGNED, "plan": {**SIGNED["plan"], "params": {"revert": "none"}, "tranches": []}})
    assert without.kept_at_end(paid=0, total=2_000) == 1000
    full = read_terms({**SIGNED, "plan": {**SIGNED["plan"], "params": {}, "tranches": []}})
    assert isinstance(full, LifeTerms)
    assert full.kept_at_end(paid=1_999, total=2_000) == 0


def test_the_end_of_a_plan_follows_the_signed_rhythm():
    draw = random.Random(5)
    for _ in range(150):
        first_on = date(2026, 11, 1) + timedelta(days=draw.randrange(500))
        freq = draw.choice(["monthly", "weekly", "fortnightly", "four_weekly"])
        rhythm = Rhythm(
            freq=freq, first_on=first_on, due_day=first_on.day, rule=draw.choice(["none", "following"])
        )
        after = first_on + timedelta(days=draw.randrange(30, 900))
        start = after + timedelta(days=draw.randrange(60))
        pause = Pause(start, start + timedelta(days=draw.randrange(1, 50)))
        slow = next_dates(rhythm, after, 3, lambda day, held=pause: held.start <= day < held.end)
        assert list(tail_dates(rhythm, after=after, count=3, pauses=(pause,))) == slow


def test_a_semi_monthly_plan_goes_on_twice_a_month():
    rhythm = Rhythm(freq="semi_monthly", first_on=date(2027, 1, 15), due_day=15, rule="none")
    assert tail_dates(rhythm, after=date(2027, 2, 20), count=3) == (
        date(2027, 2, 28),
        date(2027, 3, 15),
        date(2027, 3, 30),
    )


def test_a_pause_without_end_leaves_no_date():
    rhythm = Rhythm(freq="weekly", first_on=date(2027, 1, 15))
    with pytest.raises(PlanError):
        tail_dates(rhythm, after=date(2027, 2, 20), count=1, pauses=(Pause(date(2027, 2, 1), date.max),))
