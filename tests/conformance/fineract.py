"""Schedules of a loan system: initial rows, equal installments, and replays of a running loan."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from portal.core.calendar import add_months, spaced
from portal.core.rates import Interest, by_days, interest_free, whole_months, whole_periods
from portal.core.rows import Rounding, Row, Schedule
from portal.core.rows import interest_of as charge_of
from portal.core.schedule import level, level_exact, with_down_payment
from portal.core.spread import equal_principal, flat, round_to, with_grace
from tests.conformance.verdicts import Case, NotApplicableError, minor

MODES: dict[str, Rounding] = {"half-even": "half_even", "half-up": "half_up", "down": "down"}
DAY_COUNTS = {"360": "actual/360", "364": "actual/364", "365": "actual/365", "act": "actual/actual"}


def day_count_of(text: str) -> str | None:
    """Return the day count that an interest fraction names: `act/360`, `actual days / 365`, `30/360`."""
    plain = text.lower().replace("actual", "act").replace(" days", "").replace(" ", "")
    if plain.startswith("act/"):
        return DAY_COUNTS.get(plain[4:7])
    return {"30/360": "30/360", "30e/360": "30/360_european"}.get(plain[:7].rstrip("(,;"))


@dataclass(frozen=True)
class Loan:
    """The inputs of a loan, read once."""

    principal: int
    start_on: date
    due_dates: tuple[date, ...]
    down_payment: int
    rate: Decimal
    is_flat: bool
    every: int
    unit: str
    lattice: int
    rounding: Rounding
    fraction: str
    grace_principal: int
    grace_interest: int
    interest_free: int
    is_equal_principal: bool = False


def read_loan(terms: Case, convention: Case, *, principal: object, start: str) -> Loan:
    every, unit, n = int(terms["every"]), terms["every_unit"], int(terms["n"])
    start_on = date.fromisoformat(start)
    amount = minor(principal)
    share = Fraction(str(terms.get("down_payment_pct") or 0)) / 100
    lattice = minor(convention.get("instalment_rounded_to_multiple_of") or "0.01") or 1
    return Loan(
        principal=amount,
        start_on=start_on,
        due_dates=_dates(terms, start_on, every, unit, n),
        down_payment=round(amount * share / lattice) * lattice,
        rate=Decimal(str(terms["annual_rate_pct"])) / 100,
        is_flat=terms["interest_type"] == "FLAT",
        every=every,
        unit=unit,
        lattice=lattice,
        rounding=MODES[convention.get("rounding", "half-even")],
        fraction=convention.get("interest_fraction", ""),
        grace_principal=int(terms.get("grace_principal") or 0),
        grace_interest=int(terms.get("grace_interest_payment") or 0),
        interest_free=int(terms.get("interest_free_periods") or 0),
        is_equal_principal=terms.get("amortization") == "EQUAL_PRINCIPAL",
    )


def _dates(terms: Case, start_on: date, every: int, unit: str, n: int) -> tuple[date, ...]:
    step = {"DAYS": {"days": every}, "WEEKS": {"days": 7 * every}, "MONTHS": {"months": every}}
    if unit == "YEARS":
        step["YEARS"] = {"months": 12 * every}
    if unit not in step:
        raise NotApplicableError(f"no rhythm in {unit}")
    given = terms.get("first_due_date")
    if unit in {"DAYS", "WEEKS"}:
        first = date.fromisoformat(given) if given else start_on + timedelta(days=step[unit]["days"])
        return spaced(first_on=first, count=n, **step[unit])
    if given and date.fromisoformat(given) != add_months(start_on, step[unit]["months"]):
        return spaced(first_on=date.fromisoformat(given), count=n, **step[unit])
    return spaced(first_on=start_on, count=n + 1, **step[unit])[1:]


def interest_of(loan: Loan) -> Interest:
    count = len(loan.due_dates)
    if not loan.rate:
        return interest_free(count)
    if loan.fraction.startswith("whole months"):
        return whole_months(annual_rate=loan.rate, every=loan.every, count=count)
    day_count = day_count_of(loan.fraction)
    if day_count:
        return by_days(
            annual_rate=loan.rate, start_on=loan.start_on, due_dates=loan.due_dates, day_count=day_count
        )
    raise NotApplicableError("the case bears interest but does not state the interest fraction")


def schedule_of(loan: Loan) -> Schedule:
    """Build the agreed schedule: grace and interest-free periods first, the down payment in front."""
    interest = interest_of(loan)
    if loan.interest_free:
        rest = interest.numerators[loan.interest_free :]
        interest = Interest(interest.denominator, (0,) * loan.interest_free + rest)
    amount = loan.principal - loan.down_payment
    plan = with_grace(
        amount=amount,
        due_dates=loan.due_dates,
        interest=interest,
        periods=loan.grace_principal,
        kind="interest_only",
        build=partial(_build, loan),
    )
    plan = _all_rows(plan, loan, amount)
    plan = _deferred(plan, loan.grace_interest)
    if loan.down_payment:
        plan = with_down_payment(plan, amount=loan.down_payment, due_on=loan.start_on)
    return plan


def _build(loan: Loan, amount: int, dates: Any, interest: Interest) -> Schedule:
    if loan.is_flat:
        return _flat(loan, amount, dates, interest)
    common = {"amount": amount, "due_dates": dates, "interest": interest, "lattice": loan.lattice}
    if loan.is_equal_principal or not loan.rate:
        return equal_principal(**common, rounding=loan.rounding)
    return level(**common, rounding=loan.rounding) if not _emi_whole(loan) else _daily_level(loan, **common)


def _emi_whole(loan: Loan) -> bool:
    return loan.unit == "MONTHS" and loan.fraction.startswith("actual")


def _daily_level(loan: Loan, *, amount: int, due_dates: Any, interest: Interest, lattice: int) -> Schedule:
    """Level payment by whole months, interest of each row by days: the remainder falls on the last row."""
    whole = whole_months(annual_rate=loan.rate, every=loan.every, count=len(due_dates))
    exact = Fraction(*level_exact(amount=amount, interest=whole))
    payment = round_to(exact, lattice=lattice, rounding=loan.rounding)
    rows, balance = [], amount
    for k, due_on in enumerate(due_dates):
        charge = charge_of(balance, interest.numerators[k], interest.denominator)
        paid = balance + charge if k + 1 == len(due_dates) else min(payment, balance + charge)
        balance += charge - paid
        rows.append(Row(k + 1, due_on, paid, paid - charge, charge, 0, balance))
    return Schedule(tuple(rows), amount, sum(row.interest for row in rows), payment, lattice)


def _flat(loan: Loan, amount: int, dates: Any, interest: Interest) -> Schedule:
    """Flat interest is worked out on the whole principal, a down payment included."""
    total = sum((interest.fraction(k) for k in range(len(dates))), Fraction(0))
    total = total * loan.principal / amount
    return flat(
        amount=amount, due_dates=dates, rate_total=total, lattice=loan.lattice, rounding=loan.rounding
    )


def _all_rows(plan: Schedule, loan: Loan, amount: int) -> Schedule:
    """Put back the rows of a grace that nothing is paid in: the source prints them."""
    have = {row.due_on for row in plan.rows}
    empty = [
        Row(0, day, 0, 0, 0, 0, amount) for day in loan.due_dates[: loan.grace_principal] if day not in have
    ]
    rows = sorted([*empty, *plan.rows], key=lambda row: row.due_on)
    numbered = tuple(Row(k, *row[1:]) for k, row in enumerate(rows, 1))
    return plan.altered(numbered, amount=plan.amount, interest=plan.interest)


def _deferred(plan: Schedule, periods: int) -> Schedule:
    """Move the interest of the first periods to the first row after them."""
    moved = sum(row.interest for row in plan.rows[:periods])
    if not moved:
        return plan
    rows = [
        Row(row.number, row.due_on, row.principal, row.principal, 0, 0, row.balance)
        for row in plan.rows[:periods]
    ]
    first = plan.rows[periods]
    heavier = Row(
        first.number,
        first.due_on,
        first.amount + moved,
        first.principal,
        first.interest + moved,
        0,
        first.balance,
    )
    return plan.altered(
        (*rows, heavier, *plan.rows[periods + 1 :]), amount=plan.amount, interest=plan.interest
    )


def answer_initial(case: Case) -> list[dict[str, Any]]:
    loan = read_loan(
        case["input"],
        case.get("convention", {}),
        principal=case["input"]["principal"],
        start=case["input"]["disbursement_date"],
    )
    before, rows = loan.start_on, []
    for row in schedule_of(loan).rows:
        rows.append(
            {
                "days": (row.due_on - before).days,
                "date": row.due_on.isoformat(),
                "balance": row.balance,
                "principal": row.principal,
                "interest": row.interest,
                "fees": row.fees,
                "penalties": 0,
                "due": row.amount,
            }
        )
        before = row.due_on
    return rows


def compare_rows(rows: list[dict[str, Any]], expected: list[Case]) -> str | None:
    wanted = [row for row in expected if row.get("nr") is not None]
    if len(rows) != len(wanted):
        return f"{len(rows)} rows instead of {len(wanted)}"
    for number, (row, want) in enumerate(zip(rows, wanted, strict=True), 1):
        for column, value in row.items():
            told = want.get(column)
            if told is None:
                continue
            same = (
                str(value) == str(told) if column in {"date", "paid_date", "days"} else value == minor(told)
            )
            if not same:
                return f"row {number} {column}: {value} instead of {told}"
    return None


def differs_initial(rows: list[dict[str, Any]], case: Case) -> str | None:
    return compare_rows(rows, case["expected_rows"])


def answer_emi(case: Case) -> Schedule:
    given, convention = case["input"], case.get("convention", {})
    dates = [date.fromisoformat(day) for day in given["due_dates"]]
    start = date.fromisoformat(given["disbursement_date"])
    rate = Decimal(str(given["annual_rate_pct"])) / 100
    fraction = convention.get("interest_fraction", "")
    if day_count := day_count_of(fraction):
        interest = by_days(annual_rate=rate, start_on=start, due_dates=dates, day_count=day_count)
    elif fraction.startswith("whole"):
        interest = _whole(given, rate, len(dates))
    else:
        raise NotApplicableError("the case does not state the interest fraction")
    return level(amount=minor(given["principal"]), due_dates=dates, interest=interest, rounding="half_even")


def _whole(given: Case, rate: Decimal, count: int) -> Interest:
    if given["frequency"] == "MONTHS":
        return whole_months(annual_rate=rate, every=int(given["every"]), count=count)
    per_year = {"WEEKS": 52, "YEARS": 1}.get(given["frequency"])
    if per_year is None:
        raise NotApplicableError(f"no whole periods of {given['frequency']}")
    return whole_periods(annual_rate=rate * int(given["every"]), periods_per_year=per_year, count=count)


def differs_emi(plan: Schedule, case: Case) -> str | None:
    wanted = case["expected_rows"]
    if len(plan.rows) != len(wanted):
        return f"{len(plan.rows)} rows instead of {len(wanted)}"
    for row, want in zip(plan.rows, wanted, strict=True):
        got = (row.due_on.isoformat(), row.amount, row.interest, row.principal, row.balance)
        told = (
            want["due_date"],
            *(minor(want[column]) for column in ("emi", "interest", "principal", "balance")),
        )
        if got != told:
            return f"row {row.number}: {got} instead of {told}"
    return None
