import pytest

from portal.core import typed as typed_
from portal.core.money import Money


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("60", "USD", 6000),
        ("60.5", "USD", 6050),
        ("60,50", "USD", 6050),
        ("$1,234.50", "USD", 123450),
        ("1.234,50 €", "EUR", 123450),
        ("1 234,50", "EUR", 123450),
        ("1\u202f234,50", "EUR", 123450),
        ("1’234.50", "CHF", 123450),
        ("500.000", "VND", 500000),
        ("1,500", "USD", 150000),
        ("1.500.000", "VND", 1500000),
        ("1.500.000 ₫", "VND", 1500000),
        ("60.00", "VND", 60),
        ("12,34,567.89", "INR", 123456789),
        ("٦٠٫٥٠", "AED", 6050),
        ("๖๐.๕๐", "THB", 6050),
        ("６０", "CNY", 6000),
        ("60.500", "KWD", 60500),
        ("-5", "USD", -500),
        ("USD 60", "USD", 6000),
        ("60.", "USD", 6000),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, currency, minor):
    assert typed_.read_amount(typed, currency=currency, decimal_mark=".") == Money(minor, currency)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "60 or 70",
        "1.2.3,4,5",
        "60.505",
        "1,23,4",
        "9" * 40,
        "1e5e",
        "NaN",
        "--5",
        "½",
        "\0",
    ],
)
def test_amounts_that_are_unclear_are_not_guessed(typed):
    assert typed_.read_amount(typed, currency="USD", decimal_mark=".") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  José \r\n", "José"),
        ("a\0b", "ab"),
        ("e\u0301", "é"),
        ("กำ", "กำ"),
        ("👩‍👧", "👩‍👧"),
        ("\ud800x", "x"),
        ("\u202eairaM\u202c \u2067x\u2069", "airaM x"),
    ],
)
def test_texts_are_cleaned_not_changed(typed, kept):
    assert typed_.clean(typed) == kept


@pytest.mark.parametrize(("year", "month", "day"), [("2533", "3", "7"), ("1990", "03", "07")])
def test_both_calendars(year, month, day):
    assert typed_.read_date(day=day, month=month, year=year).isoformat() == "1990-03-07"


def test_no_such_day():
    assert typed_.read_date(day="31", month="2", year="1990") is None
    assert typed_.read_date(day="", month="", year="") is None
