"""Trying out, asking, offering, handing over: the negotiation."""

from __future__ import annotations

from typing import get_args

from portal.core.daycount import DayCount
from portal.core.events.shapes import (
    Shape,
    code,
    count,
    day,
    digest,
    event,
    flag,
    group,
    items,
    moment,
    money,
    opaque,
    open_code,
    rate,
)

FAMILY = code(
    "installment",
    "full",
    "lump",
    "parts",
    "restructure",
    "consolidation",
    "skills",
    "breathing_space",
    "index",
    "promise_to_pay",
)


def plan_terms() -> Shape:
    """Make the shape of a plan's public terms, the same in offers, agreements and simulations."""
    return group(
        family=FAMILY,
        total_=money(112_500),
        amount_=money(9_375),
        installments_=count(12),
        frequency_=open_code("monthly"),
        first_on_=day("2027-01-05"),
        last_on_=day("2027-12-05"),
        tenor_months_=count(12),
        down_payment_=money(0),
        waived_=money(0),
        waived_interest_=money(0),
        waived_fees_=money(0),
        waived_principal_=money(0),
        interest_=money(0),
        fees_=money(0),
        periodic_rate_=rate("0.0100"),
        apr_=rate("0.1268"),
        interest_method_=open_code("level"),
        day_count_=code("actual/365", *(one for one in get_args(DayCount) if one != "actual/365")),
        pause_months_=count(0),
        moratorium_months_=count(0),
        grace_months_=count(0),
        balloon_=money(0),
        difference_=money(0),
        course_=opaque("crs_welding_2"),
        milestones_=count(3),
        re_age_kept_=count(3),
    )


_CASE = opaque("cas_01HZY3")
_CODES = items(open_code("installment_below_minimum"), most=20)
_DEBTOR = ("debtor", "counselor")

EVENTS = (
    event(
        "plan.simulated",
        "The debtor went on from the simulator: how often it moved, the lowest figure tried, the last.",
        by=_DEBTOR,
        carries=group(
            case_=_CASE,
            moves_=count(7),
            lowest_amount_=money(6_000),
            terms_=plan_terms(),
            compared_=count(2),
            grant_=opaque("grt_01HZY3"),
        ),
    ),
    event(
        "budget.recorded",
        "The debtor told what comes in, what goes out and what can be spared; only the sums are told.",
        by=("debtor", "counselor", "staff"),
        carries=group(
            id_=opaque("bud_01HZY3"),
            case_=_CASE,
            income_=money(180_000),
            spending_=money(165_000),
            spare_=money(15_000),
            frequency_=open_code("monthly"),
            is_confirmed_=flag(),
            source_=open_code("debtor"),
        ),
    ),
    event(
        "offer.shown",
        "A firm offer stood on the debtor's screen for the first time.",
        by=("debtor", "counselor", "staff", "lender", "system"),
        carries=group(
            id=opaque("ofr_01HZY3"),
            case_=_CASE,
            terms_=plan_terms(),
            hash_=digest(),
            bounds_version_=count(4),
            stage_=count(1),
            expires_at_=moment("2026-12-15T23:59:59.000Z"),
            expires_on_=day("2026-12-15"),
            amends_=opaque("agr_01HZY3"),
        ),
    ),
    event(
        "ask.made",
        "The debtor asked for something else than the offer.",
        by=_DEBTOR,
        carries=group(
            id_=opaque("ask_01HZY3"),
            case_=_CASE,
            number_=count(1),
            terms_=plan_terms(),
            must_=items(open_code("amount"), most=10),
            answer_=code("accept", "counter", "handoff"),
            grant_=opaque("grt_01HZY3"),
        ),
    ),
    event(
        "offer.countered",
        "The portal answered an ask with the nearest plan inside the lender's bounds.",
        by=("debtor", "counselor", "staff", "system"),
        carries=group(
            id=opaque("ofr_01HZY4"),
            case_=_CASE,
            ask_=opaque("ask_01HZY3"),
            replaces_=opaque("ofr_01HZY3"),
            terms_=plan_terms(),
            hash_=digest(),
            codes_=_CODES,
            bounds_version_=count(4),
            stage_=count(1),
            expires_at_=moment("2026-12-15T23:59:59.000Z"),
            expires_on_=day("2026-12-15"),
        ),
    ),
    event(
        "offer.accepted",
        "The debtor chose an offer; it is not signed yet.",
        by=("debtor",),
        carries=group(
            id=opaque("ofr_01HZY3"),
            case_=_CASE,
            hash_=digest(),
            terms_=plan_terms(),
            agreement_=opaque("agr_01HZY3"),
        ),
    ),
    event(
        "offer.expired",
        "An offer passed its printed date or was overtaken by a change of the balance.",
        by=("system", "lender", "staff"),
        carries=group(
            id=opaque("ofr_01HZY3"),
            case_=_CASE,
            reason_=code("date", "balance_changed", "recalled", "bounds_retired", "replaced", "not_approved"),
        ),
    ),
    event(
        "case.handed_off",
        "A person at the lender takes over: the record, the queue and the promised time.",
        by=("debtor", "counselor", "staff", "system"),
        carries=group(
            id=_CASE,
            reason=open_code("outside_bounds"),
            codes_=_CODES,
            queue_=open_code("hardship"),
            promised_by_=moment("2026-12-02T17:00:00.000Z"),
            ask_=opaque("ask_01HZY3"),
            asked_=plan_terms(),
        ),
    ),
    event(
        "case.answered",
        "A person at the lender answered a case that had been handed over.",
        by=("staff", "lender"),
        carries=group(
            id=_CASE,
            answer=code("accept", "counter", "decline", "ask_more", "close"),
            reason_=open_code("within_wider_authority"),
            offer_=opaque("ofr_01HZY5"),
            approval_=opaque("apr_01HZY3"),
            terms_=plan_terms(),
            is_late_=flag(),
        ),
    ),
)
