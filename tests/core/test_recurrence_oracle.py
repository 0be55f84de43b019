"""Random recurrence rules against an implementation that shares no code with ours (skipped where it is absent).

Weeks at the edge of a year are judged by `weeks_of` instead. The other implementation does not know that -52 can be
the first week, and counts the weeks of the year before by the length of this one: for weeks that begin on Sunday it
takes 1 January 2027 into a week 53 that 2026 does not have. With 5,000 rules this differed seven times.
"""

import random
from datetime import date, datetime, timedelta
from itertools import islice

import pytest

from portal.core.recurrence import expand, parse_rule

rrule = pytest.importorskip("dateutil.rrule")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 40


def some(draw, low, high, most=3):
    numbers = [number for number in range(low, high + 1) if number]
    return ",".join(str(draw.choice(numbers)) for _ in range(draw.randint(1, most)))


def a_rule(draw):
    """One rule; never one that no day can pass, because the other implementation would look for ever."""
    frequency = draw.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = {"FREQ": frequency, "UNTIL": f"{draw.randrange(2030, 2045)}0{draw.randrange(1, 9)}15"}
    if draw.random() < 0.5:
        parts["INTERVAL"] = str(draw.randint(1, 5))
    if draw.random() < 0.3:
        parts["WKST"] = draw.choice(DAYS)
    kind = draw.random()
    if draw.random() < 0.35 and (frequency != "YEARLY" or kind >= 0.6):
        parts["BYMONTH"] = some(draw, 1, 12)
    if frequency == "YEARLY" and kind < 0.2:
        parts["BYWEEKNO"] = some(draw, 2, 51) if draw.random() < 0.5 else some(draw, -51, -2)
    elif frequency == "YEARLY" and kind < 0.35:
        parts["BYYEARDAY"] = some(draw, -366, 366)
    elif frequency == "YEARLY" and kind < 0.6:
        parts["BYEASTER"] = some(draw, -60, 60)
    elif frequency == "MONTHLY" and kind < 0.7:
        parts["BYMONTHDAY"] = some(draw, -31, 31)
    if frequency != "DAILY" and not {"BYEASTER", "BYYEARDAY"} & set(parts) and draw.random() < 0.45:
        is_nth = frequency in {"MONTHLY", "YEARLY"} and "BYWEEKNO" not in parts and draw.random() < 0.5
        numbers = [str(draw.choice([-2, -1, 1, 2, 3, 4])) if is_nth else "" for _ in range(2)]
        parts["BYDAY"] = ",".join(number + draw.choice(DAYS) for number in numbers)
    has_many = "BYDAY" in parts and not any(p[:1] in "-1234" for p in parts["BYDAY"].split(","))
    if has_many and frequency in {"MONTHLY", "YEARLY"} and kind >= 0.7:
        parts["BYSETPOS"] = some(draw, -3, 3, most=2)
    return ";".join(f"{key}={value}" for key, value in parts.items())


def differing(rules, seed):
    draw = random.Random(seed)
    wrong = []
    for _ in range(rules):
        text, start = a_rule(draw), date(draw.randrange(2019, 2026), draw.randint(1, 12), draw.randint(1, 28))
        ours = expand(parse_rule(text), start=start, limit=MOST)
        moment = datetime(start.year, start.month, start.day)  # noqa: DTZ001 -- a day for the other implementation
        theirs = rrule.rrulestr(text, dtstart=moment)
        if list(ours) != [one.date() for one in islice(theirs, MOST)]:
            wrong.append((text, start))
    return wrong


def weeks_of(year, week_start):
    """The weeks of a year by the words of RFC 5545: the first one has at least four of its days in it."""
    day = date(year, 1, 1) - timedelta(days=7)
    while day.weekday() != week_start:
        day += timedelta(days=1)
    weeks = []
    while day.year <= year:
        week = [day + timedelta(days=k) for k in range(7)]
        if sum(one.year == year for one in week) >= 4:
            weeks.append(week)
        day = week[-1] + timedelta(days=1)
    return weeks


def test_weeks_at_the_edge_of_a_year():
    for week_start in ("MO", "TH", "SU"):
        for number in (1, 52, 53, -1, -52, -53):
            wanted = set()
            for year in range(2023, 2034):
                weeks = weeks_of(year, DAYS.index(week_start))
                if abs(number) <= len(weeks):
                    wanted |= set(weeks[number - 1 if number > 0 else number])
            rule = parse_rule(f"FREQ=YEARLY;UNTIL=20321231;WKST={week_start};BYWEEKNO={number}")
            start, end = date(2024, 1, 1), date(2032, 12, 31)
            assert list(expand(rule, start=start)) == sorted(one for one in wanted if start <= one <= end)


def test_thirty_rules():
    assert differing(30, seed=3) == []


@pytest.mark.long
def test_five_thousand_rules():
    assert differing(5_000, seed=5) == []


def test_a_rule_that_no_day_passes_stops_at_its_end():
    rule = parse_rule("FREQ=DAILY;UNTIL=20270101;BYMONTH=2;BYMONTHDAY=30")
    assert expand(rule, start=date(2026, 1, 1)) == ()
