from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.imports.amounts import parse_amount, parse_rate, see_decimal
from portal.core.imports.faults import CellError


def amount(cell, *, decimal="point", places=2):
    return parse_amount(cell, decimal=decimal, places=places, currency="USD")


@pytest.mark.parametrize(
    ("text", "decimal", "minor"),
    [
        ("1234.5", "point", 123450),
        (" 1234.56 ", "point", 123456),
        ("1,234.56", "point", 123456),
        ("1 234 567.8", "point", 123456780),
        ("1\N{NO-BREAK SPACE}234,50", "comma", 123450),
        ("1’234.50", "point", 123450),
        ("12,34,567.00", "point", 123456700),
        ("1,23,456", "point", 12345600),
        ("1.234,56", "comma", 123456),
        ("22.449.837", "comma", 2244983700),
        ("0", "point", 0),
        ("000.10", "point", 10),
    ],
)
def test_amounts_as_people_write_them(text, decimal, minor):
    assert amount(text, decimal=decimal) == minor


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "required"),
        ("1.234,56", "amount.mark"),
        ("1.234.567", "amount.mark"),
        ("1.234", "amount.decimals"),
        ("12.345", "amount.decimals"),
        ("-5", "amount.negative"),
        ("(5.00)", "amount.negative"),
        ("5.00-", "amount.negative"),
        ("−5", "amount.negative"),
        ("$5.00", "amount.sign"),
        ("5.00 EUR", "amount.sign"),
        ("1e30", "amount.format"),
        ("NaN", "amount.format"),
        ("1,23", "amount.mark"),
        ("1,2345", "amount.mark"),
        ("1 234,567.00", "amount.format"),
        ("1,234 567", "amount.format"),
        (".50", "amount.format"),
        ("١٢٣٫٤٥", "amount.digits"),
        ("๑๒๓", "amount.digits"),
        ("99999999999999999999", "amount.too_large"),
        ("=1+1", "amount.format"),
        (True, "amount.format"),
        (1.5, "amount.format"),
        (Decimal(-1), "amount.negative"),
        (Decimal("1.005"), "amount.decimals"),
        (Decimal("NaN"), "amount.too_large"),
        (10**18, "amount.too_large"),
        (Decimal("1E+25"), "amount.too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text, reason):
    with pytest.raises(CellError) as caught:
        amount(text)
    assert caught.value.reason == reason


def test_refusals_say_how_to_write_it_where_there_is_one_way():
    for text, write in (("$1,234.50", "1,234.50"), ("R$ 100.00", "100.00"), ("๑๒๓", "123")):
        with pytest.raises(CellError) as caught:
            amount(text)
        assert caught.value.params["write"] == write


def test_a_currency_without_decimals_takes_none():
    assert amount("22449837", places=0) == 22449837
    assert amount("22.449.837", decimal="comma", places=0) == 22449837
    with pytest.raises(CellError, match="decimals"):
        amount("5.00", places=0)


@given(st.integers(min_value=0, max_value=10**14), st.sampled_from(["point", "comma"]))
def test_an_amount_written_in_either_way_is_read_back(minor, decimal):
    plain = f"{minor // 100}.{minor % 100:02d}"
    grouped = f"{minor // 100:,}.{minor % 100:02d}"
    for text in (plain, grouped):
        written = text if decimal == "point" else text.translate(str.maketrans(",.", ".,"))
        assert amount(written, decimal=decimal) == minor


def answer(text, decimal):
    try:
        return f"read {amount(text, decimal=decimal)}"
    except CellError as error:
        return error.reason


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_known_reason(text):
    for decimal in ("point", "comma"):
        assert answer(text, decimal).startswith(("amount.", "required", "read"))


@pytest.mark.parametrize(
    ("cells", "seen"),
    [
        (["1.50", "1234"], "point"),
        (["1,50"], "comma"),
        (["1.234,50", "7"], "comma"),
        (["1,234.50"], "point"),
        (["1.234.567"], "comma"),
        (["1,23,456"], "point"),
        (["1.234", "2.345"], "unclear"),
        (["1.234", "2.50"], "point"),
        (["0.125"], "point"),
        (["1234.567"], "point"),
        (["100", "", "7"], "plain"),
        ([Decimal("1.5"), 3, None], "plain"),
        (["1.50", "1,50"], "mixed"),
    ],
)
def test_the_decimal_mark_is_seen_or_called_unclear(cells, seen):
    assert see_decimal(cells) == seen


def test_rates_take_either_mark_and_no_thousands():
    assert parse_rate("14.07") == parse_rate("14,07 %") == parse_rate(Decimal("14.07")) == Decimal("0.1407")
    assert parse_rate("0") == 0
    for wrong in ("", "-1", "1.234,5", "1001", "abc", None, True, Decimal("Infinity")):
        with pytest.raises(CellError):
            parse_rate(wrong)
