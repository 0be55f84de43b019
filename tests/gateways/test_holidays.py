from datetime import date

import pytest

from portal.gateways.holidays import UnknownCalendarError, calendar_names, closed_days


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        ("TH", date(2026, 12, 5)),
        ("GB-SCT", date(2026, 11, 30)),
        ("UK settlement", date(2004, 5, 3)),
        ("Frankfurt", date(2003, 12, 24)),
        ("Brazil settlement", date(2005, 2, 7)),
        ("Brazil", date(2024, 11, 20)),
        ("TARGET", date(1999, 12, 31)),
        ("New York stock exchange", date(2004, 6, 11)),
        ("US government bond market", date(2004, 6, 11)),
        ("South Korean settlement", date(2006, 5, 1)),
        ("Denmark", date(2021, 5, 14)),
        ("Canada settlement", date(2024, 11, 11)),
        ("Hong Kong", date(2008, 3, 21)),
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
