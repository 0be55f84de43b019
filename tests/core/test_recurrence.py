from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import CalendarError
from portal.core.recurrence import expand, parse_rule


def dates(text, start="1997-09-02", limit=6):
    return [day.isoformat() for day in expand(parse_rule(text), start=date.fromisoformat(start), limit=limit)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;COUNT=2;BYDAY=-1FR", ["1997-09-26", "1997-10-31"]),
        ("FREQ=MONTHLY;COUNT=2;BYMONTHDAY=-1", ["1997-09-30", "1997-10-31"]),
        ("RRULE:FREQ=MONTHLY;COUNT=2;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["1997-09-30", "1997-10-31"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", ["1997-09-02", "1997-09-16", "1997-09-30"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3;WKST=SU;BYDAY=TU,SU", ["1997-09-02", "1997-09-14", "1997-09-16"]),
        ("FREQ=YEARLY;COUNT=2;BYMONTH=1,3", ["1998-01-02", "1998-03-02"]),
        ("FREQ=YEARLY;COUNT=2;BYDAY=20MO", ["1998-05-18", "1999-05-17"]),
        ("FREQ=DAILY;UNTIL=19970904", ["1997-09-02", "1997-09-03", "1997-09-04"]),
        ("FREQ=YEARLY;COUNT=1;BYWEEKNO=53;BYDAY=MO", ["1998-12-28"]),
        ("FREQ=YEARLY;COUNT=1;BYYEARDAY=-1", ["1997-12-31"]),
        ("FREQ=DAILY;COUNT=2;BYMONTH=1", ["1998-01-01", "1998-01-02"]),
        ("FREQ=YEARLY;COUNT=3;BYEASTER=0", ["1998-04-12", "1999-04-04", "2000-04-23"]),
        ("FREQ=MONTHLY;COUNT=2;BYEASTER=-2", ["1998-04-10", "1999-04-02"]),
        ("FREQ=YEARLY;INTERVAL=100;COUNT=3", ["1997-09-02", "2097-09-02", "2197-09-02"]),
    ],
)
def test_rules_expand_as_the_standard_says(rule, expected):
    assert dates(rule) == expected


def test_the_first_of_a_rhythm_without_end_is_limited():
    assert len(dates("FREQ=MONTHLY", limit=5)) == 5


def test_a_day_that_never_comes_ends():
    assert dates("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=6",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYDAY=XX",
        "",
        "FREQ=DAILY;UNTIL=19970904T080000",
    ],
)
def test_what_is_not_by_the_day_is_refused(rule):
    with pytest.raises(CalendarError):
        parse_rule(rule)


@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
)
def test_dates_increase_from_the_start(start, frequency):
    found = expand(parse_rule(f"FREQ={frequency};COUNT=5"), start=start)
    assert list(found) == sorted(set(found))
    assert found[0] == start
