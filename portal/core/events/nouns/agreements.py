"""Agreements and what follows from them on paper."""

from __future__ import annotations

from portal.core.events.nouns.plans import plan_terms
from portal.core.events.shapes import (
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
)

_ID = opaque("agr_01HZY3")
_BY = ("debtor", "system", "staff", "lender", "counselor")

EVENTS = (
    event(
        "agreement.prepared",
        "The text of an agreement was made out of an offer and is ready to be read.",
        by=("debtor", "system", "staff", "counselor"),
        carries=group(
            id=_ID,
            offer_=opaque("ofr_01HZY3"),
            case_=opaque("cas_01HZY3"),
            version_=count(1),
            terms_=plan_terms(),
            terms_digest_=digest(),
            html_digest_=digest(),
        ),
    ),
    event(
        "agreement.viewed",
        "The debtor opened the agreement.",
        by=("debtor", "counselor", "staff"),
        carries=group(id=_ID, version_=count(1), form_=code("page", "pdf", "print")),
    ),
    event(
        "agreement.consented",
        "The debtor agreed to do this business electronically, with this text.",
        by=("debtor",),
        carries=group(
            id=_ID,
            consent=open_code("electronic_records"),
            text_digest_=digest(),
            version_=count(1),
            has_shown_access_=flag(),
        ),
        version=2,
    ),
    event(
        "agreement.consent_ended",
        "The debtor took the consent to electronic records back; papers of this agreement go by post from now on.",
        by=("debtor", "staff", "lender"),
        carries=group(id=_ID, consent=open_code("electronic_records"), version_=count(1)),
    ),
    event(
        "agreement.signed",
        "The debtor signed an agreement; it binds from now on.",
        by=("debtor",),
        carries=group(
            id=_ID,
            offer_=opaque("ofr_01HZY3"),
            case_=opaque("cas_01HZY3"),
            version_=count(1),
            terms_=plan_terms(),
            terms_digest_=digest(),
            html_digest_=digest(),
            pdf_digest_=digest(),
            method_=open_code("typed_name"),
            bounds_version_=count(4),
            withdraw_until_=day("2026-12-15"),
            signed_at_=moment(),
        ),
    ),
    event(
        "agreement.withdrawn",
        "The debtor took an agreement back inside the time that the law or the lender gives.",
        by=("debtor", "staff", "lender"),
        carries=group(
            id=_ID,
            reason_=open_code("changed_mind"),
            refunded_=money(0),
            back_to_=opaque("agr_01HZY2"),
        ),
    ),
    event(
        "agreement.amended",
        "A signed agreement got a new version, which took the place of the one that it amends.",
        by=_BY,
        carries=group(
            id=_ID,
            version=count(2),
            amends_=opaque("agr_01HZY2"),
            reason_=open_code("balance_changed"),
            terms_=plan_terms(),
            terms_digest_=digest(),
            html_digest_=digest(),
            effective_on_=day("2027-02-01"),
        ),
    ),
    event(
        "agreement.cured",
        "An agreement that was behind is up to date again.",
        by=_BY,
        carries=group(id=_ID, payment_=opaque("pay_01HZY3"), arrears_=money(0)),
    ),
    event(
        "agreement.broken",
        "An agreement was not kept beyond its grace, and the written rule for that applies.",
        by=("system", "staff", "lender"),
        carries=group(
            id=_ID,
            arrears_=money(18_750),
            missed_=count(2),
            rule_=open_code("two_missed"),
            effective_on_=day("2027-03-20"),
        ),
    ),
    event(
        "agreement.completed",
        "Everything that an agreement asked for was paid.",
        by=_BY,
        carries=group(id=_ID, paid_=money(112_500), waived_=money(0), completed_on_=day("2027-12-05")),
    ),
    event(
        "agreement.reopened",
        "A completed agreement runs on: a payment that had completed it went back.",
        by=("system", "staff", "lender"),
        carries=group(id=_ID, reason=open_code("returned"), left_=money(9_375)),
    ),
    event(
        "waiver.vested",
        "A part of the debt is forgiven for good; says whether the sum must be reported.",
        by=("provider", *_BY),
        carries=group(
            id_=opaque("wvr_01HZY3"),
            agreement_=_ID,
            amount=money(20_000),
            parts_=items(code("principal", "interest", "fees", "penalties"), most=4),
            cause_=open_code("completed"),
            is_reportable_=flag(),
            rule_=open_code("us-26cfr1.6050p"),
        ),
    ),
    event(
        "letter.issued",
        "A letter was made for the debtor, such as a confirmation that nothing more is owed.",
        by=_BY,
        carries=group(
            id_=opaque("doc_01HZY3"),
            kind=open_code("paid_in_full"),
            digest_=digest(),
            agreement_=_ID,
            signature_=open_code("pades_b_lta"),
            signer_=digest(),
        ),
        version=2,
    ),
    event(
        "signer.created",
        "The lender got a fresh certificate and keys to countersign documents with.",
        by=("system", "staff"),
        scope="lender",
        carries=group(id=opaque("0192f3a4"), fingerprint=digest()),
    ),
    event(
        "bureau.reported",
        "A status was handed to a credit bureau, or its correction was.",
        by=("system", "staff", "lender"),
        carries=group(
            bureau=open_code("experian"),
            status_=open_code("arrangement_to_pay"),
            is_correction_=flag(),
            reported_on_=day("2026-12-31"),
        ),
    ),
)
