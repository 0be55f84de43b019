from datetime import timedelta

from portal.core.care import COMPLAINT_TOPICS, DISPUTE_REASONS, care_rules, circumstances
from portal.core.packs.rules import pack_for


def rules(**settings):
    return care_rules(settings, pack=pack_for("US"))


def test_the_house_decides_where_the_lender_says_nothing():
    assert rules().pause_days == 30
    assert rules().pause_months_apart == 12
    assert rules().dispute_answer == timedelta(days=30)
    assert rules().handoff_answer == timedelta(hours=48)
    assert not rules().pause_stops_interest


def test_a_pause_is_never_shorter_and_an_answer_never_later_than_the_houses():
    strict = rules(pause_days=3, pause_months=24, dispute_answer_days=90, handoff_answer_hours=500)
    assert (strict.pause_days, strict.pause_months_apart) == (30, 12)
    assert (strict.dispute_answer, strict.handoff_answer) == (timedelta(days=30), timedelta(hours=48))
    kind = rules(pause_days=60, pause_months=6, complaint_answer_days=5, pause_stops_interest=True)
    assert (kind.pause_days, kind.pause_months_apart, kind.complaint_answer.days) == (60, 6, 5)
    assert kind.pause_stops_interest


def test_settings_of_the_wrong_kind_count_as_unset():
    assert rules(pause_days="60", dispute_answer_days=-1, handoff_answer_hours=True) == rules()


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
