"""A counselor proposes a plan in a client's name: answered at once like the client's own ask, never signed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.actions.cases.desk import Desk, NoDesk, lay_desk, with_course
from portal.actions.cases.propose_plan import AskAnswered, answer_ask, asked_payload, terms_of
from portal.actions.grants.view_client import usable
from portal.core.actors import Actor, counselor_actor
from portal.core.negotiation.ask import Ask
from portal.core.plans.record import plan_from_dict
from portal.core.plans.telling import plan_payload
from portal.store import accounts, budgets, events, form_tokens, grants, proposals
from portal.store.debtors import new_ref
from portal.store.enrollments import Course
from portal.store.grants import Grant
from portal.store.offers import KeptOffer
from portal.store.proposals import Proposal
from portal.store.work import Transaction, Work

MAIN = frozenset({"asked", "nearest"})


@dataclass(frozen=True, kw_only=True)
class Counselor:
    """Who proposes: a counselor of an agency."""

    counselor_id: UUID
    agency_id: UUID

    @property
    def actor(self) -> Actor:
        """The counselor as events name them."""
        return counselor_actor(new_ref("cou", self.counselor_id))


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """The proposal is kept and answered; it is shown by its reference."""

    proposal_ref: str


@dataclass(frozen=True, kw_only=True)
class NotProposed:
    """Nothing changed. `reason`: no_grant (ended, or without this scope), unknown account, no_bounds."""

    reason: str


def propose_for_client(
    work: Work,
    *,
    counselor: Counselor,
    grant_ref: str,
    account_id: UUID,
    ask: Ask,
    course: Course | None,
    words: str | None,
    form_token: str,
    today: date,
    now: datetime,
) -> Proposed | NotProposed:
    """Answer a counselor's ask by the same rules as the client's own, and keep it as a proposal for the client.

    Inside the policy it is accepted at once; else the nearest plan with the reasons, or a person. `words` are for that
    person only. A repeated form with the same token gives the first answer.
    """
    with work.begin() as tx:
        grant = usable(
            grants.lock_grant(tx, grant_ref=grant_ref), **vars(counselor), now=now, scope="propose"
        )
        if grant is None:
            return NotProposed(reason="no_grant")
        accounts.lock_account(tx, account_id=account_id)
        desk = lay_desk(tx, account_id=account_id, debtor_id=grant.debtor_id, today=today, now=now)
        if isinstance(desk, NoDesk):
            return NotProposed(reason=desk.reason)
        first = form_tokens.first_answer(tx, token=form_token)
        if first is not None:
            return Proposed(proposal_ref=first)
        answered = answer_ask(
            tx, with_course(desk, course), ask=ask, words=words, actor=counselor.actor, today=today, now=now
        )
        kept = _keep(tx, grant, answered, ask, now=now)
        _tell(tx, desk, grant=grant, kept=kept, answered=answered, ask=ask, counselor=counselor, now=now)
        form_tokens.use_token(tx, token=form_token, answer=kept.proposal_ref, now=now)
    return Proposed(proposal_ref=kept.proposal_ref)


def _keep(tx: Transaction, grant: Grant, answered: AskAnswered, ask: Ask, *, now: datetime) -> Proposal:
    offer = _main_offer(answered)
    return proposals.save_proposal(
        tx,
        grant_id=grant.grant_id,
        case_id=answered.case.case_id,
        offer_id=offer.offer_id if offer else None,
        terms=terms_of(ask),
        answer={"kind": answered.kept.answer_kind, **answered.kept.answer},
        now=now,
    )


def _main_offer(answered: AskAnswered) -> KeptOffer | None:
    """Find the offer that meets the ask, or comes nearest; a hand-off has none of its own."""
    labels = {one["offer"]: one["label"] for one in answered.kept.answer["offers"]}
    return next((one for one in answered.offers if labels.get(one.offer_ref) in MAIN), None)


def _tell(
    tx: Transaction,
    desk: Desk,
    *,
    grant: Grant,
    kept: Proposal,
    answered: AskAnswered,
    ask: Ask,
    counselor: Counselor,
    now: datetime,
) -> None:
    offer = _main_offer(answered)
    budget = budgets.find_newest(tx, debtor_id=grant.debtor_id)
    payload: dict[str, Any] = {
        "id": kept.proposal_ref,
        "grant": grant.grant_ref,
        "agency": new_ref("agc", counselor.agency_id),
        "case": answered.case.case_ref,
        "terms": plan_payload(plan_from_dict(offer.plan))
        if offer
        else asked_payload(ask, desk.account.currency),
        "answer": answered.kept.answer_kind,
    }
    if offer is not None:
        payload["offer"] = offer.offer_ref
    if budget is not None:
        payload["budget"] = new_ref("bud", budget.budget_id)
    events.append_for_accounts(
        tx,
        accounts=[desk.account],
        type="counselor.proposed",
        actor=counselor.actor,
        at=now,
        debtor_ref=desk.debtor.debtor_ref,
        payload=payload,
    )
