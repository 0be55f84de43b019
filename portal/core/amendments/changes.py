"""What a new version of an agreement changes, term by term: the readable difference that is signed along with it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from portal.core.amendments.reshape import Running
from portal.core.plans.grammar import Plan

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "family": "family",
        "payment": "money",
        "count": "count",
        "rhythm": "rhythm",
        "first_on": "day",
        "last_on": "day",
        "left": "money",
        "interest": "money",
        "rate": "rate",
        "waived": "money",
        "re_age_kept": "some",
        "grace_days": "count",
        "missed_before_broken": "count",
        "cure_days": "count",
        "moves_per_year": "count",
    }
)
"""Each term that is compared and what its two values are: minor units, a number (some: 0 says that there is none), a
frequency, an ISO date, millionths a year, a family of plans. `left` is all that is to be paid from now on, `first_on`
the next payment.
"""
RULES = ("grace_days", "missed_before_broken", "cure_days", "moves_per_year")


def changes(
    running: Running, plan: Plan, *, rules: tuple[Mapping[str, Any], Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return (term, before, after) for every term, the same ones too; `rules` are those signed before and now.

    What was paid is left out on both sides: the comparison is of what is still to come.
    """
    before = _as_it_runs(running) | {name: rules[0][name] for name in RULES}
    after = _as_it_would(plan) | {name: rules[1][name] for name in RULES}
    return [{"term": term, "before": before[term], "after": after[term]} for term in TERMS]


def changed(rows: list[dict[str, Any]]) -> list[str]:
    """Return the terms that differ, in their order."""
    return [row["term"] for row in rows if row["before"] != row["after"]]


def _as_it_runs(running: Running) -> dict[str, Any]:
    amounts = [row.amount for row in running.opened]
    return {
        "family": running.plan.family,
        "payment": max(amounts[:-1] or amounts, default=0),
        "count": len(amounts),
        "rhythm": running.plan.params.freq,
        "first_on": _iso(running.opened[0].due_on if amounts else None),
        "last_on": _iso(running.opened[-1].due_on if amounts else None),
        "left": running.left,
        "interest": sum(row.interest for row in running.opened),
        "rate": running.plan.params.rate_ppm,
        "waived": running.waived.total,
        "re_age_kept": running.plan.re_age_kept,
    }


def _as_it_would(plan: Plan) -> dict[str, Any]:
    first_on = plan.schedule[0].due_on if plan.schedule else None
    return {
        "family": plan.family,
        "payment": plan.payment,
        "count": len(plan.schedule),
        "rhythm": plan.params.freq,
        "first_on": _iso(first_on),
        "last_on": _iso(plan.last_on),
        "left": plan.total,
        "interest": plan.interest,
        "rate": plan.params.rate_ppm,
        "waived": plan.waived.total,
        "re_age_kept": plan.re_age_kept,
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
