"""A person answers a case that was handed over: a firm offer inside their authority, or words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.actions.cases.make_offer import Offered, Question, StaffAnswer, make_offer
from portal.actions.links.send_link import queue_link
from portal.core.actors import Actor
from portal.core.cases.authority import Role
from portal.core.plans.telling import plan_payload
from portal.store import accounts, cases, debtors, events, handoffs
from portal.store.debtors import Debtor
from portal.store.handoffs import Handoff
from portal.store.work import Transaction, Work

ANSWERS = ("accept", "counter", "decline", "ask_more", "close")
REASONS = (
    "within_authority",
    "goodwill",
    "hardship",
    "budget_does_not_carry",
    "papers_needed",
    "answered_by_phone",
)


@dataclass(frozen=True, kw_only=True)
class CaseAnswered:
    """What became of it: answered, unknown, answered_already, no_authority, no_plan, changed, or words_needed.

    Changed means that the plan on the screen is another one by now. `offer_ref` names the firm offer; `message` says
    what became of the message to the debtor. `approval_ref` is there when the offer waits for a second person.
    """

    kind: str
    offer_ref: str = ""
    message: str = ""
    is_late: bool = False
    approval_ref: str = ""


def answer_case(
    work: Work,
    *,
    handoff_id: UUID,
    answer: StaffAnswer,
    role: Role | None,
    staff_id: UUID,
    actor: Actor,
    base_url: str,
    now: datetime,
) -> CaseAnswered:
    """Answer a case once: make a firm offer within the role's authority, or decline or ask in words, or close it.

    The case is open again, the debtor gets a neutral message when the contact rules allow one, and the answer is told
    as late when it comes after the promised time. Raises ValueError for an unknown answer or reason.
    """
    if answer.kind not in ANSWERS or answer.reason not in REASONS:
        raise ValueError(f"no such answer: {answer.kind!r} because of {answer.reason!r}")
    if answer.kind in {"decline", "ask_more"} and not answer.words:
        return CaseAnswered(kind="words_needed")
    with work.begin() as tx:
        question = _load(tx, handoff_id)
        if question is None or question.handoff.state != "waiting":
            return CaseAnswered(kind="answered_already" if question else "unknown")
        offered = make_offer(tx, question, answer, role=role, staff_id=staff_id, actor=actor, now=now)
        if offered.refusal:
            return CaseAnswered(kind=offered.refusal)
        _settle(tx, question.handoff, answer, offered, staff_id=staff_id, now=now)
        message = ""
        if not offered.approval:  # else they hear when it is decided
            message = _message(tx, question.debtor, answer, base_url=base_url, actor=actor, now=now)
        is_late = _tell(tx, question, answer, offered, actor=actor, now=now)
        return CaseAnswered(
            kind="answered",
            offer_ref=offered.ref,
            message=message,
            is_late=is_late,
            approval_ref=offered.approval,
        )


def _load(tx: Transaction, handoff_id: UUID) -> Question | None:
    """Lock the account, then the hand-off: a second answer waits and finds the first."""
    seen = handoffs.find_handoff(tx, handoff_id=handoff_id)
    account_id = account_of(tx, seen) if seen else None
    account = accounts.lock_account(tx, account_id=account_id) if account_id else None
    handoff = handoffs.lock_handoff(tx, handoff_id=handoff_id)
    debtor = debtors.find_debtor(tx, debtor_id=handoff.debtor_id) if handoff else None
    if handoff is None or account is None or debtor is None:
        return None
    return Question(handoff=handoff, account=account, debtor=debtor)


def account_of(tx: Transaction, handoff: Handoff) -> UUID | None:
    """Give the account that a hand-off is about: its own, or the first of its case."""
    if handoff.account_id is not None or handoff.case_id is None:
        return handoff.account_id
    return next(iter(cases.list_account_ids(tx, case_id=handoff.case_id)), None)


def _settle(
    tx: Transaction,
    handoff: Handoff,
    answer: StaffAnswer,
    offered: Offered,
    *,
    staff_id: UUID,
    now: datetime,
) -> None:
    said: dict[str, Any] = {"kind": answer.kind, "reason": answer.reason}
    if offered.ref:
        said["offer"] = offered.ref
    handoffs.save_answer(
        tx, handoff_id=handoff.handoff_id, answer=said, by=staff_id, now=now, words=answer.words
    )
    if handoff.case_id is not None:
        case = cases.find_case(tx, case_id=handoff.case_id)
        if case is not None and case.state == "handed_off":
            cases.move_case(tx, case_id=case.case_id, before="handed_off", after="open", now=now)


def _message(
    tx: Transaction, debtor: Debtor, answer: StaffAnswer, *, base_url: str, actor: Actor, now: datetime
) -> str:
    if answer.kind == "close":
        return ""
    return queue_link(
        tx, debtor_id=debtor.debtor_id, now=now, base_url=base_url, template="link_first", actor=actor
    ).kind


def _tell(
    tx: Transaction,
    question: Question,
    answer: StaffAnswer,
    offered: Offered,
    *,
    actor: Actor,
    now: datetime,
) -> bool:
    handoff = question.handoff
    case = cases.find_case(tx, case_id=handoff.case_id) if handoff.case_id else None
    is_late = now > handoff.answer_due_at
    payload: dict[str, Any] = {
        "id": case.case_ref if case else handoff.handoff_ref,
        "answer": answer.kind,
        "reason": answer.reason,
        "is_late": is_late,
    }
    if offered.plan is not None:
        payload |= {"offer": offered.ref, "terms": plan_payload(offered.plan)}
    if offered.approval:
        payload["approval"] = offered.approval
    events.append_for_accounts(
        tx,
        accounts=[question.account],
        type="case.answered",
        actor=actor,
        at=now,
        payload=payload,
        debtor_ref=question.debtor.debtor_ref,
    )
    return is_late
