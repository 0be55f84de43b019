"""Random recurrence rules against an implementation that shares no code with ours (skipped where it is absent)."""

import random
from datetime import date, datetime
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
        parts["BYWEEKNO"] = some(draw, -53, 53)
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


def test_thirty_rules():
    assert differing(30, seed=3) == []


@pytest.mark.long
def test_five_thousand_rules():
    assert differing(5_000, seed=5) == []


def test_a_rule_that_no_day_passes_stops_at_its_end():
    rule = parse_rule("FREQ=DAILY;UNTIL=20270101;BYMONTH=2;BYMONTHDAY=30")
    assert expand(rule, start=date(2026, 1, 1)) == ()
