"""Rules about time stamps, repeats and declines of a payment provider."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.payments import (
    HARD_DECLINES,
    Kind,
    is_hard_decline,
    is_within_tolerance,
    may_repeat,
)
from portal.core.states import PAYMENT

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "fits"), [(0, True), (300, True), (-300, True), (301, False), (-301, False), (86_400, False)]
)
def test_a_time_stamp_is_checked_on_both_sides(seconds, fits):
    assert is_within_tolerance(at=NOW + timedelta(seconds=seconds), now=NOW) is fits


@given(st.integers(-(10**6), 10**6))
def test_the_tolerance_has_no_side(seconds):
    shift = timedelta(seconds=seconds)
    assert is_within_tolerance(at=NOW + shift, now=NOW) == is_within_tolerance(at=NOW - shift, now=NOW)


@pytest.mark.parametrize(("hours", "may"), [(0, True), (22, True), (23, False), (24, False), (100, False)])
def test_an_attempt_is_never_repeated_once_its_key_may_be_forgotten(hours, may):
    assert may_repeat(started_at=NOW, now=NOW + timedelta(hours=hours)) is may


def test_a_lost_card_is_final_and_an_empty_account_is_not():
    assert is_hard_decline("lost_card")
    assert not is_hard_decline("insufficient_funds")
    assert not is_hard_decline(None)
    assert all(code == code.lower() for code in HARD_DECLINES)


def test_the_ends_of_a_payment_have_our_words():
    assert {Kind.SUCCEEDED, Kind.PENDING, Kind.FAILED, Kind.CANCELED, Kind.REFUNDED, Kind.DISPUTED} <= set(
        PAYMENT
    )
