"""A person changes their running plan: inside the lender's bounds it is a firm offer, to be read and signed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.actions.amendments.running_plan import load_running, running_digest
from portal.actions.cases.desk import Desk, NoDesk, ensure_case, lay_desk, reason_record
from portal.actions.life.act_on_plans import catch_up
from portal.actions.life.lock_plan import lock_plan
from portal.core.actors import DEBTOR
from portal.core.amendments.limits import reshaped
from portal.core.amendments.reshape import Refused, Running, Wish
from portal.core.negotiation.context import Case, open_case
from portal.core.negotiation.explain import Reason
from portal.core.negotiation.gate import person_needed
from portal.core.negotiation.offers import as_offer
from portal.core.plans.canonical import digest
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_from_dict, plan_to_dict
from portal.core.plans.telling import plan_payload
from portal.store import agreements, events, form_tokens, offers
from portal.store.agreements import Agreement
from portal.store.cases import Case as KeptCase
from portal.store.offers import KeptOffer, NewOffer
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class ChangeOffered:
    """The change is a firm offer; the same form gives the same one again."""

    offer_ref: str


@dataclass(frozen=True, kw_only=True)
class NotOffered:
    """There is no such change. `cause`: unknown (no plan runs), no_bounds, held, person, kind, balance, or bounds.

    Person: the terms were changed as often as the bounds allow, so somebody looks at it. `codes` are the public
    reasons, `nearest` the nearest plan inside the bounds.
    """

    cause: str
    codes: tuple[Reason, ...] = ()
    nearest: Plan | None = None


def propose_change(
    work: Work,
    *,
    account_id: UUID,
    debtor_id: UUID,
    wish: Wish,
    form_token: str,
    today: date,
    now: datetime,
) -> ChangeOffered | NotOffered:
    """Lay out what is left of a running plan as a person wishes, and keep it as a firm offer to sign.

    The deal stays: rate, reduction, and what happens when a payment is missed. `today` is the debtor's calendar day.
    """
    with work.begin() as tx:
        kept = lock_plan(tx, account_id=account_id, debtor_id=debtor_id)
        if kept is None:
            return NotOffered(cause="unknown")
        first = form_tokens.first_answer(tx, token=form_token)
        if first is not None:
            return ChangeOffered(offer_ref=known(offers.find_offer(tx, offer_ref=first)).offer_ref)
        catch_up(tx, kept, now=now)
        agreement = agreements.find_active(tx, account_id=account_id)
        desk = lay_desk(tx, account_id=account_id, debtor_id=debtor_id, today=today, now=now)
        if agreement is None:
            return NotOffered(cause="unknown")
        if isinstance(desk, NoDesk):
            return NotOffered(cause=desk.reason)
        found = _found(tx, desk, agreement, wish, today)
        if isinstance(found, NotOffered):
            return found
        offer = _keep(tx, desk, agreement, found, wish, now=now)
        form_tokens.use_token(tx, token=form_token, answer=offer.offer_ref, now=now)
    return ChangeOffered(offer_ref=offer.offer_ref)


@dataclass(frozen=True, kw_only=True)
class _Found:
    """The plan of a change, the case that it is inside of, and the plan as it ran."""

    plan: Plan
    case: Case
    running: Running


def _found(tx: Transaction, desk: Desk, agreement: Agreement, wish: Wish, today: date) -> _Found | NotOffered:
    case = open_case(facts=desk.facts, bounds=desk.bounds, pack=desk.pack)
    if case is None or desk.facts.flags:
        return NotOffered(cause="held")
    if person_needed(case):
        return NotOffered(cause="person")
    running = load_running(tx, agreement, today=today)
    said = reshaped(running, wish, case)
    if isinstance(said, Refused):
        return NotOffered(cause=said.cause, codes=said.codes, nearest=said.nearest)
    return _Found(plan=said, case=case, running=running)


def _keep(
    tx: Transaction, desk: Desk, agreement: Agreement, found: _Found, wish: Wish, *, now: datetime
) -> KeptOffer:
    case = ensure_case(tx, desk, now=now)
    record = plan_to_dict(found.plan)
    made = as_offer(found.plan, found.case, label="asked")
    offer, is_new = offers.save_offer(
        tx,
        NewOffer(
            case_id=case.case_id,
            plan_id=found.plan.id,
            family=found.plan.family,
            plan=record,
            plan_hash=digest(record),
            facts_hash=running_digest(found.running),
            bounds_id=desk.version.bounds_id,
            stage=made.stage,
            reason_codes=[reason_record(one) for one in made.reason_codes],
            made_by=DEBTOR.kind,
            expires_on=made.expires_on,
            amends_id=agreement.agreement_id,
            change_kind=wish.kind,
        ),
        now=now,
    )
    if is_new:
        _tell(tx, desk, case, agreement, offer, now=now)
    return offer


def _tell(
    tx: Transaction, desk: Desk, case: KeptCase, agreement: Agreement, offer: KeptOffer, *, now: datetime
) -> None:
    events.append_for_accounts(
        tx,
        accounts=[desk.account],
        type="offer.shown",
        actor=DEBTOR,
        at=now,
        debtor_ref=desk.debtor.debtor_ref,
        payload={
            "id": offer.offer_ref,
            "case": case.case_ref,
            "terms": plan_payload(plan_from_dict(offer.plan)),
            "hash": offer.plan_hash,
            "bounds_version": desk.version.version,
            "expires_on": offer.expires_on.isoformat(),
            "amends": agreement.agreement_ref,
        },
    )
