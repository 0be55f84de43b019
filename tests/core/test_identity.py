from datetime import UTC, datetime, timedelta

import pytest

from portal.core.identity import (
    LINK_LENGTH,
    LINK_LETTERS,
    IdentityRules,
    fact_to_ask,
    is_code_in_time,
    is_same,
    read_digits,
    read_last4,
    reasons_for_code,
    rules_of,
)

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_a_link_has_128_bits_in_one_letter_case():
    assert len(LINK_LETTERS) ** LINK_LENGTH >= 2**128
    assert LINK_LETTERS.lower() == LINK_LETTERS
    assert len(set(LINK_LETTERS)) == 32


@pytest.mark.parametrize(
    ("hours", "life"), [(None, 72), (1, 24), (24, 24), (100, 100), (5000, 720), ("72", 72), (True, 72)]
)
def test_a_link_lives_between_a_day_and_a_month(hours, life):
    assert rules_of({"link_hours": hours}).link_life == timedelta(hours=life)


def test_settings_that_nobody_knows_mean_the_default():
    assert rules_of({"identity_fact": "mother", "identity_code": 3}) == IdentityRules()
    rules = rules_of({"identity_fact": "id_last4", "identity_code": "always", "number_confirm_days": 30})
    assert (rules.fact, rules.code_policy, rules.number_confirm_days) == ("id_last4", "always", 30)


@pytest.mark.parametrize(
    ("fact", "born", "last4", "asked"),
    [
        ("birth_date", True, True, "birth_date"),
        ("birth_date", False, True, "id_last4"),
        ("id_last4", True, False, "birth_date"),
        ("id_last4", False, False, "id_last4"),
    ],
)
def test_the_page_asks_for_what_is_on_file(fact, born, last4, asked):
    rules = IdentityRules(fact=fact)
    assert fact_to_ask(rules=rules, has_birth_date=born, has_id_last4=last4) == asked


@pytest.mark.parametrize(
    ("typed", "read"),
    [("123456", "123456"), (" 12 34-56 ", "123456"), ("๑๒๓๔๕๖", "123456"), ("١٢٣٤٥٦", "123456"), ("12345", None),
     ("1234567", None), ("12345a", None), ("", None)],
)  # fmt: skip
def test_a_code_is_read_in_any_script(typed, read):
    assert read_digits(typed, length=6) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0056", "0056"),
        ("123-45-0056", "0056"),
        ("ab 9x", "AB9X"),
        ("๐๐๕๖", "0056"),
        ("056", None),
        ("", None),
    ],
)
def test_the_last_four_forgive_a_whole_id(typed, read):
    assert read_last4(typed) == read


def test_a_missing_fact_never_fits():
    assert is_same(on_file="1986-11-17", given="1986-11-17")
    assert not is_same(on_file="1986-11-17", given="1986-11-18")
    assert not is_same(on_file=None, given="\0")
    assert not is_same(on_file=None, given="")


def ask(**changes):
    known = {"is_known_device": True, "has_devices": True, "confirmed_at": NOW, "rules": IdentityRules()}
    return reasons_for_code(now=NOW, **(known | changes))


def test_a_first_visit_alone_asks_for_no_code():
    assert ask(is_known_device=False, has_devices=False, confirmed_at=None) == ()
    assert ask() == ()


def test_the_risk_rule():
    assert ask(is_known_device=False) == ("new_device",)
    assert ask(confirmed_at=NOW - timedelta(days=61)) == ("number_not_confirmed",)
    assert ask(confirmed_at=NOW - timedelta(days=60)) == ()
    assert ask(rules=IdentityRules(code_policy="always")) == ("lender",)


def test_a_clock_that_jumps_back_gives_no_more_time():
    times = {"sent_at": NOW, "expires_at": NOW + timedelta(minutes=10)}
    assert is_code_in_time(now=NOW + timedelta(minutes=9, seconds=59), **times)
    assert not is_code_in_time(now=NOW + timedelta(seconds=601), **times)
    assert not is_code_in_time(now=NOW - timedelta(hours=1), **times)
