from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.imports.dates import ORDERS, parse_date, write_date
from portal.core.imports.faults import CellError

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@given(DAYS, st.sampled_from(ORDERS))
def test_a_date_written_in_the_stated_order_is_read_back(day, order):
    assert parse_date(write_date(day, order), order=order) == day


def answer(text, order):
    try:
        return f"read {parse_date(text, order=order)}"
    except CellError as error:
        return error.reason


@given(st.text(max_size=20), st.sampled_from(ORDERS))
def test_any_text_is_a_date_or_a_known_reason(text, order):
    assert answer(text, order).startswith(("date.", "required", "read"))


@pytest.mark.parametrize(
    ("text", "order", "reason", "write"),
    [
        ("03/05/1979", "ymd", "date.order", "1979-05-03"),
        ("1979-05-03", "dmy", "date.order", "03/05/1979"),
        ("12/31/2024", "dmy", "date.order", "31/12/2024"),
        ("2567-11-24", "ymd", "date.buddhist_year", "2024-11-24"),
        ("29/02/2567", "dmy", "date.buddhist_year", "29/02/2024"),
        ("114/05/06", "ymd", "date.short_year", "the year as 2025"),
        ("02/03/04", "dmy", "date.short_year", "the year with four digits"),
        ("2023-02-30", "ymd", "date.impossible", None),
        ("1900-02-29", "ymd", "date.impossible", None),
        ("0000-01-01", "ymd", "date.impossible", None),
        ("1850-01-01", "ymd", "date.year", None),
        ("20260331", "ymd", "date.format", None),
        ("2026-03-31T10:00:00", "ymd", "date.format", None),
        ("31 March 2026", "dmy", "date.format", None),
        ("٢٠٢٤-٠١-٠١", "ymd", "date.format", None),
        ("", "ymd", "required", None),
        (5, "ymd", "date.format", None),
        (datetime(2026, 3, 31, 10, tzinfo=UTC), "ymd", "date.format", None),
    ],
)
def test_what_is_no_date_in_this_order_is_refused_and_never_guessed(text, order, reason, write):
    with pytest.raises(CellError) as caught:
        parse_date(text, order=order)
    assert caught.value.reason == reason
    assert caught.value.params.get("write") == write


def test_a_date_cell_of_a_spreadsheet_needs_no_order():
    for order in ORDERS:
        assert parse_date(datetime(2026, 3, 31, tzinfo=UTC), order=order) == parse_date(
            date(2026, 3, 31), order=order
        )
