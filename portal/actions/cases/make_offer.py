"""The firm offer of a person's answer: within their authority, or beyond it where a supervisor is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.cases.ask_approval import ask_approval, level_of
from portal.actions.cases.desk import Desk, NoDesk, ensure_case, lay_desk
from portal.actions.cases.keep_offers import keep_offers
from portal.core.actors import Actor
from portal.core.calendar import local_day
from portal.core.cases.authority import Role, staff_plans
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.context import Case, open_case
from portal.core.negotiation.offers import as_offer
from portal.core.negotiation.record import ask_from_dict
from portal.core.plans.grammar import Plan
from portal.store.accounts import Account
from portal.store.cases import Case as KeptCase
from portal.store.debtors import Debtor, new_ref
from portal.store.handoffs import Handoff
from portal.store.offers import KeptOffer
from portal.store.work import Transaction

TOP: Role = "supervisor"
"""The role with the widest authority."""


@dataclass(frozen=True, kw_only=True)
class StaffAnswer:
    """What a person says: one of `ANSWERS`, one of `REASONS`, words for the debtor ('' where none are needed).

    `plan_id` is the plan that stood on their screen; `pay_minor` the payment they typed for a counter. `is_beyond` asks
    for a plan that only a supervisor may agree: it waits for one.
    """

    kind: str
    reason: str
    words: str = ""
    plan_id: str = ""
    pay_minor: int | None = None
    is_beyond: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """What waits for an answer, locked until the commit."""

    handoff: Handoff
    account: Account
    debtor: Debtor


@dataclass(frozen=True, kw_only=True)
class Offered:
    """The firm offer of an answer, empty where there is none; `refusal` says why there cannot be one.

    `approval` names the request that it waits for.
    """

    ref: str = ""
    approval: str = ""
    plan: Plan | None = None
    refusal: str = ""


def asked_in(handoff: Handoff) -> Ask:
    """Read what the debtor asked for out of a hand-off's packet; an empty ask where they only want to talk."""
    terms = handoff.packet.get("ask")
    return ask_from_dict(terms) if isinstance(terms, Mapping) and terms else Ask()


def ruled_case(desk: Desk) -> Case | None:
    """Give the case that staff decide on; None where the rules do not cover the account, or it is held."""
    return open_case(facts=desk.facts, bounds=desk.bounds, pack=desk.pack)


def make_offer(
    tx: Transaction,
    question: Question,
    answer: StaffAnswer,
    *,
    role: Role | None,
    staff_id: UUID,
    actor: Actor,
    now: datetime,
) -> Offered:
    """Make the firm offer of an accept or a counter, within the role's authority; other answers offer nothing."""
    if answer.kind not in {"accept", "counter"}:
        return Offered()
    debtor = question.debtor
    if role is None:
        return Offered(refusal="no_authority")
    desk = lay_desk(
        tx,
        account_id=question.account.account_id,
        debtor_id=debtor.debtor_id,
        today=local_day(now=now, time_zone=debtor.time_zone),
        now=now,
    )
    ruled = None if isinstance(desk, NoDesk) else ruled_case(desk)
    plan = _chosen(ruled, asked_in(question.handoff), answer, role) if ruled else None
    if isinstance(desk, NoDesk) or ruled is None or plan is None:
        return Offered(refusal="no_plan")
    if answer.plan_id and answer.plan_id != plan.id:
        return Offered(refusal="changed")
    case = ensure_case(tx, desk, now=now)
    (kept,) = keep_offers(tx, desk, case, [as_offer(plan, ruled, label="staff")], actor=actor, now=now)
    level = level_of(tx, kept, case, made_by=role, is_beyond=answer.is_beyond and role != TOP)
    waits = ""
    if level and kept.approval != "approved":
        waits = _ask(tx, question, kept, case, level=level, staff_id=staff_id, actor=actor, now=now)
    return Offered(ref=kept.offer_ref, plan=plan, approval=waits)


def _ask(
    tx: Transaction,
    question: Question,
    offer: KeptOffer,
    case: KeptCase,
    *,
    level: str,
    staff_id: UUID,
    actor: Actor,
    now: datetime,
) -> str:
    """Ask a colleague about an offer; gives the reference of the request."""
    asked = ask_approval(
        tx,
        offer,
        case,
        account_id=question.account.account_id,
        level=level,
        asked_by=asked_by(actor, staff_id),
        actor=actor,
        now=now,
    )
    return asked.approval_ref


def asked_by(actor: Actor, staff_id: UUID) -> str:
    """Name who makes an offer, so that somebody else decides about it: staff by their reference, a key by its own."""
    return actor.ref or new_ref("key", staff_id)


def _chosen(ruled: Case, ask: Ask, answer: StaffAnswer, role: Role) -> Plan | None:
    """Find the plan of an answer within the role's authority; within a supervisor's where that is asked for."""
    within: Role = TOP if answer.is_beyond else role
    if answer.kind == "accept":
        return staff_plans(ruled, ask, within).meeting
    return staff_plans(ruled, counter_ask(ask, answer.pay_minor), within).nearest


def counter_ask(ask: Ask, pay_minor: int | None) -> Ask:
    """Give the ask that a counter is searched for: the debtor's own, or another payment in its rhythm."""
    if pay_minor is None:
        return ask
    return Ask(
        family=ask.family, freq=ask.freq, first_on=ask.first_on, due_day=ask.due_day, pay_minor=pay_minor
    )
