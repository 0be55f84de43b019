"""Short-term loans with a daily rate, and single figures of other engines."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.core.apr import Transfer, apr_effective_dated
from portal.core.daily_loans import add_on, capped_level
from portal.core.rates import Interest, daily, whole_periods
from portal.core.rows import Schedule
from portal.core.schedule import level, level_exact
from portal.core.xirr import pmt, rate_of
from tests.conformance.verdicts import Case, NotApplicableError, minor

ROUNDINGS = {"rounded down": "down", "rounded up": "up", "round using AwayFromZero": "half_up"}


def answer(case: Case) -> tuple[Schedule, float | None, int]:
    """Return the schedule, its APR, and the interest fixed at the start (add-on)."""
    given = case["input"]
    amount, dates = minor(given["principal"]), [date.fromisoformat(day) for day in given["payment_dates"]]
    start = date.fromisoformat(given["start_date"])
    if given["rate_per"] != "day":
        raise NotApplicableError("the rate is not a daily one")
    interest = daily(daily_rate=Decimal(given["rate_pct"]) / 100, start_on=start, due_dates=dates)
    cap_pct = given.get("interest_cap_total_pct")
    cap = None if cap_pct is None else int(amount * Fraction(str(cap_pct)) / 100)
    plan = _plan(given, amount, dates, interest, cap)
    advance = Transfer(start, amount / 100)
    paid = [Transfer(row.due_on, row.amount / 100) for row in plan.rows]
    fixed = plan.interest if given["method"] == "add-on" else 0
    return plan, apr_effective_dated(advances=[advance], payments=paid), fixed


def _plan(given: Case, amount: int, dates: list[date], interest: Interest, cap: int | None) -> Schedule:
    if given["method"] == "add-on":
        return add_on(amount=amount, due_dates=dates, interest=interest, interest_cap=cap)
    if given["method"] != "actuarial":
        raise NotApplicableError(f"no method {given['method']}")
    rounding = ROUNDINGS[given["interest_rounding"]]
    plan = capped_level(
        amount=amount, due_dates=dates, interest=interest, interest_rounding=rounding, interest_cap=cap
    )
    nearest = int(Fraction(*level_exact(amount=amount, interest=interest)) + Fraction(1, 2))
    if given["payment_rounding"] == "round using AwayFromZero" and nearest != plan.level:
        raise NotApplicableError(
            "rounding to nearest and 'smallest level' name two payments, the case not which"
        )
    return plan


def differs(answered: tuple[Schedule, float | None, int], case: Case) -> str | None:
    plan, apr, fixed = answered
    expected = case["expected"]
    rows = [row for row in expected["rows"] if row["day"] or minor(row["payment"])]
    if len(rows) != len(plan.rows):
        return f"{len(plan.rows)} rows instead of {len(rows)}"
    for row, want in zip(plan.rows, rows, strict=True):
        got = (row.due_on.isoformat(), row.amount, row.interest, row.principal, row.balance)
        columns = ("payment", "interest", "principal", "principal_balance")
        told = (want["date"], *(minor(want[column]) for column in columns))
        if got != told:
            return f"row {row.number}: {got} instead of {told}"
    opening = [row for row in expected["rows"] if row["day"] == 0]
    if fixed and opening and minor(opening[0]["interest_balance"]) != fixed:
        return f"interest fixed at {fixed} instead of {opening[0]['interest_balance']}"
    if case.get("apr_verified") and (
        apr is None or f"{100 * apr:.1f}" != f"{float(expected['initial_apr_pct']):.1f}"
    ):
        return f"APR {apr} instead of {expected['initial_apr_pct']} %"
    return None


def answer_small(case: Case) -> Any:
    """Return the figure of a single-figure case; a schedule for `schedule`."""
    given, kind = case["input"], case["fn"]
    if kind == "schedule":
        rate = Decimal(str(given["annual_rate_pct"])) / 100
        interest = whole_periods(annual_rate=rate, periods_per_year=12, count=given["n"])
        lattice = {"up to whole unit": 100}.get(given.get("emi_rounding"))
        if given.get("frequency") != "monthly" or lattice is None:
            raise NotApplicableError("rounding or rhythm not stated")
        dates = [date(2024 + k // 12, k % 12 + 1, 1) for k in range(given["n"])]
        return level(amount=given["principal"] * 100, due_dates=dates, interest=interest, lattice=lattice)
    if kind == "payment with 3 advance payments":
        rate = float(Fraction(given["rate_per_period"].split("/")[0])) / float(
            given["rate_per_period"].split("/")[1]
        )
        rest = given["n"] - given["advance"]
        unit = -pmt(rate=rate, periods=rest, present=1.0)
        return given["principal"] / (1 / unit + given["advance"])
    if kind == "nominal APR monthly":
        found = rate_of(periods=given["n"], payment=-given["payment"], present=given["principal"])
        return None if found is None else 12 * found
    raise NotApplicableError(f"no function {kind}")


def differs_small(answered: Any, case: Case) -> str | None:
    if not isinstance(answered, Schedule):
        told = case["expected"]
        # FormCalc ends its search early: its own figure is off in the fifth digit (our_value is the root)
        tolerance = 2e-5 if case["id"].startswith("adobe/") else 1e-4 / abs(told)
        same = answered is not None and abs(answered - told) <= tolerance * abs(told)
        return None if same else f"{answered} instead of {told}"
    expected = case["expected"]
    if answered.level != expected["emi"] * 100:
        return f"level {answered.level} instead of {expected['emi']}"
    for number, told in expected["rows_rounded"].items():
        row = answered.rows[int(number) - 1]
        if [round(row.principal / 100), round(row.interest / 100), round(row.balance / 100)] != told:
            return f"row {number}: {row} instead of {told}"
    sums = (round(answered.interest / 100), round(answered.total / 100))
    told_sums = (expected["total_interest_rounded"], expected["total_payment_rounded"])
    return None if sums == told_sums else f"sums {sums} instead of {told_sums}"
