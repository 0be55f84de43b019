"""Amounts on Stripe's wire, both ways, for every currency that we know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.money import CURRENCIES, Money
from portal.gateways.stripe_amounts import AmountError, from_wire, to_wire


@pytest.mark.parametrize(
    ("money", "wire"),
    [
        (Money(12345, "USD"), (12345, "usd")),
        (Money(12345, "VND"), (12345, "vnd")),
        (Money(12345, "JPY"), (12345, "jpy")),
        (Money(12345, "KWD"), (12345, "kwd")),
        (Money(123, "ISK"), (12300, "isk")),  # no decimals in ISO 4217, two on the wire
        (Money(123, "UGX"), (12300, "ugx")),
        (Money(12345, "IDR"), (12345, "idr")),
    ],
)
def test_known_amounts(money, wire):
    assert to_wire(money) == wire
    assert from_wire(*wire) == money


@given(st.integers(0, 10**10), st.sampled_from(sorted(CURRENCIES)))
def test_there_and_back_is_the_same_or_refused(minor, currency):
    money = Money(minor, currency)
    try:
        wire = to_wire(money)
    except AmountError:
        return
    assert from_wire(*wire) == money


def test_a_part_of_a_unit_is_never_rounded_away():
    with pytest.raises(AmountError):
        from_wire(12350, "isk")
    with pytest.raises(AmountError):
        to_wire(Money(30, "CLF"))
