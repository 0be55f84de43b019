import pytest

from portal.actions.staff.second_eyes import DECISIONS, check_decision, why_not_decided


def test_only_two_answers_are_decisions():
    for decision in DECISIONS:
        check_decision(decision)
    for other in ("", "Approved", "maybe", "withdrawn"):
        with pytest.raises(ValueError, match="approved, declined"):
            check_decision(other)


def test_who_asked_may_not_decide_and_nobody_decides_twice():
    assert why_not_decided(is_waiting=True, asked_by="stf_1", by="stf_2") == ""
    assert why_not_decided(is_waiting=True, asked_by="stf_1", by="stf_1") == "own_work"
    assert why_not_decided(is_waiting=False, asked_by="stf_1", by="stf_2") == "not_waiting"
    assert why_not_decided(is_waiting=False, asked_by="stf_1", by="stf_1") == "not_waiting"
