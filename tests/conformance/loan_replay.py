"""Replays of a running loan against `portal.core.replay`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from portal.core.allocation import ORDERS, Order
from portal.core.replay.happenings import (
    Charged,
    DateMoved,
    GraceGiven,
    Happening,
    Paid,
    RateChanged,
    ReAged,
    ReAmortized,
    Rhythm,
    TermExtended,
    Undone,
)
from portal.core.replay.run import replay
from portal.core.replay.state import PlanState, PlanTerms
from tests.conformance.fineract import Loan, compare_rows, day_count_of, read_loan, schedule_of
from tests.conformance.verdicts import Case, NotApplicableError, inputs_of, minor

ORDER_NAMES = {
    "PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER": "penalty_fee_interest_principal",
    "INTEREST_PRINCIPAL_PENALTIES_FEES_ORDER": "interest_principal_penalty_fee",
    "PRINCIPAL_INTEREST_PENALTIES_FEES_ORDER": "principal_interest_penalty_fee",
    "DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST": (
        "due_standard_in_advance_principal_first"
    ),
    "DUE_PENALTY_INTEREST_PRINCIPAL_FEE_IN_ADVANCE_PENALTY_INTEREST_PRINCIPAL_FEE": "fee_last",
    "ADVANCED_PAYMENT_ALLOCATION": "past_due_first_by_row",
}
SURPLUS = {"NEXT_INSTALLMENT": "next", "LAST_INSTALLMENT": "last", "REAMORTIZATION": "even"}
# Where the source's products send what is paid in advance, until set_future_rule says otherwise.
RULES = {"DEFAULT": "next", "GOODWILL_CREDIT": "last", "MERCHANT_ISSUED_REFUND": "even"}
PAYMENTS = {"repayment", "goodwill_credit", "merchant_issued_refund", "payout_refund"}
RE_AMORTIZE = {"re_amortize", "re_amortise", "re_amortization", "re_amortisation", "reamortize"}
ASIDE = {"business_date", "set_future_rule", "charge_off", "disburse"}


def strip(case: Case) -> Case:
    """Take the expected figures out of a timeline; an empty mark stays where they were asked for."""
    timeline = [
        {"check": next(iter(entry))} if next(iter(entry)).startswith("expect") else entry
        for entry in case["timeline"]
    ]
    return {**inputs_of(case), "timeline": timeline}


def answer(case: Case) -> list[PlanState]:
    """Return the state of the plan at each check of the timeline."""
    events = [entry for entry in case["timeline"] if entry.get("event") == "disburse"]
    if len(events) != 1:
        raise NotApplicableError("a plan starts once: several disbursements")
    loan = read_loan(
        case["terms"], case.get("convention", {}), principal=events[0]["amount"], start=events[0]["date"]
    )
    terms = _terms(case, loan)
    states: list[PlanState] = []
    happened: list[Happening] = []
    for happening in _happenings(case, loan, terms.order):
        if happening is None:
            states.append(replay(terms=terms, happenings=happened))
        else:
            happened.append(happening)
    return states


def _terms(case: Case, loan: Loan) -> PlanTerms:
    name = case["terms"]["allocation_strategy"]
    if name not in ORDER_NAMES:
        raise NotApplicableError(f"no allocation order {name}")
    order = ORDERS[ORDER_NAMES[name]]
    if name.startswith("ADVANCED"):
        is_vertical = "VERTICAL" in case["terms"].get("product", "")
        order = replace(order, direction="by_part" if is_vertical else "by_row")
    spread = minor(case.get("convention", {}).get("re_spread_rounding_multiple") or "0.01")
    rhythm = _rhythm(loan.every, loan.unit)
    return PlanTerms(
        start_on=loan.start_on,
        schedule=schedule_of(loan),
        rhythm=rhythm,
        order=order,
        method="none" if not loan.rate else "flat" if loan.is_flat else "level",
        annual_rate=loan.rate,
        day_count=day_count_of(loan.fraction),
        lattice=max(
            spread, loan.lattice if "re_spread_rounding_multiple" not in case["convention"] else spread
        ),
    )


def _rhythm(every: int, unit: str) -> Rhythm:
    days = {"DAYS": every, "WEEKS": 7 * every}.get(unit, 0)
    months = {"MONTHS": every, "YEARS": 12 * every}.get(unit, 0)
    return Rhythm(days=days, months=months)


def _happenings(case: Case, loan: Loan, order: Order) -> Iterator[Happening | None]:
    """Yield what happens, and None where the state is asked for."""
    rules = dict(RULES)
    is_advanced = case["terms"]["allocation_strategy"].startswith("ADVANCED")
    for number, entry in enumerate(case["timeline"]):
        event = entry.get("event")
        if event is None:
            yield None
        elif event == "set_future_rule":
            if entry["rule"] not in SURPLUS:
                raise NotApplicableError(f"no surplus rule {entry['rule']}")
            rules[entry.get("transaction", "DEFAULT")] = SURPLUS[entry["rule"]]
        elif event in PAYMENTS:
            surplus = rules.get(event.upper(), rules["DEFAULT"]) if is_advanced else "next"
            yield Paid(_day(entry), minor(entry["amount"]), order=replace(order, surplus=surplus))
        elif event == "disburse":
            if loan.down_payment and case["terms"].get("down_payment_auto_paid"):
                yield Paid(_day(entry), loan.down_payment)
        elif event not in ASIDE:
            yield from _change(event, entry, number)


def _day(entry: Case, key: str = "date") -> date:
    return date.fromisoformat(entry[key])


def _change(event: str, entry: Case, number: int) -> Iterator[Happening]:
    ref = f"{event}/{number}"
    if event == "charge":
        yield Charged(_day(entry, "added_on"), _day(entry, "due"), minor(entry["amount"]), entry["kind"], ref)
    elif event == "reschedule":
        yield from _reschedule(entry, ref)
    elif event == "re_age":
        rhythm = _rhythm(int(entry["every"]), entry["every_unit"])
        yield ReAged(_day(entry), _day(entry, "start"), int(entry["n"]), rhythm, "re_age")
    elif event in RE_AMORTIZE:
        yield ReAmortized(_day(entry), "re_amortize")
    elif event.startswith("undo_"):
        target = event.removeprefix("undo_")
        yield Undone(_day(entry), "re_amortize" if target in RE_AMORTIZE else target)
    else:
        raise NotApplicableError(f"no event {event}")


def _reschedule(entry: Case, ref: str) -> Iterator[Happening]:
    on, start = _day(entry, "submitted"), _day(entry, "from")
    if entry.get("grace_interest"):
        raise NotApplicableError("a mid-term grace of interest only")
    if entry.get("new_rate_pct") is not None:
        yield RateChanged(on, start, Decimal(str(entry["new_rate_pct"])) / 100, ref)
    if entry.get("grace_principal"):
        yield GraceGiven(on, start, int(entry["grace_principal"]), ref)
    if entry.get("adjusted_due_date"):
        yield DateMoved(on, start, _day(entry, "adjusted_due_date"), ref)
        start = _day(entry, "adjusted_due_date")
    if entry.get("extra_terms"):
        yield TermExtended(on, start, int(entry["extra_terms"]), ref)


def _row(row: Any) -> dict[str, Any]:
    return {
        "days": row.days,
        "date": row.due_on.isoformat(),
        "paid_date": row.paid_on.isoformat() if row.paid_on else None,
        "balance": row.balance,
        "principal": row.principal,
        "interest": row.interest,
        "fees": row.fees,
        "penalties": row.penalties,
        "due": row.due,
        "paid": row.paid,
        "in_advance": row.in_advance,
        "late": row.late,
        "outstanding": row.outstanding,
    }


SUMS = ("principal", "interest", "fees", "penalties", "due", "paid", "in_advance", "late", "outstanding")


def differs(states: list[PlanState], case: Case) -> str | None:
    checks = [entry for entry in case["timeline"] if "event" not in entry]
    for state, entry in zip(states, checks, strict=True):
        difference = _check(state, entry)
        if difference:
            return difference
    return None


def _check(state: PlanState, entry: Case) -> str | None:
    if "expect_outstanding" in entry and state.outstanding != minor(entry["expect_outstanding"]):
        return f"outstanding {state.outstanding} instead of {entry['expect_outstanding']}"
    if "expect_overpaid" in entry and state.overpaid != minor(entry["expect_overpaid"]):
        return f"overpaid {state.overpaid} instead of {entry['expect_overpaid']}"
    if "expect" not in entry:
        return None
    rows = [_row(row) for row in state.rows]
    difference = compare_rows(rows, entry["expect"]["rows"])
    if difference:
        return f"line {entry['expect'].get('line')}: {difference}"
    for column, told in (entry["expect"].get("totals") or {}).items():
        if column in SUMS and told is not None and sum(row[column] for row in rows) != minor(told):
            return f"line {entry['expect'].get('line')}: total {column} instead of {told}"
    return None
