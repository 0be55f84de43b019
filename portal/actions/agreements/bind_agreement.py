"""A signature binds: what follows from it is written down in the same transaction that checked it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.actions.amendments.replace_version import hand_over
from portal.core.actors import DEBTOR
from portal.core.agreements.terms import signature_digest
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_from_dict
from portal.core.plans.telling import plan_payload
from portal.store import (
    agreements,
    bounds,
    cases,
    debtors,
    enrollments,
    events,
    jobs,
    life_changes,
    offers,
    papers,
    proposals,
    versions,
)
from portal.store.accounts import Account
from portal.store.agreements import Agreement, Installment
from portal.store.cases import Case
from portal.store.offers import KeptOffer
from portal.store.rows import known
from portal.store.work import Transaction

NAME_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What the act of signing carries.

    `device` is a short description of the browser, never an identifier;
    `code_passed_at` is when an SMS code bound to this document was accepted, where one was asked for.
    """

    typed_name: str
    has_agreed: bool
    shown_hash: str
    address: str
    device: str
    code_passed_at: datetime | None = None


def bind_agreement(
    tx: Transaction,
    agreement: Agreement,
    offer: KeptOffer,
    covered: list[Account],
    signature: Signature,
    *,
    now: datetime,
) -> None:
    """Write down what a signature means, in the transaction that checked it: rows, life, course, paper, events.

    A version that amends another takes its place: the one before ends, its course and calendar follow.
    """
    terms = json.loads(agreement.terms_json)
    plan = plan_from_dict(terms["plan"])
    until = now + timedelta(days=terms["rules"]["cooling_off_days"])
    agreements.save_signature(
        tx,
        agreement_id=agreement.agreement_id,
        signer_name=signature.typed_name[:NAME_MAX],
        log=[*agreement.signing_log, *_log_entries(agreement, signature, now=now)],
        withdraw_until=until,
        now=now,
    )
    papers.register_agreement(tx, agreement, now=now)
    agreements.save_installments(tx, _installments(agreement, plan))
    debtor = known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id))
    life_changes.begin_life(
        tx, agreement_id=agreement.agreement_id, time_zone=debtor.time_zone, at=now, next_at=now
    )
    if agreement.amends_id is None or not _goes_on(tx, agreement, plan):
        _enroll(tx, agreement, plan, now=now)
    offers.move_offer(tx, offer_id=offer.offer_id, before="firm", after="accepted")
    proposals.accept_offer(tx, offer_id=offer.offer_id)
    case = known(cases.find_case(tx, case_id=agreement.case_id))
    cases.move_case(tx, case_id=case.case_id, before=case.state, after="agreed", now=now)
    jobs.defer(tx, "render_agreement", queue="documents", agreement_ref=agreement.agreement_ref)
    _tell(tx, agreement, offer, covered, case=case, plan=plan, until=until, now=now)
    if agreement.amends_id is not None:
        hand_over(tx, agreement, covered, now=now)


def _goes_on(tx: Transaction, agreement: Agreement, plan: Plan) -> bool:
    """Let the course of the version before go on under this one, where its plan has milestones too."""
    course = enrollments.find_enrollment(tx, agreement_id=known(agreement.amends_id))
    if course is None or course.state == "ended" or not plan.milestones:
        return False
    versions.move_course(tx, before_id=known(agreement.amends_id), after_id=agreement.agreement_id)
    return True


def _enroll(tx: Transaction, agreement: Agreement, plan: Plan, *, now: datetime) -> None:
    """Put the debtor on the course of a plan with training; without a course yet, it is chosen later."""
    course = enrollments.find_course(tx, course_ref=plan.params.course) if plan.params.course else None
    if plan.milestones and course is not None:
        enrollments.save_enrollment(
            tx, agreement_id=agreement.agreement_id, course=course, steps=plan.milestones, now=now
        )


def _log_entries(agreement: Agreement, signature: Signature, *, now: datetime) -> list[dict[str, str]]:
    entries = []
    if signature.code_passed_at is not None:
        entries.append({"act": "code_accepted", "at": signature.code_passed_at.isoformat()})
    entries.append(
        {
            "act": "signed",
            "at": now.isoformat(),
            "method": "typed_name",
            "address": signature.address,
            "device": signature.device[:200],
            "digest": signature_digest(terms_hash=agreement.terms_hash, html_hash=agreement.html_hash),
        }
    )
    return entries


def _installments(agreement: Agreement, plan: Plan) -> list[Installment]:
    return [
        Installment(
            agreement_id=agreement.agreement_id,
            number=row.number,
            due_on=row.due_on,
            amount_minor=row.amount,
            principal_minor=row.principal,
            interest_minor=row.interest,
            paid_minor=0,
            state="upcoming",
        )
        for row in plan.schedule
    ]


def _tell(
    tx: Transaction,
    agreement: Agreement,
    offer: KeptOffer,
    covered: list[Account],
    *,
    case: Case,
    plan: Plan,
    until: datetime,
    now: datetime,
) -> None:
    shared = {"id": offer.offer_ref, "case": case.case_ref, "terms": plan_payload(plan)}
    debtor_ref = known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref
    version = known(bounds.find_bounds(tx, bounds_id=offer.bounds_id)).version
    for type_, payload in (
        ("offer.accepted", {**shared, "hash": offer.plan_hash, "agreement": agreement.agreement_ref}),
        (
            "agreement.signed",
            {
                **shared,
                "id": agreement.agreement_ref,
                "offer": offer.offer_ref,
                "version": agreement.version,
                "terms_digest": agreement.terms_hash,
                "html_digest": agreement.html_hash,
                "method": "typed_name",
                "bounds_version": version,
                "withdraw_until": until.date().isoformat(),
                "signed_at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            },
        ),
    ):
        events.append_for_accounts(
            tx, accounts=covered, type=type_, actor=DEBTOR, at=now, debtor_ref=debtor_ref, payload=payload
        )
