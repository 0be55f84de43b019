from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import CurrencyMismatchError, MoneyError, UnknownCurrencyError
from portal.core.money import (
    CURRENCIES,
    Money,
    cash_round,
    ceil_to,
    divide_half_even,
    exponent,
    round_half_even,
    share,
)


@pytest.mark.parametrize(
    ("code", "places"), [("VND", 0), ("JPY", 0), ("USD", 2), ("HUF", 2), ("KWD", 3), ("CLF", 4)]
)
def test_decimals_follow_iso_4217(code, places):
    assert exponent(code) == places


def test_there_are_about_as_many_currencies_as_in_iso_4217():
    assert 165 <= len(CURRENCIES) <= 185


@pytest.mark.parametrize("code", ["", "usd", "XAU", "ZZZ"])
def test_an_unknown_code_is_refused(code):
    with pytest.raises(UnknownCurrencyError):
        Money(1, code)


@pytest.mark.parametrize("minor", [1.0, True, "1", 10**16, -(10**16)])
def test_money_is_a_whole_number_within_bounds(minor):
    with pytest.raises(MoneyError):
        Money(minor, "THB")


def test_currencies_do_not_mix():
    with pytest.raises(CurrencyMismatchError):
        Money(1, "THB") + Money(1, "USD")
    with pytest.raises(CurrencyMismatchError):
        _ = Money(1, "THB") < Money(1, "USD")


def test_amounts_are_read_with_the_decimals_of_the_currency():
    assert Money.of("1.234", "KWD") == Money(1234, "KWD")
    assert Money.of("15000000", "VND") == Money(15_000_000, "VND")
    assert str(Money(-12345, "THB").decimal) == "-123.45"
    for wrong in ("1.5", "NaN", "1e40", "one"):
        with pytest.raises(MoneyError):
            Money.of(wrong, "VND")


def test_ties_go_to_the_even_neighbor():
    halves = [Decimal("0.5"), Decimal("1.5"), Decimal("2.5"), Decimal("-0.5"), Decimal("-1.5")]
    assert [round_half_even(value) for value in halves] == [0, 2, 2, 0, -2]


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_division_rounds_as_fractions_do(numerator, denominator):
    assert divide_half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.integers(1, 1000))
def test_the_ceiling_is_the_smallest_multiple_above(numerator, denominator, lattice):
    found = ceil_to(numerator, denominator, lattice)
    assert found % lattice == 0
    assert found * denominator >= numerator > (found - lattice) * denominator


def test_pro_rata_golden_row():
    assert share(10_001, [123_456, 98_765, 20_001]) == (5_097, 4_078, 826)


weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@given(st.integers(-(10**12), 10**12), weights)
def test_parts_add_up_and_stay_within_one_unit(total, parts):
    shares = share(total, parts)
    assert sum(shares) == total
    for mine, weight in zip(shares, parts, strict=True):
        assert abs(mine - Fraction(total * weight, sum(parts))) < 1


@pytest.mark.parametrize("wrong", [[0, 0], [1, -1, 3]])
def test_weights_must_make_sense(wrong):
    with pytest.raises(MoneyError):
        share(10, wrong)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["VND", "THB", "KWD"]))
def test_allocated_money_is_conserved(minor, currency):
    parts = Money(minor, currency).allocate([3, 2, 1])
    assert parts[0] + parts[1] + parts[2] == Money(minor, currency)


def test_cash_rounds_to_the_smallest_coin():
    assert cash_round(1003, "CHF") == 1005
    assert cash_round(1002, "CHF") == 1000
    assert cash_round(1234, "USD") == 1234


def test_scaling_rounds_once():
    assert Money(250, "USD").scaled(Decimal("0.01")) == Money(2, "USD")
    assert bool(-Money(5, "USD") + Money(5, "USD")) is False
    assert Money(7, "USD") * 3 - Money(1, "USD") == Money(20, "USD")
    assert Money(1, "USD") <= Money(1, "USD")
