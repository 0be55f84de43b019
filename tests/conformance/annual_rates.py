"""APR, APRC, XIRR and time-value functions."""

import ast
import math
import operator
from datetime import date
from typing import Any

from portal.core.apr import Transfer, UnitPeriod, apr_effective, apr_us
from portal.core.xirr import fv, ipmt, irr, mirr, nper, npv, pmt, ppmt, pv, rate_of, xirr, xnpv
from tests.conformance.verdicts import Case, NotApplicableError

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def value_of(text: object) -> float:
    """Work out an amount that may be written as a sum: `1432.86 + round(200 / 12, 2)`."""
    return _value(ast.parse(str(text), mode="eval").body)


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round":
        return round(_value(node.args[0]), int(_value(node.args[1])) if len(node.args) > 1 else 0)
    raise NotApplicableError("an amount that is no number")


def answer_apr(case: Case) -> float | None:
    method = case["method"]
    if method.startswith("US"):
        return _us(case)
    if method.startswith("effective annual"):
        return apr_effective(flows=_effective_flows(case))
    raise NotApplicableError(f"no method {method}")


def _us(case: Case) -> float | None:
    unit = case["unit_period"]
    kind = unit["kind"].replace("-", "_")
    payments = [Transfer(date.fromisoformat(p["date"]), value_of(p["amount"])) for p in case["payments"]]
    if "advances" in case:
        advances = [Transfer(date.fromisoformat(p["date"]), value_of(p["amount"])) for p in case["advances"]]
    else:
        advances = [Transfer(date.fromisoformat(case["advance_date"]), value_of(case["amount_financed"]))]
    return apr_us(advances=advances, payments=payments, unit=UnitPeriod(kind, int(unit.get("multiple", 1))))


def _effective_flows(case: Case) -> list[tuple[float, float]]:
    basis = float(case.get("year_basis_reproducing", [365])[0])
    flows = [(0.0, -value_of(case["advance"]))]
    flows += [
        (float(item.get("after_days", 0)) / basis, -value_of(item["amount"]))
        for item in case.get("advances", [])
    ]
    if case.get("upfront_cost"):
        flows.append((0.0, value_of(case["upfront_cost"])))
    for item in case.get("payments_by_month", []):
        flows += [(k / 12, value_of(item["amount"])) for k in range(item["from_month"], item["to_month"] + 1)]
    for item in case.get("payments", []):
        flows += _payment_flows(item, basis)
    return flows


STEPS = {"MONTHLY": 1 / 12, "WEEKLY": 7, "FORTNIGHTLY": 14, "YEARLY": 1.0, "QUARTERLY": 1 / 4}


def _payment_flows(item: Case, basis: float) -> list[tuple[float, float]]:
    amount = value_of(item["amount"])
    if "after_days" in item:
        return [(float(item["after_days"]) / basis, amount)]
    step = STEPS[item["frequency"]]
    step = step / basis if step > 1 else step
    offset = float(item["offset_days"]) / basis
    first = 0 if offset else 1
    return [(offset + step * (k + first), amount) for k in range(int(item["count"]))]


def differs_apr(answered: float | None, case: Case) -> str | None:
    told = str(case["expected_apr_pct"])
    places = len(told.partition(".")[2])
    if answered is None or not math.isclose(round(100 * answered, places), float(told), abs_tol=1e-9):
        return f"{answered} instead of {told} %"
    return None


def answer_tvm(case: Case) -> Any:
    kind = case["fn"]
    if kind in {"xirr", "xnpv"}:
        flows = [(date.fromisoformat(day), float(amount)) for day, amount in case["flows"]]
        return xirr(flows) if kind == "xirr" else xnpv(rate=float(case["rate"]), flows=flows)
    amounts = [float(amount) for amount in case.get("flows", case.get("values", []))]
    at_start = case.get("type", case.get("when", 0)) in {1, "begin"}
    rate, periods, present = case.get("rate"), case.get("nper"), case.get("pv", 0)
    payment, future = case.get("pmt", 0), case.get("fv", 0)
    parts = {
        "rate": rate,
        "period": case.get("per"),
        "periods": periods,
        "present": present,
        "future": future,
        "at_start": at_start,
    }
    answers = {
        "irr": lambda: irr(amounts),
        "npv": lambda: npv(rate=rate, amounts=amounts),
        "mirr": lambda: mirr(
            amounts=amounts, finance_rate=case["finance_rate"], reinvest_rate=case["reinvest_rate"]
        ),
        "ipmt": lambda: ipmt(**parts),
        "ppmt": lambda: ppmt(**parts),
        "pmt": lambda: pmt(rate=rate, periods=periods, present=present, future=future, at_start=at_start),
        "pv": lambda: pv(rate=rate, periods=periods, payment=payment, future=future, at_start=at_start),
        "fv": lambda: fv(rate=rate, periods=periods, payment=payment, present=present, at_start=at_start),
        "nper": lambda: nper(rate=rate, payment=payment, present=present, future=future, at_start=at_start),
        "rate": lambda: rate_of(
            periods=periods, payment=payment, present=present, future=future, at_start=at_start
        ),
    }
    if kind not in answers:
        raise NotApplicableError(f"no function {kind}")
    return answers[kind]()


def differs_tvm(answered: float | None, case: Case) -> str | None:
    told = case["expected"]
    if told is None or answered is None:
        return None if answered is told else f"{answered} instead of {told}"
    if math.isclose(answered, told, rel_tol=1e-6, abs_tol=1e-9):
        return None
    printed = str(told).partition(".")[2]
    if case["fn"] != "xirr" and len(printed) < 9 and abs(answered - told) <= 0.5 * 10 ** -len(printed):
        return None
    if case["fn"] == "xirr" and _cancels(case["flows"], answered):
        return None
    return f"{answered} instead of {told}"


def _cancels(flows: list[list[Any]], rate: float) -> bool:
    """Tell whether the flows cancel at a rate: a rule of the family where several rates exist."""
    start = min(date.fromisoformat(day) for day, _ in flows)
    worth = [a * (1 + rate) ** -((date.fromisoformat(d) - start).days / 365) for d, a in flows]
    return abs(math.fsum(worth)) < 1e-6 * math.fsum(abs(value) for value in worth)
