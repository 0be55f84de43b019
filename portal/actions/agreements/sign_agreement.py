"""A debtor signs: one act, by typed name and one tick, over exactly the bytes that were shown."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from portal.actions.cases.desk import NoDesk, lay_desk, parsed, with_course
from portal.actions.contact.send_message import stop_collection
from portal.core.actors import DEBTOR
from portal.core.agreements.terms import signature_digest, text_hash
from portal.core.negotiation.confirm import Confirmed, confirm
from portal.core.negotiation.offers import Offer
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_from_dict
from portal.core.plans.telling import plan_payload
from portal.store import (
    accounts,
    agreements,
    bounds,
    cases,
    debtors,
    enrollments,
    events,
    form_tokens,
    jobs,
    life_changes,
    offers,
    papers,
    proposals,
)
from portal.store.accounts import Account
from portal.store.agreements import Agreement, Installment
from portal.store.cases import Case
from portal.store.offers import KeptOffer
from portal.store.rows import known
from portal.store.work import Transaction, Work

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


@dataclass(frozen=True, kw_only=True)
class Signed:
    """It is signed; `was_signed` tells a repeated request that the first one had done it."""

    agreement_ref: str
    was_signed: bool


@dataclass(frozen=True, kw_only=True)
class NotSigned:
    """Nothing was signed.

    `reason`: unknown, altered, expired, balance_changed, rules_changed, held, taken, not_consented, code_needed.
    """

    reason: str


def sign_agreement(
    work: Work,
    *,
    agreement_ref: str,
    debtor_id: UUID,
    signature: Signature,
    needs_code: bool,
    form_token: str,
    today: date,
    now: datetime,
) -> Signed | NotSigned:
    """Sign a prepared agreement, freeze its schedule and make it the one active agreement of its accounts.

    Everything is checked again inside the transaction: that the bytes are those that were shown, that the offer still
    stands for today's balance, that no other agreement is active. Parallel requests end in one signature.
    """
    try:
        with work.begin() as tx:
            agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
            if agreement is None or agreement.debtor_id != debtor_id:
                return NotSigned(reason="unknown")
            covered = _lock(tx, agreement)
            agreement = known(agreements.lock_agreement(tx, agreement_id=agreement.agreement_id))
            if agreement.state == "active":
                return Signed(agreement_ref=agreement_ref, was_signed=True)
            offer = known(offers.find_offer(tx, offer_id=agreement.offer_id))
            refusal = _why_not(agreement, offer, covered, signature, needs_code=needs_code, today=today)
            refusal = refusal or _why_not_today(tx, offer, covered, today=today, now=now)
            if refusal is not None:
                return refusal
            _claim(tx, agreement, covered)
            form_tokens.use_token(tx, token=form_token, answer=agreement_ref, now=now)
            _bind(tx, agreement, offer, covered, signature, now=now)
            stop_collection(tx, debtor=known(debtors.find_debtor(tx, debtor_id=debtor_id)), now=now)
    except AccountTakenError:
        return NotSigned(reason="taken")
    return Signed(agreement_ref=agreement_ref, was_signed=False)


def _claim(tx: Transaction, agreement: Agreement, covered: list[Account]) -> None:
    for one in covered:
        if not agreements.claim_account(tx, account_id=one.account_id, agreement_id=agreement.agreement_id):
            raise AccountTakenError


class AccountTakenError(Exception):
    """Another agreement became active on one of the accounts; everything was rolled back."""


def _lock(tx: Transaction, agreement: Agreement) -> list[Account]:
    ids = agreements.list_account_ids(tx, agreement_id=agreement.agreement_id)
    return [known(accounts.lock_account(tx, account_id=account_id)) for account_id in ids]


def _why_not(
    agreement: Agreement,
    offer: KeptOffer,
    covered: list[Account],
    signature: Signature,
    *,
    needs_code: bool,
    today: date,
) -> NotSigned | None:
    shown = signature_digest(terms_hash=text_hash(agreement.terms_json), html_hash=text_hash(agreement.html))
    stored = signature_digest(terms_hash=agreement.terms_hash, html_hash=agreement.html_hash)
    plan = plan_from_dict(json.loads(agreement.terms_json)["plan"])
    checks = (
        ("altered", shown != stored or signature.shown_hash != stored),
        ("expired", agreement.state != "prepared" or offer.state != "firm" or offer.expires_on < today),
        ("balance_changed", sum(one.balance_minor for one in covered) != plan.balance),
        ("not_consented", not signature.has_agreed or not agreement.has_record_consent),
        ("code_needed", needs_code and signature.code_passed_at is None),
    )
    return next((NotSigned(reason=reason) for reason, holds in checks if holds), None)


def _why_not_today(
    tx: Transaction, offer: KeptOffer, covered: list[Account], *, today: date, now: datetime
) -> NotSigned | None:
    """Ask the engine once more: the same plan, byte for byte, from today's facts and the version the offer rests on.

    What a person offered rests on their authority: for it the balance, the holds and the date decide alone.
    """
    if any(agreements.find_active(tx, account_id=one.account_id) for one in covered):
        return NotSigned(reason="taken")
    desk = lay_desk(
        tx, account_id=covered[0].account_id, debtor_id=covered[0].debtor_id, today=today, now=now
    )
    version = bounds.find_bounds(tx, bounds_id=offer.bounds_id)
    if isinstance(desk, NoDesk) or version is None:
        return NotSigned(reason="held")
    plan = plan_from_dict(offer.plan)
    course = enrollments.find_course(tx, course_ref=plan.params.course) if plan.params.course else None
    said = confirm(
        offer=Offer(
            plan=plan,
            stage=offer.stage,
            bounds_version=version.version,
            expires_on=offer.expires_on,
        ),
        facts=with_course(desk, course).facts,
        bounds=parsed(version),
        pack=desk.pack,
    )
    if isinstance(said, Confirmed) or (said.why == "rules_changed" and offer.made_by == "staff"):
        return None
    return NotSigned(reason=said.why)


def _bind(
    tx: Transaction,
    agreement: Agreement,
    offer: KeptOffer,
    covered: list[Account],
    signature: Signature,
    *,
    now: datetime,
) -> None:
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
    _enroll(tx, agreement, plan, now=now)
    offers.move_offer(tx, offer_id=offer.offer_id, before="firm", after="accepted")
    proposals.accept_offer(tx, offer_id=offer.offer_id)
    case = known(cases.find_case(tx, case_id=agreement.case_id))
    cases.move_case(tx, case_id=case.case_id, before=case.state, after="agreed", now=now)
    jobs.defer(tx, "render_agreement", queue="documents", agreement_ref=agreement.agreement_ref)
    _tell(tx, agreement, offer, covered, case=case, plan=plan, until=until, now=now)


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
