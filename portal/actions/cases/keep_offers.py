"""Offers become firm: each plan of an answer is kept with its hash, and told the first time it is shown."""

from collections.abc import Sequence
from datetime import datetime

from portal.actions.cases.desk import Desk, reason_record
from portal.core.actors import Actor
from portal.core.negotiation.answer import Answer, History
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.audit import chained
from portal.core.negotiation.facts import facts_hash
from portal.core.negotiation.offers import Offer
from portal.core.negotiation.replay import record_of
from portal.core.plans.canonical import digest
from portal.core.plans.record import plan_to_dict
from portal.core.plans.telling import plan_payload
from portal.store import cases, events, offers
from portal.store.cases import Case
from portal.store.offers import KeptOffer, NewOffer
from portal.store.work import Transaction


def keep_offers(
    tx: Transaction,
    desk: Desk,
    case: Case,
    shown: Sequence[Offer],
    *,
    actor: Actor,
    now: datetime,
    type_: str = "offer.shown",
) -> list[KeptOffer]:
    """Keep offers in the order in which they are shown; those that are new are told as `type_`."""
    facts = facts_hash(desk.facts)
    saved = offers.save_offers(tx, [_new(desk, case, one, facts, actor) for one in shown], now=now)
    for (kept, is_new), offer in zip(saved, shown, strict=True):
        if is_new:
            _tell(tx, desk, case, kept, offer, actor=actor, now=now, type_=type_)
    return [kept for kept, _ in saved]


def _new(desk: Desk, case: Case, offer: Offer, facts: str, actor: Actor) -> NewOffer:
    record = plan_to_dict(offer.plan)
    return NewOffer(
        case_id=case.case_id,
        plan_id=offer.plan.id,
        family=offer.plan.family,
        plan=record,
        plan_hash=digest(record),
        facts_hash=facts,
        bounds_id=desk.version.bounds_id,
        stage=offer.stage,
        reason_codes=[reason_record(reason) for reason in offer.reason_codes],
        made_by=actor.kind,
        expires_on=offer.expires_on,
        amends_id=desk.running.agreement_id if desk.running else None,
    )


def _tell(
    tx: Transaction,
    desk: Desk,
    case: Case,
    kept: KeptOffer,
    offer: Offer,
    *,
    actor: Actor,
    now: datetime,
    type_: str,
) -> None:
    events.append_for_accounts(
        tx,
        accounts=[desk.account],
        type=type_,
        actor=actor,
        at=now,
        debtor_ref=desk.debtor.debtor_ref,
        payload={
            "id": kept.offer_ref,
            "case": case.case_ref,
            "terms": plan_payload(offer.plan),
            "hash": kept.plan_hash,
            "bounds_version": desk.version.version,
            "expires_on": kept.expires_on.isoformat(),
            **({"amends": desk.running.agreement_ref} if desk.running else {}),
        },
    )


def keep_decision(
    tx: Transaction,
    desk: Desk,
    case: Case,
    said: Answer,
    *,
    history: History,
    ask: Ask | None,
    now: datetime,
) -> str:
    """Append the audit row behind the case's last one, with all that `portal replay` needs; gives its hash.

    The bounds are named by their version, whose body never changes, not written out again.
    """
    row = chained(said.audit, case.decision_digest or "")
    record = record_of(facts=desk.facts, document={}, found=said, history=history, ask=ask, pack=desk.pack)
    del record["bounds"]
    cases.save_decision(
        tx,
        case_id=case.case_id,
        row={"audit": row.to_dict(), "bounds_id": str(desk.version.bounds_id), "record": record},
        prev_hash=case.decision_digest,
        digest=row.hash,
        now=now,
    )
    return row.hash
