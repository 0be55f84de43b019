"""A debtor chose an offer: its terms and its text are frozen so that both can be read before signing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.actions.amendments.amended_terms import amended_of, amends_part
from portal.actions.amendments.running_plan import load_running, running_digest
from portal.actions.cases.ask_approval import ask_approval, is_cleared, level_of
from portal.core.actors import DEBTOR
from portal.core.agreements.records import reading_code
from portal.core.agreements.terms import (
    TEXTS_VERSION,
    AccountPart,
    Parties,
    Rules,
    agreement_terms,
    rules_of,
    signed_text,
    text_hash,
)
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import facts_from_dict
from portal.core.packs.rules import cooling_off_days, needs_record_consent, pack_for
from portal.core.plans.record import plan_from_dict
from portal.core.plans.telling import plan_payload
from portal.store import accounts, agreements, bounds, cases, debtors, events, lenders, offers
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.store.cases import Case
from portal.store.debtors import Debtor, new_ref
from portal.store.offers import KeptOffer
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Text:
    """How terms are written out in one language; given by the web floor.

    `render` turns terms into the exact HTML that is shown and signed. `labels` are the words of the signed copy's seal
    (title, direction, signed_by, signed_at, fingerprint), kept with the agreement for the worker that makes the PDF.
    """

    language: str
    labels: Mapping[str, str]
    render: Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The agreement stands ready to be read; `was_resumed` says that it was there already."""

    agreement: Agreement
    was_resumed: bool


@dataclass(frozen=True, kw_only=True)
class OfferWaits:
    """A second person has to agree first; they were asked. The debtor hears by `answer_due_at`."""

    answer_due_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfferGone:
    """The offer does not stand any more. `reason`: unknown, expired, declined, balance_changed, plan_changed, taken.

    Plan_changed: the running plan that the offer would change is not as it was.
    """

    reason: str


def prepare_agreement(
    work: Work, *, offer_ref: str, debtor_id: UUID, text: Text, today: date, now: datetime
) -> Prepared | OfferWaits | OfferGone:
    """Freeze the terms and the text of a chosen offer, or resume what was frozen before.

    `today` is the debtor's calendar day. The same offer in the same language gives the same agreement again, so an
    interrupted signing goes on where it stopped. Where the bounds want a second person, they are asked first.
    """
    with work.begin() as tx:
        offer = offers.find_offer(tx, offer_ref=offer_ref)
        case = cases.find_case(tx, case_id=offer.case_id) if offer else None
        if offer is None or case is None or case.debtor_id != debtor_id:
            return OfferGone(reason="unknown")
        covered = lock_accounts(tx, case=case)
        resumed = agreements.find_prepared(tx, offer_id=offer.offer_id)
        if resumed is not None and resumed.language == text.language and _is_current(resumed, covered):
            return Prepared(agreement=resumed, was_resumed=True)
        if (gone := why_gone(tx, offer=offer, covered=covered, today=today)) is not None:
            return gone
        if not is_cleared(tx, offer, case):
            return _ask_first(tx, offer, case, covered[0], now=now)
        agreement = _freeze(tx, offer, case, covered, text=text, today=today, now=now)
        agreements.save_agreement(tx, agreement, account_ids=[one.account_id for one in covered])
        if resumed is not None:
            agreements.move_agreement(
                tx, agreement_id=resumed.agreement_id, before="prepared", after="expired", now=now
            )
        _tell(tx, agreement, offer, covered, case_ref=case.case_ref, now=now)
    return Prepared(agreement=agreement, was_resumed=False)


def _tell(
    tx: Transaction,
    agreement: Agreement,
    offer: KeptOffer,
    covered: list[Account],
    *,
    case_ref: str,
    now: datetime,
) -> None:
    events.append_for_accounts(
        tx,
        accounts=covered,
        type="agreement.prepared",
        actor=DEBTOR,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref,
        payload={
            "id": agreement.agreement_ref,
            "offer": offer.offer_ref,
            "case": case_ref,
            "version": agreement.version,
            "terms": plan_payload(plan_from_dict(offer.plan)),
            "terms_digest": agreement.terms_hash,
            "html_digest": agreement.html_hash,
        },
    )


def _ask_first(
    tx: Transaction, offer: KeptOffer, case: Case, account: Account, *, now: datetime
) -> OfferWaits | OfferGone:
    if offer.approval == "declined":
        return OfferGone(reason="declined")
    asked = ask_approval(
        tx,
        offer,
        case,
        account_id=account.account_id,
        level=level_of(tx, offer, case) or "supervisor",
        asked_by=offer.made_by,
        actor=DEBTOR,
        now=now,
    )
    return OfferWaits(answer_due_at=asked.answer_due_at)


def lock_accounts(tx: Transaction, *, case: Case) -> list[Account]:
    """Lock the accounts of a case in the order of their ids, so that two actions never wait for each other."""
    found = [
        accounts.lock_account(tx, account_id=account_id)
        for account_id in cases.list_account_ids(tx, case_id=case.case_id)
    ]
    return [one for one in found if one is not None]


