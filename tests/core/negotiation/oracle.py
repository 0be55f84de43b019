"""An independent, slow judge: reads the bounds as written and the plan as recorded, with plain loops.

It imports nothing of the engine. Money in minor units, shares as exact fractions.
"""

import itertools
from datetime import date, timedelta
from fractions import Fraction
from math import exp, log2

PER_YEAR = {"weekly": 52, "fortnightly": 26, "four_weekly": 13, "semi_monthly": 24, "monthly": 12}


def segment_for(document, account):
    found = []
    for segment in document["segments"]:
        when = segment.get("when", {})
        balance = account["principal_minor"] + account["interest_minor"] + account["fees_minor"]
        low, high = when.get("balance", [0, 10**15])
        first, last = when.get("dpd", [1, 36500])
        fits = low <= balance <= high and first <= account["days_past_due"] <= last
        for key, field in (("product", "product"), ("risk", "risk_grade"), ("stage_of_law", "law_stage")):
            fits = fits and (not when.get(key) or account[field] in when[key])
        if when.get("secured") is not None:
            fits = fits and when["secured"] == account["is_secured"]
        if fits:
            found.append(segment)
    found.sort(key=lambda s: -s.get("priority", 0))
    return found[0] if found else None


def wrong(document, facts, plan):
    """List everything about a plan record that the bounds or the invariants forbid."""
    accounts = [a for a in facts["accounts"] if not a["holds"]]
    segment = segment_for(document, accounts[0])
    family, params = plan["family"], plan["params"]
    rules = segment["families"]
    if family == "breathing_space":
        return [] if params["pause_days"] in rules["breathing_space"]["days"] else ["pause"]
    bad = s0(plan, accounts)
    bad += dates(plan, facts, segment)
    shape = params.get("inner", "") or family
    for name in {family, shape} - {"consolidation"}:
        if not rules.get(name, {}).get("on"):
            bad.append(f"{name} off")
    bad += waivers(plan, params, shape, accounts, rules)
    bad += sizes(plan, params, shape, rules)
    return bad


def s0(plan, accounts):  # noqa: C901 -- a judge is a plain list of checks
    rows = plan["schedule"]
    bad = []
    balance = sum(a["principal_minor"] + a["interest_minor"] + a["fees_minor"] for a in accounts)
    waived = sum(plan["waived"].values())
    if plan["balance"] != balance or plan["amount"] != balance - waived:
        bad.append("amount")
    if sum(r["principal"] for r in rows) + plan["residual"] != plan["amount"]:
        bad.append("principal does not add up")
    if sum(r["amount"] for r in rows) != plan["total"]:
        bad.append("total")
    for r in rows:
        if r["amount"] <= 0 or r["amount"] != r["principal"] + r["interest"] or r["interest"] < 0:
            bad.append("row")
        if sum(part for _, part in r["account_split"]) != r["amount"]:
            bad.append("split")
    for before, after in itertools.pairwise(rows):
        if before["due_on"] >= after["due_on"]:
            bad.append("order of dates")
    body = [r["amount"] for r in rows if r["number"]]
    if len(body) > 1 and not plan["params"].get("balloon_bp") and body[-1] > max(body[:-1]):
        bad.append("last above level")
    if [r["number"] for r in rows if r["number"]] != list(range(1, len(body) + 1)):
        bad.append("numbers")
    return bad


def dates(plan, facts, segment):
    as_of = date.fromisoformat(facts["as_of"])
    first = segment["common"]["first_date"]
    early, late = as_of + timedelta(days=first["lead_days"]), as_of + timedelta(days=first["max_gap_days"])
    rows = [date.fromisoformat(r["due_on"]) for r in plan["schedule"]]
    bad = []
    if plan["params"].get("grace_months"):  # the window moves by the grace, and may meet a weekend there
        late += timedelta(days=31 * plan["params"]["grace_months"] + 3)
    if not early <= rows[0] <= late:
        bad.append("first date")
    if plan["params"].get("freq", "monthly") not in segment["common"]["freq"]:
        bad.append("rhythm")
    if any(day.weekday() >= 5 for day in rows):
        bad.append("weekend")
    if plan["family"] in {"lump", "full"}:
        most = segment["families"][plan["family"]].get("days_max", 30)
        if rows[0] > as_of + timedelta(days=most):
            bad.append("too late for one payment")
    return bad


