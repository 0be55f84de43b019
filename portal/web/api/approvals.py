"""What waits for a second pair of eyes, and the answer."""

from typing import Annotated, Literal
from uuid import UUID

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from portal.actions.bounds.decide_approval import decide_approval
from portal.core.actors import LENDER_API
from portal.store import bounds
from portal.web.access import caller
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


class ApprovalPage(BaseModel):
    approvals: list[ApprovalView]


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
    shown = [version_view(one, is_whole=False) for one in found]
    return json_answer(
        ApprovalPage(approvals=[ApprovalView(id=one.approval, bounds=one) for one in shown if one.approval])
    )


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
