from datetime import date

import pytest

from portal.gateways.holidays import UnknownCalendarError, calendar_names, closed_days, easter


@pytest.mark.parametrize(
    ("year", "day"), [(1961, date(1961, 4, 2)), (2024, date(2024, 3, 31)), (2038, date(2038, 4, 25))]
)
def test_easter(year, day):
    assert easter(year) == day


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        ("TH", date(2026, 12, 5)),
        ("GB-SCT", date(2026, 11, 30)),
        ("UK settlement", date(2004, 5, 3)),
        ("Frankfurt", date(2003, 12, 24)),
        ("Brazil settlement", date(2005, 2, 7)),
    ],
)
def test_holidays_are_closed(calendar, day):
    assert day in closed_days(calendar, [day.year])


def test_names_are_known_and_others_refused():
    for name in calendar_names():
        assert closed_days(name, [2026])
    with pytest.raises(UnknownCalendarError):
        closed_days("moon", [2026])
    assert closed_days("TH", []) == frozenset()
