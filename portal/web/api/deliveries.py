"""The delivery log by machine: what was sent, what came back, and sending again."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import Blueprint, Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from portal.actions.endpoints.replay_deliveries import REPLAY_MAX, Replayed, replay_deliveries, replay_range
from portal.core.actors import LENDER_API
from portal.core.errors import EventError
from portal.core.events.catalog import CATALOG
from portal.core.events.envelope import read_event_id, write_event_id
from portal.core.states import DELIVERY
from portal.store import delivery_log
from portal.store.delivery_log import LoggedAttempt, LoggedDelivery
from portal.web.api import paging, views
from portal.web.api.accounts import work
from portal.web.api.endpoint_models import Pattern
from portal.web.api.endpoints import own_endpoint
from portal.web.api.models import Strict
from portal.web.api.problems import not_found, refuse_field
from portal.web.api.routes import Query, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_deliveries", __name__)

EVENTS_MAX = 1_000
EventId = Annotated[
    str,
    StringConstraints(pattern=r"^evt_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
    Field(examples=["evt_019b8d1e-5d6a-7c31-9f1e-0d5b8b2f6a10"]),
]
_STATES = tuple(sorted(DELIVERY))


class DeliveryView(BaseModel):
    """One event on its way to one receiver."""

    endpoint: UUID
    event: str
    type: str
    account: str | None
    sequence: int | None
    state: Literal["due", "sending", "delivered", "dead"]
    attempts: int
    due_at: datetime
    delivered_at: datetime | None
    created_at: datetime


class AttemptView(BaseModel):
    """One try, as it was seen."""

    number: int
    at: datetime
    status: int | None
    duration_ms: int
    error: str | None
    answer_start: str


class DeliveryDetail(DeliveryView):
    tries: list[AttemptView]


class DeliveryPage(BaseModel):
    deliveries: list[DeliveryView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


class ReplayBody(Strict):
    """Either `events`, or everything from `since` to before `until`, of some types if you name them."""

    endpoint: Annotated[UUID, Field(strict=False)]
    events: Annotated[list[EventId] | None, Field(min_length=1, max_length=EVENTS_MAX)] = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    types: Annotated[list[Pattern] | None, Field(min_length=1, max_length=200)] = None


class ReplayView(BaseModel):
    deliveries: Annotated[int, Field(description="How many are due again, with the ids that they had.")]


@route(
    blueprint,
    Route(
        method="GET",
        path="/deliveries",
        scope="endpoints:read",
        summary="List the deliveries of a receiver, the newest event first",
        answers={200: DeliveryPage},
        problems=(400, 404),
        queries=(
            Query(
                name="endpoint", schema={"type": "string", "format": "uuid"}, about="Which.", required=True
            ),
            Query(
                name="state", schema={"type": "string", "enum": list(_STATES)}, about="Only in this state."
            ),
            Query(
                name="type", schema={"type": "string", "enum": sorted(CATALOG)}, about="Only of this type."
            ),
            Query(
                name="account",
                schema={"type": "string", "minLength": 1, "maxLength": 80},
                about="Only of this account.",
            ),
            paging.AFTER_ID,
            paging.LIMIT,
        ),
    ),
)
def list_deliveries() -> Response:
    most = paging.limit()
    endpoint_id = paging.after_id("endpoint")
    if endpoint_id is None:
        raise refuse_field("endpoint", "required", "No receiver is named.", "Send its id.", status=400)
    state, kind = views.word_of("state", _STATES), views.word_of("type", tuple(sorted(CATALOG)))
    account, after = views.text_of("account", 80), paging.after_id()
    own_endpoint(endpoint_id)
    with work().read() as tx:
        found = delivery_log.list_deliveries(
            tx,
            endpoint_id=endpoint_id,
            state=state,
            event_type=kind,
            account_ref=views.account_ref(account) if account else None,
            before=after,
            limit=most + 1,
        )
    page, last = paging.cut(found, most)
    return json_answer(
        DeliveryPage(deliveries=[_line(one) for one in page], next=str(last.event_id) if last else None)
    )


def _fields(one: LoggedDelivery) -> dict[str, Any]:
    return {
        "endpoint": one.endpoint_id,
        "event": write_event_id(one.event_id),
        "type": one.event_type,
        "account": one.account_ref,
        "sequence": one.account_sequence,
        "state": one.state,
        "attempts": one.attempts,
        "due_at": one.due_at,
        "delivered_at": one.delivered_at,
        "created_at": one.created_at,
    }


def _line(one: LoggedDelivery) -> DeliveryView:
    return DeliveryView(**_fields(one))


@route(
    blueprint,
    Route(
        method="GET",
        path="/endpoints/{endpoint_id}/deliveries/{event}",
        scope="endpoints:read",
        summary="See one delivery with every try",
        answers={200: DeliveryDetail},
        problems=(404,),
    ),
)
def show_delivery(endpoint_id: UUID, event: str) -> Response:
    try:
        event_id = read_event_id(event)
    except EventError:
        raise not_found("delivery") from None
    with work().read() as tx:
        found = delivery_log.find_delivery(tx, endpoint_id=endpoint_id, event_id=event_id)
        tries = delivery_log.list_attempts(tx, endpoint_id=endpoint_id, event_id=event_id)
    if found is None:
        raise not_found("delivery")
    return json_answer(DeliveryDetail(**_fields(found), tries=[_try(one) for one in tries]))


def _try(one: LoggedAttempt) -> AttemptView:
    return AttemptView(
        number=one.number,
        at=one.at,
        status=one.status_code,
        duration_ms=one.duration_ms,
        error=one.error,
        answer_start=one.answer_start,
    )


@route(
    blueprint,
    Route(
        method="POST",
        path="/deliveries/replay",
        scope="endpoints:write",
        summary="Send events again: named ones, or those of a time and of some types",
        body=ReplayBody,
        answers={200: ReplayView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def replay(body: ReplayBody) -> Response:
    done = _replay(body)
    if done.kind == "unknown":
        raise not_found("endpoint")
    if done.kind == "too_many":
        fix = f"At most {REPLAY_MAX} events at a time: send a shorter time."
        raise refuse_field("/until", "too_many", "That is too many events.", fix)
    if done.kind == "bad_patterns":
        fix = "Send types of docs/events.md, noun.* or *."
        raise refuse_field("/types", "pattern.unknown", "A type is not in the catalog.", fix)
    return json_answer(ReplayView(deliveries=done.deliveries))


def _replay(body: ReplayBody) -> Replayed:
    now = portal().clock.now()
    if body.events is not None:
        if body.since or body.until or body.types:
            raise refuse_field(
                "/events", "both", "Events are named, and a time as well.", "Send one of them."
            )
        ids = [read_event_id(one) for one in body.events]
        return replay_deliveries(work(), endpoint_id=body.endpoint, event_ids=ids, actor=LENDER_API, now=now)
    if body.since is None or body.until is None:
        raise refuse_field("/since", "required", "Nothing is named.", "Send events, or since and until.")
    if body.until <= body.since:
        raise refuse_field("/until", "order", "The end is not after the start.", "Send a later one.")
    return replay_range(
        work(),
        endpoint_id=body.endpoint,
        since=body.since,
        until=body.until,
        actor=LENDER_API,
        now=now,
        patterns=body.types or (),
    )
