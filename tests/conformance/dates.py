"""Day counts, recurrence rules and holiday lists."""

from datetime import date
from fractions import Fraction

from portal.core.calendar import is_business_day, roll
from portal.core.daycount import (
    actual_actual_isda,
    days_30_360_bond,
    days_30_360_european,
    days_30_360_isda,
    days_30_360_us,
)
from portal.core.errors import CalendarError
from portal.core.recurrence import expand, parse_rule
from portal.gateways.holidays import UnknownCalendarError, closed_days
from tests.conformance.verdicts import Case, NotApplicableError, inputs_of

RULES_360 = {
    "30/360 BondBasis": days_30_360_bond,
    "30/360 USA": days_30_360_us,
    "30/360 EurobondBasis": days_30_360_european,
    "30/360 European": days_30_360_european,
    "30/360 ISDA": days_30_360_isda,
    "30E/360 ISDA": days_30_360_isda,
}
FRACTIONS = {"actual/actual ISDA": actual_actual_isda, "act/act ISDA": actual_actual_isda}


def answer_daycount(case: Case) -> int | Fraction:
    convention = case["convention"]
    start, end = date.fromisoformat(case["start"]), date.fromisoformat(case["end"])
    if convention in RULES_360:
        return RULES_360[convention](start, end)
    for name, rule in FRACTIONS.items():
        if convention.lower().replace(" ", "") == name.lower().replace(" ", ""):
            return rule(start, end)
    raise NotApplicableError(f"no day count {convention}")


def differs_daycount(answered: int | Fraction, case: Case) -> str | None:
    if "expected_days" in case:
        same, told = answered == case["expected_days"], case["expected_days"]
    else:
        told = case["expected_fraction"]
        same = abs(float(answered) - float(told)) < 1e-9
    return None if same else f"{answered} instead of {told}"


def answer_recurrence(case: Case) -> list[str]:
    try:
        rule = parse_rule(case["rule"])
    except CalendarError as reason:
        text = str(reason)
        if "time of day" in text or "by the day" in text or "repeats" in text:
            raise NotApplicableError(text if "time of day" in text else "a rule finer than a day") from reason
        raise
    return [day.isoformat() for day in expand(rule, start=date.fromisoformat(case["dtstart"]))]


def differs_recurrence(answered: list[str], case: Case) -> str | None:
    told = case["expected"]
    # a rule without COUNT or UNTIL has no end: the source prints its beginning
    same = answered == told or (
        "COUNT" not in case["rule"] and "UNTIL" not in case["rule"] and answered[: len(told)] == told
    )
    return None if same else f"{answered[:5]} instead of {told[:5]}"


def strip_holidays(case: Case) -> Case:
    """The dates to ask about are inputs; that each is a holiday is what is expected."""
    return {**inputs_of(case), "ask": list(case["holidays_weekday_only"])}


def answer_holidays(case: Case) -> list[tuple[bool, date]]:
    years = range(int(case["from"][:4]), int(case["to"][:4]) + 2)
    try:
        closed = closed_days(case["calendar"], years)
    except UnknownCalendarError:
        raise NotApplicableError(f"no calendar {case['calendar']}") from None
    asked = [date.fromisoformat(day) for day in case["ask"]]
    return [(is_business_day(day, closed), roll(day, rule="following", holidays=closed)) for day in asked]


def differs_holidays(answered: list[tuple[bool, date]], case: Case) -> str | None:
    listed = set(case["holidays_weekday_only"])
    for day, (is_open, moved) in zip(case["holidays_weekday_only"], answered, strict=True):
        if is_open or moved.isoformat() <= day or moved.isoformat() in listed:
            return f"{day} is a business day or rolls to {moved}"
    return None
