"""What waits for a second pair of eyes, and the answer."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from portal.actions.bounds.decide_approval import decide_approval
from portal.actions.cases.decide_offer import decide_offer
from portal.core.actors import LENDER_API
from portal.core.plans.record import plan_from_dict
from portal.core.plans.telling import plan_payload
from portal.store import accounts, approvals, bounds, offers
from portal.store.approvals import Approval
from portal.store.debtors import new_ref
from portal.store.rows import known
from portal.store.work import Transaction
from portal.web.access import caller
from portal.web.api import views
from portal.web.api.accounts import work
from portal.web.api.bounds import refuse_step, version_answer, version_view
from portal.web.api.bounds_models import BoundsView, NothingBody
from portal.web.api.models import Strict, Text
from portal.web.api.problems import not_found
from portal.web.api.routes import Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_approvals", __name__)
WAITING_MAX = 100


class ApprovalView(BaseModel):
    """A version that waits for a decision."""

    id: str
    bounds: BoundsView


class OfferApprovalView(BaseModel):
    """An offer that waits for a second person; until then nobody can sign it."""

    id: str
    offer: str
    account: str
    level: Annotated[Literal["agent", "supervisor"], Field(description="Who may decide, or somebody above.")]
    asked_at: datetime
    answer_due_at: Annotated[datetime, Field(description="By when the debtor was told to hear.")]
    terms: Annotated[dict[str, Any], Field(description="The plan as events tell it.")]


class ApprovalPage(BaseModel):
    """What waits, the offers with the earliest promise first."""

    approvals: list[ApprovalView]
    offers: list[OfferApprovalView]


class DecisionBody(Strict):
    decision: Literal["approved", "declined"]
    note: Annotated[Text, Field(description="For the people who work on it; debtors never see it.")] = ""


@route(
    blueprint,
    Route(
        method="GET",
        path="/approvals",
        scope="bounds:read",
        summary="List what waits for a second pair of eyes",
        answers={200: ApprovalPage},
    ),
)
def list_approvals() -> Response:
    with work().read() as tx:
        found = bounds.list_waiting_bounds(tx, limit=WAITING_MAX)
        waiting = [_offer_view(tx, one) for one in approvals.list_waiting(tx, limit=WAITING_MAX)]
    shown = [version_view(one, is_whole=False) for one in found]
    return json_answer(
        ApprovalPage(
            approvals=[ApprovalView(id=one.approval, bounds=one) for one in shown if one.approval],
            offers=waiting,
        )
    )


def _offer_view(tx: Transaction, approval: Approval) -> OfferApprovalView:
    offer = known(offers.find_offer(tx, offer_id=approval.offer_id))
    account = known(accounts.find_account(tx, account_id=approval.account_id))
    return OfferApprovalView(
        id=approval.approval_ref,
        offer=offer.offer_ref,
        account=account.account_ref,
        level=cast("Literal['agent', 'supervisor']", approval.level),
        asked_at=approval.asked_at,
        answer_due_at=approval.answer_due_at,
        terms=plan_payload(plan_from_dict(offer.plan)),
    )


class DecidedView(BaseModel):
    """What became of an offer that waited."""

    offer: str
    decision: Literal["approved", "declined"]


@route(
    blueprint,
    Route(
        method="POST",
        path="/offers/{offer_ref}/decision",
        scope="cases:write",
        summary="Approve an offer that waits, or decline it; four eyes",
        body=DecisionBody,
        answers={200: DecidedView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def decide_waiting_offer(offer_ref: str, body: DecisionBody) -> Response:
    """Decide in the name of the lender; a key does not decide about what it offered itself."""
    name = views.plain(offer_ref, "offer that waits")
    done = decide_offer(
        work(),
        offer_ref=name,
        decision=body.decision,
        note=body.note,
        roles=frozenset({"supervisor"}),
        by=new_ref("key", caller().key.api_key_id),
        actor=LENDER_API,
        base_url=portal().settings.base_url,
        now=portal().clock.now(),
    )
    if done == "unknown":
        raise not_found("offer that waits")
    if done != "decided":
        raise refuse_step(done)
    return json_answer(DecidedView(offer=name, decision=body.decision))


@route(
    blueprint,
    Route(
        method="POST",
        path="/approvals/{approval_ref}/decision",
        scope="bounds:approve",
        summary="Approve what waits, or send it back to be a draft",
        body=DecisionBody,
        answers={200: BoundsView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def decide(approval_ref: str, body: DecisionBody) -> Response:
    with work().read() as tx:
        waiting = bounds.list_waiting_bounds(tx, limit=WAITING_MAX)
    wanted = [one.bounds_id for one in waiting if (one.review or {}).get("approval") == approval_ref]
    if not wanted:
        raise not_found("approval that waits")
    return _decide(wanted[0], decision=body.decision, note=body.note)


@route(
    blueprint,
    Route(
        method="POST",
        path="/bounds/{bounds_id}/approve",
        scope="bounds:approve",
        summary="Approve a version that waits; four eyes",
        body=NothingBody,
        answers={200: BoundsView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def approve_bounds(bounds_id: UUID, body: NothingBody) -> Response:
    del body
    return _decide(bounds_id, decision="approved", note="")


def _decide(bounds_id: UUID, *, decision: str, note: str) -> Response:
    kind = decide_approval(
        work(),
        bounds_id=bounds_id,
        decision=decision,
        note=note,
        staff_id=caller().key.api_key_id,
        actor=LENDER_API,
        now=portal().clock.now(),
    )
    if kind != "decided":
        raise refuse_step(kind)
    return version_answer(bounds_id)
