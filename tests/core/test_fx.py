"""Paying in another currency, against exact fractions: prices, worth, and sides that leave nothing behind."""

import itertools
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.fx import (
    FxRules,
    Rate,
    deal_of,
    from_json,
    money_legs,
    quote,
    rules_of,
    to_json,
    why_not,
    worth,
)
from portal.core.money import Money, exponent
from tests.build import NOW

CODES = ("USD", "JPY", "KWD", "EUR", "VND")
rates = st.builds(
    lambda pair, value: Rate(base=pair[0], other=pair[1], value=value, source="Test bank", at=NOW),
    st.permutations(CODES),
    st.decimals(min_value="0.0001", max_value="90000", places=6).filter(lambda one: one > 0),
)
amounts = st.integers(1, 10**9)
rules = st.builds(FxRules, currencies=st.just(CODES), margin_bp=st.integers(0, 500))


def exact(minor, rate, *, back=False):
    """Say what minor units are worth on the other side, without any rounding."""
    first, second = (rate.other, rate.base) if back else (rate.base, rate.other)
    major = Fraction(minor, 10 ** exponent(first))
    value = Fraction(rate.value)
    return (major / value if back else major * value) * 10 ** exponent(second)


@given(amounts, rates, rules)
def test_a_price_is_the_exact_one_to_half_a_unit_and_the_margin_is_what_lies_between(minor, rate, allowed):
    found = quote(Money(minor, rate.base), rate=rate, rules=allowed, now=NOW)
    price = exact(minor, rate) * (1 + Fraction(allowed.margin_bp, 10_000))
    if found is None:
        assert price <= Fraction(1, 2)
        return
    assert abs(found.pay.minor - price) <= Fraction(1, 2)
    assert abs(found.worth_minor - exact(found.pay.minor, rate, back=True)) <= Fraction(1, 2)
    assert (found.charged(minor), found.settles(found.pay.minor)) == (found.pay.minor, minor)
    assert from_json(to_json(found)) == found
    assert found.stands(NOW + timedelta(minutes=29))
    assert not found.stands(NOW + timedelta(minutes=30))


@given(amounts, rates, rules, st.lists(st.integers(0, 1_000), max_size=6), st.integers(1, 10**9))
def test_however_a_payment_goes_back_each_currency_sums_to_zero_and_nothing_stays(
    minor, rate, allowed, cuts, worth_now
):
    """In, out and in again by any steps: the debt's side answers each step, and at nothing all books are empty."""
    deal = quote(Money(minor, rate.base), rate=rate, rules=allowed, now=NOW)
    if deal is None:
        return
    ways = [0, minor, *(minor * cut // 1_000 for cut in cuts), 0]
    books = Counter()
    for before, after in itertools.pairwise(ways):
        legs = money_legs(deal, book="cash", before=before, after=after, worth_now=worth_now)
        by_currency = Counter()
        for leg in legs:
            by_currency[leg.currency] += leg.minor
            books[leg.book, leg.currency] += leg.minor
        assert by_currency[rate.other] == 0
        assert by_currency[rate.base] == after - before
        share = Fraction(after, minor)
        assert abs(books["cash", rate.other] - share * deal.pay.minor) <= Fraction(1, 2)
        assert abs(books["fx_position", rate.base] - share * worth_now) <= Fraction(1, 2)
    assert not any(books.values())


def test_the_books_of_a_payment_say_margin_and_loss():
    rate = Rate(base="USD", other="EUR", value=Decimal("0.9"), source="Test bank", at=NOW)
    deal = quote(Money(10_000, "USD"), rate=rate, rules=FxRules(margin_bp=150), now=NOW)
    assert (deal.pay, deal.worth_minor) == (Money(9_135, "EUR"), 10_150)
    legs = money_legs(deal, book="cash", before=0, after=10_000, worth_now=9_930)
    assert {(leg.book, leg.currency): leg.minor for leg in legs} == {
        ("cash", "EUR"): 9_135,
        ("fx_position", "EUR"): -9_135,
        ("fx_position", "USD"): 9_930,
        ("fx_margin", "USD"): -150,
        ("fx_result", "USD"): 220,
    }
    assert (
        worth(Money(9_135, "EUR"), Rate(base="USD", other="EUR", value=Decimal("0.92"), source="x", at=NOW))
        == 9_929
    )


@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (timedelta(0), None),
        (timedelta(hours=26), None),
        (timedelta(hours=27), "stale"),
        (-timedelta(minutes=6), "ahead"),
        (-timedelta(minutes=4), None),
    ],
)
def test_a_rate_that_is_too_old_or_of_tomorrow_is_refused(age, reason):
    rate = Rate(base="USD", other="EUR", value=Decimal(1), source="x", at=NOW - age)
    assert why_not(rate, rules=FxRules(), now=NOW) == reason
    assert why_not(None, rules=FxRules(), now=NOW) == "missing"


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ({}, FxRules()),
        ({"fx": 7}, FxRules()),
        (
            {"fx": {"currencies": ["EUR", "XXX"], "margin_bp": 501, "locked_minutes": 4}},
            FxRules(currencies=("EUR",)),
        ),
        (
            {"fx": {"currencies": ["THB", "EUR"], "margin_bp": 0, "stale_hours": 2}},
            FxRules(currencies=("EUR", "THB"), margin_bp=0, stale_hours=2),
        ),
    ],
)
def test_rules_are_read_within_their_limits(kept, read):
    assert rules_of(kept) == read
    assert deal_of({"gift": "x"}) is None
