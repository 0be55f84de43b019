"""Ready-made bounds by currency: a sensible start for a lender, to be edited, approved and activated like any other.

Three segments: accounts up to 90 days past due (interest and fees may be waived, principal not), older ones
(reductions too), and secured ones (more time, no reduction). Amounts follow the size of money in each currency.
"""

from typing import Any, NamedTuple

FREQS = ["weekly", "fortnightly", "four_weekly", "semi_monthly", "monthly"]


class _Size(NamedTuple):
    """Minor units: lattice of installments, smallest installment, what a month carries unasked, cost of a payment."""

    lattice: int
    least: int
    prior: int
    cost: int
    pack: str
    months: int


# About 5, 15, 40 and .2 US dollars in each currency, rounded to what people pay with; months a plan may last.
_SIZES = {
    "GBP": _Size(500, 1000, 3000, 15, "UK@1", 60),
    "USD": _Size(500, 1500, 4000, 20, "US@1", 60),
    "EUR": _Size(500, 1500, 4000, 20, "EU@1", 60),
    "THB": _Size(10_000, 50_000, 130_000, 700, "TH@1", 60),
    "VND": _Size(50_000, 300_000, 900_000, 5_000, "VN@1", 60),
    "BRL": _Size(500, 5_000, 13_000, 100, "BR@1", 60),
    "CNY": _Size(1_000, 10_000, 28_000, 150, "CN@1", 60),
    "TWD": _Size(10_000, 50_000, 130_000, 600, "TW@1", 60),
    "HKD": _Size(5_000, 10_000, 30_000, 150, "HK@1", 60),
    "IDR": _Size(1_000_000, 20_000_000, 60_000_000, 300_000, "ID@1", 60),
    "MYR": _Size(1_000, 5_000, 18_000, 90, "MY@1", 60),
    "PHP": _Size(10_000, 50_000, 220_000, 1_100, "PH@1", 60),
    "SGD": _Size(500, 2_000, 5_000, 25, "SG@1", 60),
    "INR": _Size(10_000, 50_000, 320_000, 1_600, "IN@1", 60),
    "MXN": _Size(5_000, 20_000, 75_000, 400, "MX@1", 60),
    "AUD": _Size(500, 2_000, 6_000, 30, "AU@1", 60),
    "JPY": _Size(500, 2_000, 6_000, 30, "JP@1", 60),
    "KWD": _Size(1_000, 4_000, 12_000, 60, "", 60),
}
CURRENCIES = tuple(_SIZES)


def preset(currency: str) -> dict[str, Any]:
    """Return a bounds document for a currency, ready for `parse_bounds`. Raises `KeyError` where none is shipped."""
    size = _SIZES[currency]
    return {
        "bounds_id": f"preset_{currency.lower()}",
        "version": 1,
        "currency": currency,
        "jurisdiction_pack": size.pack,
        "segments": [_late(size), _secured(size), _early(size)],
    }


def _early(size: _Size) -> dict[str, Any]:
    return {
        "id": "early",
        "when": {"dpd": [1, 90]},
        "priority": 10,
        "common": _common(size),
        "families": {
            **_plain(size),
            "restructure": {
                **_restructure(size),
                "waive_interest_max": "1.00",
                "waive_fees_max": "1.00",
            },
            "skills": _skills("0.03", "0.05"),
        },
        "value": _value(size, "0.35", "0.45"),
        **_process(),
    }


def _late(size: _Size) -> dict[str, Any]:
    # Steps so small that waiting for the next one gains less than the delay costs.
    ladder = [{"dpd": 91, "max": "0.30"}, {"dpd": 181, "max": "0.34"}, {"dpd": 361, "max": "0.40"}]
    return {
        "id": "late",
        "when": {"dpd": [91, 36500], "secured": False},
        "priority": 20,
        "common": _common(size),
        "families": {
            **_plain(size),
            "lump": {"on": True, "days_max": 30, "waiver_ladder": ladder, "disclosure": "private"},
            "parts": {
                "on": True,
                "k": [2, 6],
                "first_share_min": "0.25",
                "share_of_lump_waiver": "0.75",
                "revert": "pro_rata",
                "cure_days": 14,
            },
            "restructure": {
                **_restructure(size),
                "waive_interest_max": "1.00",
                "waive_fees_max": "1.00",
                "waive_principal_max": "0.25",
                "tranches": [
                    {"after_paid": "0.50", "share": "0.5"},
                    {"after_paid": "1.00", "share": "0.5"},
                ],
            },
            "skills": _skills("0.05", "0.05"),
        },
        "value": _value(size, "0.15", "0.25"),
        **_process(),
    }