def why_gone(tx: Transaction, *, offer: KeptOffer, covered: list[Account], today: date) -> OfferGone | None:
    """Say why an offer does not stand; None while it does: firm, in time, and for the balance that it was made of."""
    if offer.state != "firm" or offer.expires_on < today:
        return OfferGone(reason="expired")
    if sum(one.balance_minor for one in covered) != plan_from_dict(offer.plan).balance:
        return OfferGone(reason="balance_changed")
    running = [agreements.find_active(tx, account_id=one.account_id) for one in covered]
    if {one.agreement_id for one in running if one is not None} - {offer.amends_id}:
        return OfferGone(reason="taken")
    return _why_amended_gone(tx, offer=offer, today=today) if offer.amends_id else None


def _why_amended_gone(tx: Transaction, *, offer: KeptOffer, today: date) -> OfferGone | None:
    """Say why an offer that changes a plan does not stand: the plan ended, or its open payments are others by now."""
    before = amended_of(tx, offer)
    if before is None:
        return OfferGone(reason="plan_changed")
    if offer.change_kind and running_digest(load_running(tx, before, today=today)) != offer.facts_hash:
        return OfferGone(reason="plan_changed")
    return None


def _is_current(agreement: Agreement, covered: list[Account]) -> bool:
    signed_balance: int = json.loads(agreement.terms_json)["plan"]["balance"]
    return signed_balance == sum(one.balance_minor for one in covered)


def _freeze(
    tx: Transaction,
    offer: KeptOffer,
    case: Case,
    covered: list[Account],
    *,
    text: Text,
    today: date,
    now: datetime,
) -> Agreement:
    debtor = known(debtors.find_debtor(tx, debtor_id=case.debtor_id))
    agreement_id = tx.new_id()
    agreement_ref = new_ref("agr", agreement_id)
    before = amended_of(tx, offer)
    plan, rules = plan_from_dict(offer.plan), _rules(tx, case=case, debtor=debtor)
    terms = agreement_terms(
        agreement_ref=agreement_ref,
        version=before.version + 1 if before else 1,
        offer_ref=offer.offer_ref,
        parties=_parties(tx, debtor),
        accounts=[_part(one) for one in covered],
        plan=plan,
        rules=rules,
        language=text.language,
        prepared_on=today,
        reading_code=_reading_code(agreement_ref, debtor),
        amends=amends_part(tx, before, plan, rules=rules, reason=offer.change_kind, today=today)
        if before
        else None,
    )
    return _written(terms, case, offer, debtor, agreement_id=agreement_id, text=text, now=now)


def _written(
    terms: Mapping[str, Any],
    case: Case,
    offer: KeptOffer,
    debtor: Debtor,
    *,
    agreement_id: UUID,
    text: Text,
    now: datetime,
) -> Agreement:
    terms_json, html = signed_text(terms), text.render(terms)
    return Agreement(
        agreement_id=agreement_id,
        agreement_ref=terms["agreement"],
        case_id=case.case_id,
        debtor_id=case.debtor_id,
        offer_id=offer.offer_id,
        version=terms["version"],
        amends_id=offer.amends_id,
        state="prepared",
        language=text.language,
        terms_json=terms_json,
        terms_hash=text_hash(terms_json),
        html=html,
        html_hash=text_hash(html),
        text_versions=_versions(debtor, text),
        signing_log=[{"act": "prepared", "at": now.isoformat()}],
        prepared_at=now,
    )


def _reading_code(agreement_ref: str, debtor: Debtor) -> str:
    return reading_code(agreement_ref) if needs_record_consent(pack_for(debtor.country)) else ""


def _parties(tx: Transaction, debtor: Debtor) -> Parties:
    lender = known(lenders.find_lender(tx, lender_id=tx.lender_id))
    return Parties(lender_slug=lender.slug, lender_name=lender.name, debtor_ref=debtor.debtor_ref)


def _versions(debtor: Debtor, text: Text) -> dict[str, Any]:
    return {"clauses": TEXTS_VERSION, "pack": pack_for(debtor.country).ref, "labels": dict(text.labels)}


def _rules(tx: Transaction, *, case: Case, debtor: Debtor) -> Rules:
    version = known(bounds.find_bounds(tx, bounds_id=case.bounds_id))
    ruled = known(open_case(facts=facts_from_dict(case.facts), bounds=parse_bounds(version.body)))
    pack = pack_for(debtor.country)
    lender_days = ruled.rules.breaks.cool_off_days
    return rules_of(
        breaks=ruled.rules.breaks,
        cooling_off_days=max(cooling_off_days(pack), lender_days),
        jurisdiction_pack=pack.ref,
    )


def _part(account: Account) -> AccountPart:
    return AccountPart(
        account_ref=account.account_ref,
        creditor_ref=account.creditor_ref,
        brand_name=account.brand_name,
        principal_minor=account.principal_minor,
        interest_minor=account.interest_minor,
        fees_minor=account.fees_minor,
        as_of=account.as_of.date(),
    )
