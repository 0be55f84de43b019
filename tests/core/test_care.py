from datetime import date, timedelta

import pytest

from portal.core.bounds.families import BreathingSpace
from portal.core.care import COMPLAINT_TOPICS, DISPUTE_REASONS, care_rules, circumstances, pause_room
from portal.core.packs.rules import pack_for


def rules(**settings):
    return care_rules(settings)


def test_the_house_decides_where_the_lender_says_nothing():
    assert rules().dispute_answer == timedelta(days=30)
    assert rules().handoff_answer == timedelta(hours=48)
    assert not rules().pause_stops_interest


def test_an_answer_is_never_later_than_the_houses():
    strict = rules(dispute_answer_days=90, handoff_answer_hours=500)
    assert (strict.dispute_answer, strict.handoff_answer) == (timedelta(days=30), timedelta(hours=48))
    kind = rules(complaint_answer_days=5, pause_stops_interest=True)
    assert kind.complaint_answer.days == 5
    assert kind.pause_stops_interest


def test_settings_of_the_wrong_kind_count_as_unset():
    assert rules(complaint_answer_days="5", dispute_answer_days=-1, handoff_answer_hours=True) == rules()


def test_what_circumstances_do():
    known = circumstances(pack_for("GB"), confirmed=frozenset())
    assert known["adviser"].days == 30
    assert known["urgent_help"].is_urgent
    assert known["urgent_help"].needs_person
    assert known["extra_support"].hold is None


def test_codes_are_words_without_health():
    for code in (*DISPUTE_REASONS, *COMPLAINT_TOPICS, *circumstances(pack_for("US"), confirmed=frozenset())):
        assert code.replace("_", "").isalpha()
        assert not {"health", "ill", "mental"} & set(code.split("_"))


TODAY = date(2026, 12, 1)


def room(rule=None, *, begun=(), plan_since=None, country="US", today=TODAY):
    return pause_room(rule, pack=pack_for(country), begun=begun, plan_since=plan_since, today=today)


def test_without_bounds_the_houses_own_pauses_hold():
    for rule in (None, BreathingSpace(on=False, days=(90,), per_months=1)):
        assert (room(rule).days, room(rule).per_months, room(rule).per_plan) == ((30,), 12, None)
        assert room(rule).is_open


@pytest.mark.parametrize(("days", "expected"), [((90, 30), (30, 90)), ((7, 14), (30,)), ((7, 45), (30, 45))])
def test_no_pause_is_shorter_than_the_houses(days, expected):
    assert room(BreathingSpace(on=True, days=days)).days == expected


@pytest.mark.parametrize(
    ("per_months", "day", "next_on", "is_open"),
    [
        (6, date(2026, 6, 1), TODAY, True),
        (6, date(2026, 6, 2), date(2026, 12, 2), False),
        (1, date(2026, 10, 31), TODAY, True),
        (24, date(2026, 6, 2), date(2028, 6, 2), False),
    ],
)
def test_the_next_begins_after_the_months_of_the_bounds(per_months, day, next_on, is_open):
    found = room(BreathingSpace(on=True, per_months=per_months), begun=[date(2020, 1, 1), day])
    assert (found.next_on, found.is_open) == (next_on, is_open)


def test_a_plan_has_so_many_and_those_before_it_do_not_count():
    rule = BreathingSpace(on=True, per_months=1, per_plan=2)
    before, since = date(2026, 1, 5), date(2026, 2, 1)
    one = room(rule, begun=[before, date(2026, 3, 1)], plan_since=since)
    assert (one.per_plan, one.left, one.is_open) == (2, 1, True)
    two = room(rule, begun=[before, date(2026, 3, 1), since], plan_since=since)
    assert (two.left, two.is_open, two.next_on) == (0, False, None)
