import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.imports.faults import CellError
from portal.core.imports.texts import read_email, read_id_last4, read_language, read_text


@given(st.text(max_size=60))
def test_text_comes_back_as_one_visible_line_or_is_refused(text):
    try:
        found = read_text(text, 50)
    except CellError:
        return
    assert found == found.strip()
    assert len(found) <= 50
    found.encode()
    assert not any(ord(char) < 32 for char in found)


def test_numbers_of_a_spreadsheet_are_text_too_and_dates_are_not():
    assert read_text(10029, 80) == "10029"
    assert read_text(Decimal("10029.50"), 80) == "10029.50"
    for wrong in (True, dt.date(2026, 1, 1), 1.5, [1], {"a": 1}):
        with pytest.raises(CellError, match=r"text.kind"):
            read_text(wrong, 80)


def test_joiners_that_scripts_need_are_kept():
    assert read_text("می\u200cخواهم", 80) == "می\u200cخواهم"


def test_last_four_keeps_its_zeros_or_is_refused():
    assert read_id_last4("0056") == "0056"
    assert read_id_last4("") == ""
    for wrong in (56, "056", "00561", "٠٠٥٦", "00 6"):
        with pytest.raises(CellError):
            read_id_last4(wrong)


def test_email_and_language_are_checked_for_their_form():
    assert read_email("megan.smith+x@example.co.uk") == "megan.smith+x@example.co.uk"
    for wrong in ("a@b", "a b@c.de", "a@b..de", "<a@b.de>", "@b.de"):
        with pytest.raises(CellError):
            read_email(wrong)
    assert read_language("FIL") == "fil"
    for wrong in ("english", "e", "en-", "ไทย"):
        with pytest.raises(CellError):
            read_language(wrong)
