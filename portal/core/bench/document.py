"""The bounds that the bench plays under: those of the specification, with the stages opened by evidence only."""

from functools import lru_cache
from typing import Any

from portal.core.bounds.model import Bounds
from portal.core.bounds.schema import parse_bounds

FREQS = ("weekly", "fortnightly", "four_weekly", "semi_monthly", "monthly")
BAND_Q = ("0.99", "0.99", "0.92")
OPEN_SHARE = "0.75"
ALPHA = "0.50"
DOCUMENT: dict[str, Any] = {
    "bounds_id": "bench",
    "version": 1,
    "currency": "USD",
    "segments": [
        {
            "id": "late",
            "when": {"dpd": [31, 36500]},
            "common": {
                "freq": list(FREQS),
                "first_date": {"lead_days": 1, "max_gap_days": 35},
                "lattice": {"installment": 500, "waiver": "0.05", "down_payment": 1000},
            },
            "families": {
                "full": {"on": True},
                "installment": {
                    "on": True,
                    "n_max": 60,
                    "months_max": 60,
                    "installment_min": 1500,
                    "rate": ["0.00"],
                },
                "lump": {
                    "on": True,
                    "days_max": 30,
                    "waiver_ladder": [
                        {"dpd": 31, "max": "0.10"},
                        {"dpd": 181, "max": "0.30"},
                        {"dpd": 361, "max": "0.55"},
                    ],
                    "disclosure": "private",
                },
                "parts": {
                    "on": True,
                    "k": [2, 6],
                    "first_share_min": "0.25",
                    "share_of_lump_waiver": "0.75",
                    "revert": "pro_rata",
                    "cure_days": 7,
                },
                "restructure": {
                    "on": True,
                    "months_max": 60,
                    "waive_interest_max": "1.00",
                    "waive_fees_max": "1.00",
                    "waive_principal_max": "0.25",
                    "grace": {"months_max": 3, "kinds": ["full_frozen"]},
                    "balloon_max": "0.20",
                    "step": {"every_months": 12, "pct_max": "0.50", "count_max": 2},
                },
                "consolidation": {"on": True, "allocation": "pro_rata", "max_accounts": 12},
                "skills": {
                    "on": True,
                    "providers": ["*"],
                    "moratorium_months_max": 6,
                    "rewards": {
                        "certified": {"waive": "0.05"},
                        "placed": {"waive": "0.05"},
                        "retained_90d": {"waive": "0.05"},
                    },
                    "total_reward_max": "0.20",
                },
            },
            "value": {
                "kappa": "0.10",
                "no_plan_value": "0.15",
                "npv_floor": "0.25",
                "expected_cash_floor": "0.28",
                "post_break": "0.08",
                "alpha": ALPHA,
                "cost_per_payment": 20,
            },
            "policy": {
                "theta_max": "0.80",
                "menu": {"size": 3, "max": 5},
                "band_q": list(BAND_Q),
                "open_share": OPEN_SHARE,
                "asks_max": 10,
                "stage_by": [
                    {"stage": 0, "if": {"evidence": "none"}},
                    {"stage": 1, "if": {"evidence": "budget_self"}},
                    {"stage": 2, "if": {"any": [{"evidence": "documents"}, {"evidence": "adviser"}]}},
                ],
            },
            "authority": {"debtor": {"stage": 2}, "counselor": {"stage": 2, "may": ["propose"]}},
            "handoff": {"to": "queue:hardship", "sla_hours": 48},
        }
    ],
}


@lru_cache(maxsize=64)
def bench_bounds(
    *, band_q: tuple[str, ...] = BAND_Q, open_share: str = OPEN_SHARE, alpha: str = ALPHA, stages: int = 3
) -> Bounds:
    """Return the bench's bounds, with another band, open share, weight or number of stages where given.

    With one stage all debtors stay where the open share is the threshold, whatever they show.
    """
    segment = DOCUMENT["segments"][0]
    policy = {**segment["policy"], "band_q": list(band_q), "open_share": open_share}
    authority = {**segment["authority"], "debtor": {"stage": stages - 1}}
    if stages == 1:
        policy["stage_by"] = [*segment["policy"]["stage_by"][:1], {"stage": 1, "if": {"campaign": "none"}}]
    changed = {
        **segment,
        "policy": policy,
        "authority": authority,
        "value": {**segment["value"], "alpha": alpha},
    }
    return parse_bounds({**DOCUMENT, "segments": [changed]})