def waivers(plan, params, shape, accounts, rules):  # noqa: C901 -- a judge is a plain list of checks
    principal = sum(a["principal_minor"] for a in accounts)
    interest = sum(a["interest_minor"] for a in accounts)
    fees = sum(a["fees_minor"] for a in accounts)
    whole = principal + interest + fees
    given = plan["waived"]
    total = sum(given.values())
    bad = []
    if (
        len(accounts) == 1
        and given["interest"]
        and given["fees"] < fees
        and not params.get("waive_interest_bp")
    ):
        bad.append("interest waived before fees")
    if shape in {"lump", "parts", "full"}:
        dpd = min(a["days_past_due"] for a in accounts)
        most = Fraction(0)
        for step in rules.get("lump", {}).get("waiver_ladder", []):
            if step["dpd"] <= dpd:
                most = max(most, Fraction(step["max"]))
        if shape == "parts":
            most *= Fraction(rules["parts"]["share_of_lump_waiver"])
        if shape == "full":
            most = Fraction(rules["full"].get("prompt_waiver", "0"))
        if total > most * whole:
            bad.append("waiver above the ladder")
    elif shape == "restructure":
        rule = rules["restructure"]
        for name, sum_owed in (("principal", principal), ("interest", interest), ("fees", fees)):
            if given[name] > Fraction(rule.get(f"waive_{name}_max", "0")) * sum_owed:
                bad.append(f"{name} waived too far")
    elif total and not (shape == "index" and rules["index"].get("residual") == "waived"):
        bad.append(f"{shape} waives nothing")
    return bad


def sizes(plan, params, shape, rules):  # noqa: C901, PLR0912 -- a judge is a plain list of checks
    freq = params.get("freq", "monthly")
    body = [r["amount"] for r in plan["schedule"] if r["number"]]
    count = len(body)
    months = Fraction(count * 12, PER_YEAR[freq]) + params.get("grace_months", 0)
    bad = []
    if shape == "installment":
        rule = rules["installment"]
        if count > rule["n_max"] or months > rule["months_max"]:
            bad.append("too long")
        down = plan["schedule"][0]["amount"] if not plan["schedule"][0]["number"] else 0
        if down < Fraction(rule.get("down_payment_min", "0")) * plan["amount"]:
            bad.append("down payment too small")
        if params.get("rate_ppm", 0) not in {int(Fraction(r) * 10**6) for r in rule.get("rate", ["0"])}:
            bad.append("rate")
    if shape == "restructure":
        rule = rules["restructure"]
        if months > rule["months_max"] or (rule.get("n_max") and count > rule["n_max"]):
            bad.append("too long")
        if params.get("grace_months", 0) > rule.get("grace", {}).get("months_max", 0):
            bad.append("grace too long")
        if params.get("balloon_bp", 0) > Fraction(rule.get("balloon_max", "0")) * 10_000:
            bad.append("balloon")
        step = rule.get("step", {})
        if params.get("step_bp", 0) > Fraction(step.get("pct_max", "0")) * 10_000:
            bad.append("step")
    if shape in {"installment", "restructure"} and count > 1:
        least = rules["installment"]["installment_min"] * 12 // PER_YEAR[freq]
        if min(body[:-1]) < least or body[-1] < min(least, max(body[:-1])):
            bad.append("payment too small")
    if shape == "parts":
        rule = rules["parts"]
        first = plan["schedule"][0]["amount"]
        k = len(plan["schedule"])
        if (
            not rule["k"][0] <= k <= rule["k"][1]
            or first < Fraction(rule["first_share_min"]) * plan["amount"]
        ):
            bad.append("parts")
    if shape in {"lump", "full"} and len(plan["schedule"]) != 1:
        bad.append("one payment")
    return bad


def quantized(burden):
    """The burden as the hazard sees it: the nearest 1/64 octave between .05 and 3."""
    low, high = round(64 * log2(0.05)), round(64 * log2(3.0))
    if burden <= 0:
        return 2.0 ** (low / 64)
    step = min(max(log2(burden) * 64, low - 1), high + 1)
    nearest = min(range(low, high + 1), key=lambda s: (abs(s - step), -s))
    return 2.0 ** (nearest / 64)


def value_of(payments, *, down, balance, affordable, at_hand, freq, kappa, rho, cost, residual=0):
    """Score a plan payment by payment: (L, cash, kept, debtor's utility), as shares of the balance.

    `payments` holds 0 for a period without payment; a pause carries the risk of the payment behind it.
    """
    per_year = PER_YEAR[freq]
    base = at_hand if len(payments) == 1 and not down else affordable
    level = next(p for p in payments if p)
    rest = float(sum(payments) + residual)
    alive, value, cash, hurt = 1.0, float(down), float(down), float(down)
    for k, pay in enumerate(payments, 1):
        burden = (pay or level) / base if base > 0 else 1e6
        rate = 0.26 * (quantized(burden) / 0.8) ** 1.0
        risk = rate * ((k / per_year) ** 0.85 - ((k - 1) / per_year) ** 0.85)
        after = alive * exp(-risk)
        v = (1 + kappa) ** (-k / per_year)
        value += v * (pay * after - (cost if pay else 0)) + v * (alive - after) * rho * rest
        cash += pay * after + (alive - after) * rho * rest
        hurt += 1.02 ** (-12 * k / per_year) * pay * (1 + 0.15 * min(burden, 3.0) ** 2)
        alive, rest = after, rest - pay
    return value / balance, cash / balance, alive, 1 - hurt / (0.775 * balance)
