"""Amounts go over in major units and come back as the same minor ones, in every currency."""

from hypothesis import given
from hypothesis import strategies as st

from portal.core.money import CURRENCIES, Money
from portal.gateways.case_systems.shapes import major, minor


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(0, 10**12))
def test_an_amount_comes_back_as_it_went(currency, amount):
    assert minor(major(Money(amount, currency)), currency) == amount