def _secured(size: _Size) -> dict[str, Any]:
    return {
        "id": "secured",
        "when": {"dpd": [91, 36500], "secured": True},
        "priority": 20,
        "common": _common(size),
        "families": {
            **_plain(size),
            "restructure": {
                **_restructure(size),
                "months_max": 120,
                "waive_interest_max": "0.50",
                "waive_fees_max": "1.00",
            },
            "skills": _skills("0.02", "0.02"),
        },
        "value": _value(size, "0.35", "0.40"),
        **_process(),
    }


def _common(size: _Size) -> dict[str, Any]:
    return {
        "freq": FREQS,
        "first_date": {"lead_days": 1, "max_gap_days": 45},
        "lattice": {"installment": size.lattice, "waiver": "0.05", "down_payment": size.lattice * 2},
        "business_day": "modified",
        "day_count": "30/360",
        "valid_days": 14,
    }


def _plain(size: _Size) -> dict[str, Any]:
    return {
        "full": {"on": True},
        "installment": {
            "on": True,
            "n_max": 260,
            "months_max": size.months,
            "installment_min": size.least,
            "rate": ["0.00"],
        },
        "consolidation": {"on": True, "allocation": "pro_rata", "max_accounts": 12},
        "breathing_space": {
            "on": True,
            "days": [30, 60],
            "per_months": 12,
            "causes": ["advice", "health", "income_shock", "bereavement"],
        },
        "index": {
            "on": True,
            "theta_max": "0.60",
            "pay_min": max(1, size.least // 15),
            "review_months": 6,
            "horizon_months": size.months,
            "residual": "review",
            "needs": "documents",
        },
    }


def _restructure(size: _Size) -> dict[str, Any]:
    return {
        "on": True,
        "months_max": size.months + 24 if size.pack not in {"CN@1", "BR@1"} else size.months,
        "rate_min": "0.00",
        "grace": {"months_max": 3, "kinds": ["full_frozen"]},
        "step": {"every_months": 12, "pct_max": "0.25", "count_max": 2},
        "re_age": {"kept": 3, "max": 1, "per_months": 12},
    }


def _skills(certified: str, placed: str) -> dict[str, Any]:
    return {
        "on": True,
        "goes_with": ["installment", "restructure", "index"],
        "providers": ["*"],
        "moratorium_months_max": 3,
        "rewards": {
            "enrolled": {"waive": "0.02"},
            "certified": {"waive": certified},
            "placed": {"waive": placed},
            "retained_90d": {"waive": "0.05"},
        },
        "total_reward_max": "0.20",
    }


def _value(size: _Size, no_plan: str, floor: str) -> dict[str, Any]:
    return {
        "kappa": "0.10",
        "no_plan_value": no_plan,
        "npv_floor": floor,
        "expected_cash_floor": floor,
        "post_break": "0.08",
        "alpha": "0.50",
        "cost_per_payment": size.cost,
        "prior_affordable": "0.04",
        "prior_affordable_min": size.prior,
    }


def _process() -> dict[str, Any]:
    return {
        "policy": {
            "theta_max": "0.80",
            "menu": {"size": 3, "max": 5},
            "band_q": ["0.99", "0.99", "0.92"],
            "open_share": "0.75",
            "asks_max": 5,
            "stage_by": [
                {"stage": 0, "if": {"evidence": "none"}},
                {"stage": 1, "if": {"evidence": "budget_self"}},
                {"stage": 2, "if": {"any": [{"evidence": "documents"}, {"evidence": "adviser"}]}},
            ],
        },
        "authority": {
            "debtor": {"stage": 2},
            "counselor": {"stage": 2, "may": ["propose", "attach_budget", "consolidation_mandate"]},
            "agent": {"waive_principal_max": "0.35", "months_max": 84, "npv_floor": "0.22"},
            "supervisor": {"npv_floor": "0.15", "any_family": True, "reason_required": True},
        },
        "approval": [
            {"when": {"waive_principal_over": "0.20"}, "by": "agent"},
            {"when": {"vulnerable": True, "family": ["lump", "parts"]}, "by": "agent"},
        ],
        "handoff": {"to": "queue:hardship", "sla_hours": 48},
    }
