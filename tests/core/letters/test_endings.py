import pytest

from portal.core.letters import endings
from portal.core.letters.frame import asked_texts
from tests.core.letters.samples import TWO, a_frame, a_milestone, an_ending


def figures(letter):
    return {row[0]: row[1] for one in letter["blocks"] for row in one.get("pairs", ())}


def test_what_is_paid_in_full_owes_nothing_and_forgives_nothing():
    letter = an_ending(a_frame())
    assert letter["kind"] == "paid_in_full"
    assert figures(letter)["ending_owed"]["minor"] == 0
    assert "settled_waived" not in figures(letter)
    assert "us_reported" not in asked_texts(letter)


@pytest.mark.parametrize(
    ("place", "currency", "waived", "is_told"),
    [
        ("US", "USD", 60_000, True),
        ("US", "USD", 59_999, False),
        ("US", "EUR", 60_000, False),
        ("GB", "USD", 60_000, False),
    ],
)
def test_a_forgiven_sum_of_600_dollars_is_told_in_the_us(place, currency, waived, is_told):
    letter = an_ending(a_frame(place=place, currency=currency), waived=waived)
    assert letter["kind"] == "settled"
    assert figures(letter)["settled_waived"]["minor"] == waived
    assert ("us_reported" in asked_texts(letter)) is is_told


def test_a_step_tells_what_it_took_off_and_what_is_still_to_come():
    letter = a_milestone(a_frame())
    assert figures(letter)["milestone_off"]["minor"] == 1_000
    rows = next(one["rows"] for one in letter["blocks"] if "table" in one)
    assert [row[3]["term"] for row in rows] == ["step_done"] * 2 + ["step_open"] * 4
    assert [row[0]["term"] for row in rows] == [*(f"step_{one}" for one in endings.STEPS), "step_other"]


@pytest.mark.parametrize(
    "make", [an_ending, a_milestone, lambda frame, **more: an_ending(frame, waived=70_000, **more)]
)
def test_every_account_of_a_plan_is_named_and_a_single_one_needs_no_list(make):
    def listed(accounts):
        letter = make(a_frame(), accounts=accounts)
        return [one["rows"] for one in letter["blocks"] if one.get("table") == "plan_accounts"]

    assert listed(TWO) == [[[{"words": text} for text in row] for row in TWO]]
    assert listed(TWO[:1]) == listed(()) == []


def test_a_step_without_a_reward_takes_nothing_off():
    assert "milestone_off" not in figures(a_milestone(a_frame(), kind="unknown"))
