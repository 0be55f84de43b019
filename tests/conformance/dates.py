"""Day counts, recurrence rules and holiday lists."""

from datetime import date
from fractions import Fraction

from portal.core.calendar import is_business_day, roll
from portal.core.daycount import (
    DayCount,
    business_252,
    days_30_360_bond,
    days_30_360_european,
    days_30_360_isda,
    days_30_360_italian,
    days_30_360_nasd,
    days_30_360_us,
    year_fraction,
)
from portal.core.errors import CalendarError
from portal.core.recurrence import expand, parse_rule
from portal.gateways.holidays import UnknownCalendarError, closed_days
from tests.conformance.verdicts import Case, NotApplicableError, inputs_of

#: How sources write a convention, without spaces and in small letters, and the product's name of it.
RULES_360 = {
    "30/360": days_30_360_bond,
    "30/360bondbasis": days_30_360_bond,
    "30/360isma": days_30_360_bond,
    "30/360nasd": days_30_360_nasd,
    "30/360usa": days_30_360_us,
    "30/360us": days_30_360_us,
    "30/360eurobondbasis": days_30_360_european,
    "30/360european": days_30_360_european,
    "30e/360": days_30_360_european,
    "30/360german": days_30_360_isda,
    "30/360isda": days_30_360_isda,
    "30e/360isda": days_30_360_isda,
    "30/360italian": days_30_360_italian,
}
FRACTIONS: dict[str, DayCount] = {
    "act/360": "actual/360",
    "act/364": "actual/364",
    "act/365": "actual/365",
    "act/365(fixed)": "actual/365",
    "act/365fixed": "actual/365",
    "act/365f": "actual/365",
    "act/365.25": "actual/365.25",
    "act/365noleap": "actual/365_no_leap",
    "nl/365": "actual/365_no_leap",
    "act/366": "actual/366",
    "act/act": "actual/actual",
    "act/actisda": "actual/actual",
    "act/acthistorical": "actual/actual",
    "act/actafb": "actual/actual_afb",
    "act/acteuro": "actual/actual_afb",
}


def named(text: str) -> str:
    """Return the name of a convention as the tables above spell it."""
    return text.lower().replace("actual", "act").replace(" ", "").replace("_", "").replace("(isda)", "isda")


def answer_daycount(case: Case) -> int | Fraction:
    name = named(case["convention"])
    start, end = date.fromisoformat(case["start"]), date.fromisoformat(case["end"])
    if name in RULES_360:
        kept = case.get("termination")
        if name.endswith("isda") and kept:
            return days_30_360_isda(start, end, termination=date.fromisoformat(kept))
        return RULES_360[name](start, end)
    if name in FRACTIONS:
        return year_fraction(start, end, FRACTIONS[name])
    if name.startswith("business/252"):
        calendar = name.removeprefix("business/252").strip("()") or "brazil"
        closed = closed_days(f"{calendar} settlement", range(start.year, end.year + 1))
        return business_252(start, end, closed=closed)
    raise NotApplicableError(f"no day count {case['convention']}")


def differs_daycount(answered: int | Fraction, case: Case) -> str | None:
    if "expected_days" in case:
        told = case["expected_days"]
        same = _days(answered, named(case["convention"])) == told
    else:
        told = case["expected_fraction"]
        years = Fraction(answered, 360) if isinstance(answered, int) else answered
        same = abs(float(years) - float(told)) < 1e-9
    return None if same else f"{answered} instead of {told}"


def _days(answered: int | Fraction, name: str) -> int | Fraction:
    """Return an answer in days: a fraction times the days of its year, where the convention has one length."""
    basis = FRACTIONS.get(name, "").partition("/")[2].partition("_")[0]
    whole = isinstance(answered, int) or not basis.replace(".", "").isdigit()
    return answered if whole else answered * Fraction(basis)


def answer_recurrence(case: Case) -> list[str]:
    if "T" in case["rule"].partition("UNTIL=")[2].partition(";")[0]:
        raise NotApplicableError("UNTIL has a time of day, the case does not state that of the start")
    try:
        rule = parse_rule(case["rule"])
    except CalendarError as reason:
        if "by the day" in str(reason) or "repeats" in str(reason):
            raise NotApplicableError("a rule finer than a day") from reason
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
