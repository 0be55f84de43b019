"""Plans as canonical JSON and back: what an offer stores and a signature covers."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from portal.core.errors import PlanError
from portal.core.plans.grammar import Conventions, Milestone, Plan, Row, Waived, canonical_id, terms_from_dict


def _row(row: Row) -> dict[str, Any]:
    return {
        "due_on": row.due_on.isoformat(),
        "number": row.number,
        "amount": row.amount,
        "principal": row.principal,
        "interest": row.interest,
        "account_split": [list(part) for part in row.account_split],
    }


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """Return the plan as a JSON document of strings, whole numbers and lists; `plan_from_dict` reads it back."""
    return {
        "id": plan.id,
        "family": plan.family,
        "currency": plan.currency,
        "params": plan.params.to_dict(),
        "schedule": [_row(row) for row in plan.schedule],
        "balance": plan.balance,
        "amount": plan.amount,
        "total": plan.total,
        "waived": asdict(plan.waived),
        "milestones": [{**asdict(m), "due_by": m.due_by.isoformat()} for m in plan.milestones],
        "tranches": [list(pair) for pair in plan.tranches],
        "conventions": asdict(plan.conventions),
        "cure_days": plan.cure_days,
        "residual": plan.residual,
        "left_out": list(plan.left_out),
        "resumes_on": plan.resumes_on.isoformat() if plan.resumes_on else None,
        "made_on": plan.made_on.isoformat() if plan.made_on else None,
        # Left out where there is none: older records keep their hash.
        **({"re_age_kept": plan.re_age_kept} if plan.re_age_kept else {}),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_row(document: Mapping[str, Any]) -> Row:
    return Row(
        due_on=date.fromisoformat(document["due_on"]),
        number=document["number"],
        amount=document["amount"],
        principal=document["principal"],
        interest=document["interest"],
        account_split=tuple((ref, part) for ref, part in document["account_split"]),
    )


def _read_milestone(document: Mapping[str, Any]) -> Milestone:
    return Milestone(**{**document, "due_by": date.fromisoformat(document["due_by"])})


def plan_from_dict(document: Mapping[str, Any]) -> Plan:
    """Read a plan back from `plan_to_dict`.

    Raises `PlanError` when the id is not the hash of the terms or a key is missing.
    """
    try:
        plan = Plan(
            id=document["id"],
            family=document["family"],
            currency=document["currency"],
            params=terms_from_dict(document["params"]),
            schedule=tuple(_read_row(row) for row in document["schedule"]),
            balance=document["balance"],
            amount=document["amount"],
            total=document["total"],
            waived=Waived(**document["waived"]),
            milestones=tuple(_read_milestone(one) for one in document["milestones"]),
            tranches=tuple((a, b) for a, b in document["tranches"]),
            conventions=Conventions(**document["conventions"]),
            cure_days=document["cure_days"],
            residual=document["residual"],
            left_out=tuple(document["left_out"]),
            resumes_on=_day(document["resumes_on"]),
            made_on=_day(document.get("made_on")),
            re_age_kept=document.get("re_age_kept", 0),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"not a plan record: {error}") from error
    if plan.id != canonical_id(plan.params):
        raise PlanError("the id of the plan record is not the hash of its terms")
    return plan
