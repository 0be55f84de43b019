"""A debtor signs: one act, by typed name and one tick, over exactly the bytes that were shown."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.actions.agreements.bind_agreement import Signature, bind_agreement
from portal.actions.agreements.prepare_agreement import why_gone
from portal.actions.amendments.replace_version import VersionTakenError, retire_version
from portal.actions.cases.ask_approval import STAFF, is_cleared
from portal.actions.cases.desk import NoDesk, lay_desk, parsed, with_course
from portal.actions.contact.send_message import stop_collection
from portal.core.agreements.terms import signature_digest, text_hash
from portal.core.negotiation.confirm import Confirmed, confirm
from portal.core.negotiation.context import open_case
from portal.core.negotiation.offers import Offer
from portal.core.plans.record import plan_from_dict
from portal.store import accounts, agreements, bounds, cases, debtors, enrollments, form_tokens, offers
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.store.offers import KeptOffer
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Signed:
    """It is signed; `was_signed` tells a repeated request that the first one had done it."""

    agreement_ref: str
    was_signed: bool


@dataclass(frozen=True, kw_only=True)
class NotSigned:
    """Nothing was signed.

    `reason`: unknown, altered, expired, balance_changed, rules_changed, plan_changed, held, taken, not_consented,
    code_needed, approval_needed.
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
            if agreement.amends_id is not None:
                retire_version(tx, agreement, now=now)
            _claim(tx, agreement, covered)
            form_tokens.use_token(tx, token=form_token, answer=agreement_ref, now=now)
            bind_agreement(tx, agreement, offer, covered, signature, now=now)
            stop_collection(tx, debtor=known(debtors.find_debtor(tx, debtor_id=debtor_id)), now=now)
    except (AccountTakenError, VersionTakenError):
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

    What a person offered rests on their authority, and a change of a running plan on the deal that was signed: for
    these the balance, the holds and the date decide alone.
    """
    gone = why_gone(tx, offer=offer, covered=covered, today=today)
    if gone is not None:
        return NotSigned(reason=gone.reason)
    if not is_cleared(tx, offer, known(cases.find_case(tx, case_id=offer.case_id))):
        return NotSigned(reason="approval_needed")
    desk = lay_desk(
        tx, account_id=covered[0].account_id, debtor_id=covered[0].debtor_id, today=today, now=now
    )
    version = bounds.find_bounds(tx, bounds_id=offer.bounds_id)
    if isinstance(desk, NoDesk) or version is None:
        return NotSigned(reason="held")
    if offer.change_kind is not None:
        is_open = open_case(facts=desk.facts, bounds=desk.bounds, pack=desk.pack) is not None
        return None if is_open else NotSigned(reason="held")
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
    if isinstance(said, Confirmed) or (said.why == "rules_changed" and offer.made_by in STAFF):
        return None
    return NotSigned(reason=said.why)
