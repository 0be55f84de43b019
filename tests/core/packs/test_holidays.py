from datetime import date

from portal.core.packs.holidays import YEARS, holidays_of, is_holiday
from portal.core.packs.rules import PACKS


def test_known_days():
    assert is_holiday("US", date(2026, 12, 25))
    assert not is_holiday("US", date(2026, 12, 24))
    assert is_holiday("TH", date(2027, 4, 13))
    assert is_holiday("CN", date(2027, 10, 1))


def test_every_pack_has_days_in_every_listed_year():
    for code in set(PACKS) - {"EU"}:
        for year in YEARS:
            days = holidays_of(code, year)
            assert len(days) >= 6, (code, year)
            assert {day.year for day in days} == {year}


def test_a_place_or_year_without_a_list_has_no_holidays():
    assert holidays_of("ZZ", 2026) == frozenset()
    assert holidays_of("US", 1999) == frozenset()
