from datetime import date

import pytest

from portal.core.money import CURRENCIES, Money
from portal.core.payment_methods import (
    DEBITED,
    METHODS,
    STRIPE,
    by_rail,
    choosable,
    expected_on,
    has_page,
    offered,
    picked_for,
)

WANTED = [
    "card", "promptpay", "fpx", "grabpay", "paynow", "pix", "boleto", "oxxo", "konbini", "alipay", "wechat_pay",
    "sepa_debit", "bacs_debit", "us_bank_account", "upi", "customer_balance", "qris", "vietqr", "spei", "gcash",
]  # fmt: skip


def test_the_table_has_every_rail_that_the_product_promises():
    assert list(METHODS) == WANTED
    for method in METHODS.values():
        assert set(method.limits) <= CURRENCIES
        assert all(not most or least < most for least, most in method.limits.values())


@pytest.mark.parametrize(
    ("country", "currency", "names"),
    [
        ("TH", "THB", ["card", "promptpay"]),
        ("MY", "MYR", ["card", "fpx", "grabpay"]),
        ("SG", "SGD", ["card", "grabpay", "paynow"]),
        ("BR", "BRL", ["card", "pix", "boleto"]),
        ("MX", "MXN", ["card", "oxxo", "customer_balance"]),
        ("JP", "JPY", ["card", "konbini", "customer_balance"]),
        ("DE", "EUR", ["card", "sepa_debit", "customer_balance"]),
        ("GB", "GBP", ["card", "bacs_debit", "customer_balance"]),
        ("US", "USD", ["card", "us_bank_account", "customer_balance"]),
        ("IN", "INR", ["card", "upi"]),
        ("CN", "CNY", ["card", "alipay", "wechat_pay"]),
        ("VN", "VND", ["card"]),
    ],
)
def test_what_fits_a_country_and_its_currency(country, currency, names):
    assert [method.name for method in choosable(country=country, currency=currency)] == names


def test_a_page_offers_exactly_what_the_lender_picked_where_it_fits():
    baht = Money(50_000, "THB")
    assert offered(amount=baht, country="TH", picked=("promptpay",)) == ("promptpay",)
    assert offered(amount=baht, country="TH", picked=()) == ("card", "promptpay")
    assert offered(amount=baht, country="TH", picked=("boleto",)) == ("card",)


RAILS = frozenset({"stripe", "qr"})


@pytest.mark.parametrize(
    ("country", "currency", "name"),
    [("ID", "IDR", "qris"), ("VN", "VND", "vietqr"), ("MX", "MXN", "spei"), ("PH", "PHP", "gcash")],
)
def test_a_way_of_another_rail_is_there_where_the_rail_is(country, currency, name):
    where = {"country": country, "currency": currency}
    assert name in [method.name for method in choosable(**where, rails=RAILS)]
    assert name not in [method.name for method in choosable(**where)]
    assert [one.name for one in by_rail(**where, picked=(), rails=RAILS)] == [name]
    assert [one.name for one in by_rail(**where, picked=("card", name), rails=RAILS)] == [name]
    assert by_rail(**where, picked=("card",), rails=RAILS) == ()
    assert by_rail(**where, picked=(), rails=STRIPE) == ()
    assert by_rail(country=country, currency="USD", picked=(), rails=RAILS) == ()


def test_stripes_page_never_hears_of_another_rails_ways():
    rupiah = Money(50_000, "IDR")
    assert offered(amount=rupiah, country="ID", picked=("qris",)) == ("card",)
    assert offered(amount=rupiah, country="ID", picked=()) == ("card",)


@pytest.mark.parametrize(
    ("picked", "expected"),
    [((), True), (("card", "qris"), True), (("qris",), False), (("qris", "gone"), False)],
)
def test_stripes_page_is_offered_unless_only_other_rails_were_picked(picked, expected):
    assert has_page(picked) is expected


def test_limits_take_a_way_off_the_page():
    assert "oxxo" in offered(amount=Money(1_000_000, "MXN"), country="MX", picked=())
    assert "oxxo" not in offered(amount=Money(1_000_001, "MXN"), country="MX", picked=())
    assert "boleto" not in offered(amount=Money(499, "BRL"), country="BR", picked=())
    assert not METHODS["oxxo"].takes(Money(5_000, "USD"))


def test_only_what_can_be_debited_is_kept():
    assert {"card", "sepa_debit", "bacs_debit", "us_bank_account", "upi"} == DEBITED
    assert offered(amount=Money(5_000, "MYR"), country="MY", picked=(), for_later=True) == ("card",)


@pytest.mark.parametrize(
    ("settings", "picked"),
    [
        ({}, ()),
        ({"payment_methods": {"TH": ["promptpay", "card"]}}, ("promptpay", "card")),
        ({"payment_methods": {"TH": ["promptpay", "gold"]}}, ("promptpay",)),
        ({"payment_methods": {"MY": ["fpx"]}}, ()),
        ({"payment_methods": "card"}, ()),
        ({"payment_methods": {"TH": "card"}}, ()),
    ],
)
def test_what_a_lender_picked(settings, picked):
    assert picked_for(settings, "TH") == picked


@pytest.mark.parametrize(
    ("method", "day"),
    [("card", 1), ("boleto", 2), ("sepa_debit", 8), ("us_bank_account", 7)],
)
def test_money_takes_working_days(method, day):
    assert expected_on(method, today=date(2026, 12, 1)) == date(2026, 12, day)


def test_nothing_is_expected_of_a_way_that_is_not_known():
    assert expected_on("gold", today=date(2026, 12, 1)) is None
    assert expected_on(None, today=date(2026, 12, 1)) is None


def test_what_comes_later_is_known_by_its_nature():
    assert METHODS["boleto"].is_delayed
    assert not METHODS["card"].is_delayed
