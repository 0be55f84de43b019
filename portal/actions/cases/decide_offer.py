"""A second person says yes or no to an offer; who made it may not. The debtor hears either way."""

from datetime import datetime, timedelta

from portal.actions.cases.desk import NoDesk, ensure_case, lay_desk, parsed
from portal.actions.cases.propose_plan import hand_off
from portal.actions.links.send_link import queue_link
from portal.actions.staff.second_eyes import check_decision, tell_decision, why_not_decided
from portal.core.actors import Actor
from portal.core.bounds.approval import may_decide
from portal.core.calendar import local_day
from portal.store import accounts, approvals, bounds, debtors, events, offers
from portal.store.approvals import Approval
from portal.store.cases import find_case
from portal.store.debtors import Debtor
from portal.store.offers import KeptOffer
from portal.store.rows import known
from portal.store.work import Transaction, Work

CAUSE = "approval_declined"
VALID_DAYS = 14


def decide_offer(
    work: Work,
    *,
    offer_ref: str,
    decision: str,
    note: str,
    roles: frozenset[str],
    by: str,
    actor: Actor,
    base_url: str,
    now: datetime,
) -> str:
    """Decide an offer that waits: decided, unknown, not_waiting, own_work, or no_authority (refused).

    Approved, it is firm for the days of the bounds from now on. Declined, it is gone, and a person gets the case, so
    that nobody is left without an answer. Raises ValueError for another decision than approved and declined.
    """
    check_decision(decision)
    with work.begin() as tx:
        offer = offers.find_offer(tx, offer_ref=offer_ref)
        approval = approvals.find_of_offer(tx, offer_id=offer.offer_id) if offer else None
        if approval is None:
            return "unknown"
        accounts.lock_account(tx, account_id=approval.account_id)
        approval = known(approvals.find_of_offer(tx, offer_id=approval.offer_id))
        refusal = _why_not(approval, roles=roles, by=by)
        if refusal:
            return refusal
        _decide(tx, approval, decision, note=note, by=by, actor=actor, base_url=base_url, now=now)
    return "decided"


def _why_not(approval: Approval, *, roles: frozenset[str], by: str) -> str:
    refusal = why_not_decided(is_waiting=approval.state == "waiting", asked_by=approval.asked_by, by=by)
    return refusal or ("" if may_decide(approval.level, roles) else "no_authority")


def _decide(
    tx: Transaction,
    approval: Approval,
    decision: str,
    *,
    note: str,
    by: str,
    actor: Actor,
    base_url: str,
    now: datetime,
) -> None:
    offer = known(offers.find_offer(tx, offer_id=approval.offer_id))
    debtor = known(debtors.find_debtor(tx, debtor_id=approval.debtor_id))
    today = local_day(now=now, time_zone=debtor.time_zone)
    version = known(bounds.find_bounds(tx, bounds_id=offer.bounds_id))
    segments = parsed(version).segments
    days = segments[0].common.valid_days if segments else VALID_DAYS
    approvals.decide(
        tx,
        approval=approval,
        decision=decision,
        by=by,
        note=note,
        expires_on=max(offer.expires_on, today + timedelta(days=days)),
        now=now,
    )
    tell_decision(
        tx,
        approval_ref=approval.approval_ref,
        decision=decision,
        subject="offer",
        subject_ref=offer.offer_ref,
        actor=actor,
        now=now,
    )
    if decision == "declined":
        _give_on(tx, approval, offer, debtor, actor=actor, now=now)
    queue_link(tx, debtor_id=debtor.debtor_id, now=now, base_url=base_url, template="link_first", actor=actor)


def _give_on(
    tx: Transaction, approval: Approval, offer: KeptOffer, debtor: Debtor, *, actor: Actor, now: datetime
) -> None:
    """End the offer and hand the case to a person."""
    if offer.state == "firm":
        offers.move_offer(tx, offer_id=offer.offer_id, before="firm", after="expired")
    account = known(accounts.find_account(tx, account_id=approval.account_id))
    case = known(find_case(tx, case_id=offer.case_id))
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="offer.expired",
        actor=actor,
        at=now,
        debtor_ref=debtor.debtor_ref,
        payload={"id": offer.offer_ref, "case": case.case_ref, "reason": "not_approved"},
    )
    today = local_day(now=now, time_zone=debtor.time_zone)
    desk = lay_desk(tx, account_id=account.account_id, debtor_id=debtor.debtor_id, today=today, now=now)
    if not isinstance(desk, NoDesk):
        kept = ensure_case(tx, desk, now=now)
        hand_off(tx, desk, kept, cause=CAUSE, ask=None, words=None, actor=actor, now=now)
