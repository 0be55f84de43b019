"""Guests of the house: counselors with a grant, training providers, places a debtor is pointed to."""

from __future__ import annotations

from portal.core.events.nouns.plans import plan_terms
from portal.core.events.shapes import (
    Shape,
    code,
    count,
    day,
    event,
    flag,
    group,
    items,
    money,
    opaque,
    open_code,
    rate,
)

_GRANT = opaque("grt_01HZY3")
_COUNSELOR = ("counselor",)
_TRAINING = ("provider", "debtor", "system", "staff", "lender")


def _training(**more: Shape) -> dict[str, Shape]:
    """Make the fields that every event of a training carries."""
    return {
        "enrollment": opaque("enr_01HZY3"),
        "course_": opaque("crs_welding_2"),
        "provider_": opaque("northside_college"),
        "agreement_": opaque("agr_01HZY3"),
        **more,
    }


EVENTS = (
    event(
        "grant.given",
        "The debtor let a counselor see or act for them, until a date.",
        by=("debtor",),
        scope="debtor",
        carries=group(
            id=_GRANT,
            agency_=opaque("agc_01HZY3"),
            scopes=items(open_code("see_balance"), most=12),
            accounts_=items(opaque("AC-10029"), most=50),
            until_=day("2027-03-01"),
        ),
    ),
    event(
        "grant.revoked",
        "A grant ended: the debtor took it back, or its time was over.",
        by=("debtor", "counselor", "system", "staff"),
        scope="debtor",
        carries=group(
            id=_GRANT, agency_=opaque("agc_01HZY3"), reason_=code("debtor", "date", "counselor", "lender")
        ),
    ),
    event(
        "counselor.viewed",
        "A counselor looked at what the debtor granted.",
        by=_COUNSELOR,
        scope="account_or_debtor",
        key="view",
        carries=group(grant=_GRANT, agency_=opaque("agc_01HZY3"), seen_=items(open_code("balance"), most=12)),
    ),
    event(
        "counselor.proposed",
        "A counselor proposed a plan in the debtor's name; the debtor decides.",
        by=_COUNSELOR,
        key="proposal",
        carries=group(
            id=opaque("prp_01HZY3"),
            grant_=_GRANT,
            agency_=opaque("agc_01HZY3"),
            case_=opaque("cas_01HZY3"),
            terms_=plan_terms(),
            budget_=opaque("bud_01HZY3"),
            offer_=opaque("ofr_01HZY3"),
            answer_=code("accept", "counter", "handoff"),
        ),
    ),
    event(
        "training.enrolled",
        "The provider confirmed that the debtor is on a course.",
        by=_TRAINING,
        carries=group(**_training(starts_on_=day("2027-01-11"), milestones_=count(3))),
    ),
    event(
        "training.milestone_verified",
        "The provider confirmed a milestone of the course.",
        by=_TRAINING,
        carries=group(
            **_training(
                milestone=open_code("certified"),
                number_=count(2),
                verified_on_=day("2027-04-02"),
                evidence_=open_code("provider_webhook"),
            )
        ),
    ),
    event(
        "training.milestone_missed",
        "A milestone was not reached by its date; the plain plan goes on.",
        by=_TRAINING,
        carries=group(
            **_training(
                milestone=open_code("attended"),
                number_=count(1),
                due_on_=day("2027-02-28"),
                reason_=open_code("date"),
            )
        ),
    ),
    event(
        "training.reward_vested",
        "A milestone's reward became part of the plan.",
        by=_TRAINING,
        carries=group(
            **_training(
                milestone=open_code("certified"),
                reward=open_code("waive_tranche"),
                amount_=money(10_000),
                periodic_rate_=rate("0.0080"),
                months_=count(0),
                terms_=plan_terms(),
                effective_on_=day("2027-04-05"),
            )
        ),
    ),
    event(
        "training.ended",
        "The debtor is not on the course any more, finished or not.",
        by=_TRAINING,
        carries=group(**_training(outcome=open_code("finished"), is_debtor_at_fault_=flag())),
    ),
)
