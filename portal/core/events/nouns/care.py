"""When life changes or something is wrong: hardship, pauses, disputes, complaints (never a health word)."""

from __future__ import annotations

from portal.core.events.shapes import (
    code,
    count,
    day,
    event,
    flag,
    group,
    items,
    moment,
    money,
    opaque,
    open_code,
)

_BY = ("debtor", "counselor", "staff", "lender", "system")
_DESK = ("staff", "lender", "system")
_CASE = opaque("cas_01HZY3")
_DISPUTE = opaque("dsp_01HZY3")
_COMPLAINT = opaque("cmp_01HZY3")

EVENTS = (
    event(
        "hardship.declared",
        "The debtor said that paying has become harder; the cause is a code.",
        by=_BY,
        carries=group(
            cause=open_code("income_lost"),
            case_=_CASE,
            since_on_=day("2026-11-01"),
            lasts_=open_code("months"),
            codes_=items(open_code("job_ended"), most=12),
            grant_=opaque("grt_01HZY3"),
        ),
    ),
    event(
        "circumstance.declared",
        "The debtor told of a circumstance that changes how they must be treated, as a code without detail.",
        by=_BY,
        scope="account_or_debtor",
        carries=group(
            circumstance=open_code("extra_support"), case_=_CASE, is_urgent_=flag(), until_=day("2027-03-01")
        ),
    ),
    event(
        "pause.started",
        "Payments or contact rest for a while.",
        by=_BY,
        carries=group(
            id_=opaque("pse_01HZY3"),
            kind=open_code("breathing_space"),
            agreement_=opaque("agr_01HZY3"),
            cause_=open_code("income_lost"),
            starts_on_=day("2026-12-01"),
            until_=day("2027-01-30"),
            stops_=items(code("contact", "interest", "payments", "fees"), most=4),
        ),
    ),
    event(
        "pause.ended",
        "A pause is over.",
        by=_BY,
        carries=group(
            id_=opaque("pse_01HZY3"),
            kind=open_code("breathing_space"),
            agreement_=opaque("agr_01HZY3"),
            reason_=open_code("date"),
            next_due_on_=day("2027-02-05"),
        ),
    ),
    event(
        "dispute.opened",
        "The debtor said that something about the debt is wrong or not theirs.",
        by=_BY,
        carries=group(
            id=_DISPUTE,
            cause=open_code("amount"),
            disputed_=money(20_000),
            lines_=items(opaque("lin_01HZY3"), most=50),
            answer_by_=moment("2026-12-31T17:00:00.000Z"),
            documents_=count(2),
        ),
    ),
    event(
        "dispute.answered",
        "The lender answered a dispute.",
        by=_DESK,
        carries=group(
            id=_DISPUTE,
            answer=open_code("corrected"),
            difference_=money(-20_000),
            document_=opaque("doc_01HZY3"),
            is_late_=flag(),
        ),
    ),
    event(
        "dispute.escalated",
        "A dispute went to somebody with more authority.",
        by=_BY,
        carries=group(
            id=_DISPUTE,
            level=open_code("supervisor"),
            reason_=open_code("not_satisfied"),
            answer_by_=moment("2027-01-15T17:00:00.000Z"),
        ),
    ),
    event(
        "dispute.closed",
        "A dispute is settled.",
        by=_BY,
        carries=group(id=_DISPUTE, outcome_=open_code("debtor_right"), difference_=money(-20_000)),
    ),
    event(
        "complaint.opened",
        "Somebody is not content with how they were treated.",
        by=_BY,
        scope="account_or_debtor",
        carries=group(
            id=_COMPLAINT,
            topic=open_code("tone"),
            answer_by_=moment("2027-01-26T17:00:00.000Z"),
            language_=open_code("en"),
        ),
    ),
    event(
        "complaint.reviewed",
        "A person at the lender began to look into a complaint.",
        by=_DESK,
        scope="account_or_debtor",
        carries=group(id=_COMPLAINT, reviewer_=opaque("stf_01HZY3"), topic_=open_code("tone")),
    ),
    event(
        "complaint.answered",
        "The lender answered a complaint.",
        by=_DESK,
        scope="account_or_debtor",
        carries=group(
            id=_COMPLAINT,
            outcome=open_code("upheld"),
            redress_=money(0),
            document_=opaque("doc_01HZY3"),
            is_late_=flag(),
        ),
    ),
    event(
        "complaint.closed",
        "A complaint is settled.",
        by=_BY,
        scope="account_or_debtor",
        carries=group(id=_COMPLAINT, outcome_=open_code("upheld"), referred_to_=open_code("ombudsman")),
    ),
    event(
        "complaint.reopened",
        "A complaint that was closed is open again.",
        by=_BY,
        scope="account_or_debtor",
        carries=group(id=_COMPLAINT, reason_=open_code("not_satisfied")),
    ),
)
