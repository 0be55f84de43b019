"""A debtor asks for something else: accepted, answered by the nearest plan with the reason, or given to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal.actions.cases.desk import Desk, NoDesk, ensure_case, history_of, lay_desk, reason_record
from portal.actions.cases.keep_offers import keep_decision, keep_offers
from portal.core.actors import DEBTOR, Actor
from portal.core.bounds import model
from portal.core.events.envelope import write_time
from portal.core.negotiation.answer import Answer, answer, counts
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.audit import plain
from portal.core.negotiation.facts import facts_to_dict
from portal.core.plans.telling import money_payload
from portal.store import accounts, cases, events, form_tokens, handoffs, offers
from portal.store.cases import Case
from portal.store.handoffs import Handoff
from portal.store.offers import KeptAsk, KeptOffer
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The ask is answered: `kind` is accept, counter or handoff; the page is shown by `ask_id`."""

    ask_id: UUID
    kind: str


def propose_plan(
    work: Work,
    *,
    account_id: UUID,
    debtor_id: UUID,
    ask: Ask,
    words: str | None,
    form_token: str,
    today: date,
    now: datetime,
) -> Answered | NoDesk:
    """Answer an ask; nothing asked before changes the answer, and it is never silence.

    `words` are what the debtor wrote for a person; they are read by people only. A repeated form with the same token
    gives the first answer.
    """
    with work.begin() as tx:
        accounts.lock_account(tx, account_id=account_id)
        desk = lay_desk(tx, account_id=account_id, debtor_id=debtor_id, today=today, now=now)
        if isinstance(desk, NoDesk):
            return desk
        first = form_tokens.first_answer(tx, token=form_token)
        if first is not None:
            again = offers.find_ask(tx, ask_id=UUID(first))
            return Answered(ask_id=UUID(first), kind=again.answer_kind if again else "handoff")
        one = answer_ask(tx, desk, ask=ask, words=words, actor=DEBTOR, today=today, now=now).kept
        form_tokens.use_token(tx, token=form_token, answer=str(one.ask_id), now=now)
    return Answered(ask_id=one.ask_id, kind=one.answer_kind)


@dataclass(frozen=True, kw_only=True)
class AskAnswered:
    """The record of an ask, the case it belongs to, and the offers that it was answered with, in screen order."""

    kept: KeptAsk
    case: Case
    offers: Sequence[KeptOffer]


def answer_ask(
    tx: Transaction, desk: Desk, *, ask: Ask, words: str | None, actor: Actor, today: date, now: datetime
) -> AskAnswered:
    """Answer an ask on a laid desk whose account is locked, whoever asks: keep the audit, the offers, the record.

    An ask that what is open meets already, or that names nothing, is none of the asks that a window allows.
    """
    history = history_of(tx, desk, today=today, now=now)
    said = answer(facts=desk.facts, bounds=desk.bounds, history=history, ask=ask, pack=desk.pack)
    case = ensure_case(tx, desk, now=now)
    if counts(ask, said):
        since = case.asks_since if history.asks else now
        cases.count_ask(tx, case_id=case.case_id, asks_count=history.asks + 1, asks_since=since, now=now)
    keep_decision(tx, desk, case, said, history=history, ask=ask, now=now)
    _tell(tx, desk, case, ask, said, number=history.asks + 1, actor=actor, now=now)
    kept = _keep(tx, desk, case, said, actor=actor, now=now)
    handoff = (
        hand_off(tx, desk, case, cause=said.handoff_cause, ask=ask, words=words, actor=actor, now=now)
        if said.kind == "handoff"
        else None
    )
    record = _record(said, kept, handoff)
    one = offers.save_ask(
        tx, case_id=case.case_id, terms=terms_of(ask), answer_kind=said.kind, answer=record, now=now
    )
    return AskAnswered(kept=one, case=case, offers=kept)


def hand_off(
    tx: Transaction,
    desk: Desk,
    case: Case,
    *,
    cause: str,
    ask: Ask | None,
    words: str | None,
    actor: Actor,
    now: datetime,
) -> Handoff:
    """Hand a case over to a person: the record, the promised time, and the event."""
    rules = desk.bounds.segments[0].handoff if desk.bounds.segments else model.Handoff(to="queue:general")
    due = now + timedelta(hours=rules.sla_hours)
    packet = {"ask": terms_of(ask) if ask else None, "facts": facts_to_dict(desk.facts)}
    handoff = handoffs.save_handoff(
        tx,
        debtor_id=desk.debtor.debtor_id,
        case_id=case.case_id,
        account_id=desk.account.account_id,
        cause=cause,
        packet=packet,
        words=words,
        answer_due_at=due,
        now=now,
    )
    if case.state == "open":
        cases.move_case(tx, case_id=case.case_id, before="open", after="handed_off", now=now)
    events.append_for_accounts(
        tx,
        accounts=[desk.account],
        type="case.handed_off",
        actor=actor,
        at=now,
        debtor_ref=desk.debtor.debtor_ref,
        payload={"id": case.case_ref, "reason": cause, **_promise(rules, due)},
    )
    return handoff


def _promise(rules: model.Handoff, due: datetime) -> dict[str, str]:
    return {"queue": rules.to.removeprefix("queue:"), "promised_by": write_time(due)}


def _keep(
    tx: Transaction, desk: Desk, case: Case, said: Answer, *, actor: Actor, now: datetime
) -> list[KeptOffer]:
    """Keep the offers of an answer: the nearest plan and the moves are told as a counter, the rest as shown."""
    counters = [offer for offer in said.offers if offer.label in {"nearest", "move"}]
    keep_offers(tx, desk, case, counters, actor=actor, now=now, type_="offer.countered")
    return keep_offers(tx, desk, case, said.offers, actor=actor, now=now)


def terms_of(ask: Ask) -> dict[str, Any]:
    """Return what an ask says as JSON: only the terms that it names."""
    return {name: value for name, value in plain(ask).items() if value not in {None, ""}}


def _record(said: Answer, kept: Sequence[KeptOffer], handoff: Handoff | None) -> dict[str, Any]:
    return {
        "offers": [
            {"offer": one.offer_ref, "label": offer.label}
            for one, offer in zip(kept, said.offers, strict=True)
        ],
        "codes": [reason_record(code) for code in said.codes],
        "handoff": handoff.handoff_ref if handoff else None,
        "cause": said.handoff_cause,
    }


def asked_payload(ask: Ask, currency: str) -> dict[str, Any]:
    """Return what an ask says in the words of the event catalog."""
    terms: dict[str, Any] = {"family": ask.family or "installment"}
    if ask.pay_minor is not None:
        terms["amount"] = money_payload(ask.pay_minor, currency)
    if ask.total_minor is not None:
        terms["total"] = money_payload(ask.total_minor, currency)
    if ask.months is not None:
        terms["tenor_months"] = ask.months
    if ask.first_on is not None:
        terms["first_on"] = ask.first_on.isoformat()
    return terms


def _tell(
    tx: Transaction,
    desk: Desk,
    case: Case,
    ask: Ask,
    said: Answer,
    *,
    number: int,
    actor: Actor,
    now: datetime,
) -> None:
    events.append_for_accounts(
        tx,
        accounts=[desk.account],
        type="ask.made",
        actor=actor,
        at=now,
        debtor_ref=desk.debtor.debtor_ref,
        payload={
            "case": case.case_ref,
            "number": number,
            "terms": asked_payload(ask, desk.account.currency),
            "answer": "accept"
            if said.kind == "accept"
            else "handoff"
            if said.kind == "handoff"
            else "counter",
        },
    )
