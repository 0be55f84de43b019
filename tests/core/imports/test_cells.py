from datetime import date

import pytest

from portal.core.imports.cells import AGES, Cells, Rules, is_empty
from portal.core.imports.faults import CellError
from tests.core.imports.rows import TODAY, phone_like


def cells(**changes):
    plain = {
        "today": TODAY,
        "normalize_phone": phone_like,
        "countries": frozenset({"TH"}),
        "time_zones": frozenset(),
    }
    return Cells(Rules(**plain | changes))


def test_a_day_may_be_tomorrow_because_of_time_zones_and_not_later():
    assert cells().day("2026-12-02") == date(2026, 12, 2)
    with pytest.raises(CellError, match=r"date.future"):
        cells().day("2026-12-03")


def test_ages_are_whole_years_on_the_day():
    assert cells().birth_date("2012-12-01") == date(2012, 12, 1)
    with pytest.raises(CellError) as caught:
        cells().birth_date("2012-12-02")
    assert caught.value.params == {"age": AGES.start - 1}


def test_a_phone_is_not_blamed_for_an_unknown_country():
    assert cells().phone("5", None) == ""
    with pytest.raises(CellError, match=r"phone.invalid"):
        cells().phone("5", "TH")


def test_an_amount_of_an_unknown_currency_is_read_with_two_decimals():
    assert cells().amount("1.50", None) == 150
    assert cells().amount("150", "VND") == 150
    with pytest.raises(CellError, match="required"):
        cells().amount(None, "USD")


def test_nothing_is_nothing():
    assert is_empty(None)
    assert is_empty("  ")
    assert not is_empty("0")
    assert not is_empty(0)
