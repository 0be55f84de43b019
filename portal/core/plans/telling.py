"""A plan as events tell it: public terms in the words of the catalog, no score, no bound."""

from typing import Any

from portal.core.plans.cost import apr_of
from portal.core.plans.grammar import Plan


def money_payload(minor: int, currency: str) -> dict[str, Any]:
    """Return an amount of minor units in the form that every event uses."""
    return {"minor": minor, "currency": currency}


def plan_payload(plan: Plan) -> dict[str, Any]:
    """Return the public terms of a plan as `offer.shown`, `agreement.signed` and their like carry them."""
    currency = plan.currency
    payments = sum(1 for row in plan.schedule if row.number > 0)
    terms: dict[str, Any] = {
        "family": plan.family,
        "total": money_payload(plan.total, currency),
        "amount": money_payload(plan.payment, currency),
        "installments": payments,
        "frequency": plan.params.freq,
        "down_payment": money_payload(plan.down_payment, currency),
        "waived": money_payload(plan.waived.total, currency),
        "waived_interest": money_payload(plan.waived.interest, currency),
        "waived_fees": money_payload(plan.waived.fees, currency),
        "waived_principal": money_payload(plan.waived.principal, currency),
        "interest": money_payload(plan.interest, currency),
        "grace_months": plan.params.grace_months,
    }
    if plan.first_on and plan.last_on:
        months = (plan.last_on.year - plan.first_on.year) * 12 + plan.last_on.month - plan.first_on.month + 1
        terms |= {
            "first_on": plan.first_on.isoformat(),
            "last_on": plan.last_on.isoformat(),
            "tenor_months": months,
        }
    if plan.params.rate_ppm and plan.interest:
        apr = apr_of(plan)
        terms |= {
            "interest_method": plan.params.method or "level",
            "day_count": plan.conventions.day_count,
            **({} if apr is None else {"apr": f"{apr:f}"}),
        }
    if plan.re_age_kept:
        terms["re_age_kept"] = plan.re_age_kept
    if plan.milestones:
        terms["milestones"] = len(plan.milestones)
    return terms
