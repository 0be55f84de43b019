"""Who must still say yes before an offer is signed, and asking them."""

from datetime import datetime, timedelta
from uuid import UUID

from portal.core.actors import Actor
from portal.core.bounds.approval import approvals_for, level_for
from portal.core.bounds.model import Handoff as Rules
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.context import Case as RuledCase
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import facts_from_dict
from portal.core.plans.record import plan_from_dict
from portal.core.plans.telling import money_payload
from portal.store import approvals, bounds, events, handoffs
from portal.store.approvals import Approval
from portal.store.cases import Case
from portal.store.offers import KeptOffer
from portal.store.rows import known
from portal.store.work import Transaction

STAFF = frozenset({"staff", "lender"})
"""Kinds of actors who make an offer by their own authority."""
NEEDS_CARE = frozenset({"vulnerable", "extra_support", "urgent_help"})
"""Hand-offs whose cause says that somebody needs extra care: rules about vulnerable people hold for them."""


def level_of(
    tx: Transaction, offer: KeptOffer, case: Case, *, made_by: str | None = None, is_beyond: bool = False
) -> str:
    """Return the role that must agree to an offer by the version that it rests on, '' where none must.

    `made_by` is the rank of who made it (default: an agent's for what staff made, nobody's for the rest). A change
    that keeps a running plan's deal gives nothing up: what was agreed to once is not asked for again.
    """
    if offer.change_kind is not None:
        return ""
    ruled = _ruled(tx, offer, case)
    rank = made_by if made_by is not None else "agent" if offer.made_by in STAFF else ""
    if ruled is None:
        return level_for((), made_by=rank, is_beyond=is_beyond)
    needed = approvals_for(
        plan=plan_from_dict(offer.plan),
        rules=ruled.rules,
        principal_minor=sum(account.principal_minor for account in ruled.accounts),
        vulnerable=_needs_care(tx, debtor_id=case.debtor_id) or "vulnerable" in ruled.facts.flags,
    )
    return level_for(needed, made_by=rank, is_beyond=is_beyond)


def is_cleared(tx: Transaction, offer: KeptOffer, case: Case) -> bool:
    """Tell whether an offer may be signed: nobody has to agree to it, or they did."""
    if offer.approval is not None:
        return offer.approval == "approved"
    return not level_of(tx, offer, case)


def ask_approval(
    tx: Transaction,
    offer: KeptOffer,
    case: Case,
    *,
    account_id: UUID,
    level: str,
    asked_by: str,
    actor: Actor,
    now: datetime,
) -> Approval:
    """Ask a role for its yes, by the time that the rules promise for a person's answer; asked once only."""
    before = approvals.find_of_offer(tx, offer_id=offer.offer_id)
    if before is not None:
        return before
    ruled = _ruled(tx, offer, case)
    hours = (ruled.rules.handoff if ruled else Rules()).sla_hours
    approval = approvals.save_approval(
        tx,
        offer_id=offer.offer_id,
        account_id=account_id,
        debtor_id=case.debtor_id,
        level=level,
        asked_by=asked_by,
        answer_due_at=now + timedelta(hours=hours),
        now=now,
    )
    plan = plan_from_dict(offer.plan)
    payload = {
        "id": approval.approval_ref,
        "subject": "offer",
        "subject_id": offer.offer_ref,
        "level": level,
        "amount": money_payload(plan.balance, plan.currency),
    }
    events.append(tx, type="approval.requested", actor=actor, at=now, payload=payload)
    return approval


def _ruled(tx: Transaction, offer: KeptOffer, case: Case) -> RuledCase | None:
    version = known(bounds.find_bounds(tx, bounds_id=offer.bounds_id))
    if not case.facts:
        return None
    return open_case(facts=facts_from_dict(case.facts), bounds=parse_bounds(version.body))


def _needs_care(tx: Transaction, *, debtor_id: UUID) -> bool:
    return any(one.cause in NEEDS_CARE for one in handoffs.list_handoffs_of(tx, debtor_id=debtor_id))
