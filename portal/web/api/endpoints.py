"""Receivers of events by machine: made, changed, switched, given a new secret, tried out."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from portal.actions.endpoints.rotate_endpoint_secret import rotate_endpoint_secret
from portal.actions.endpoints.save_endpoint import ENDPOINTS_MAX, EndpointSaved, save_endpoint
from portal.actions.endpoints.send_test_event import send_test_event
from portal.actions.endpoints.switch_endpoint import switch_endpoint
from portal.core.actors import LENDER_API
from portal.core.events.envelope import write_event_id
from portal.gateways.address_guard import AddressGuard
from portal.gateways.webhook_signatures import public_key_of
from portal.store import endpoints
from portal.store.endpoints import Endpoint
from portal.web.api import views
from portal.web.api.accounts import work
from portal.web.api.endpoint_models import (
    EndpointBody,
    EndpointMade,
    EndpointPage,
    EndpointView,
    RotateBody,
    SecretView,
    SwitchBody,
    TestBody,
    TestView,
)
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import PREFIX, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_endpoints", __name__)


def guard() -> AddressGuard:
    """Give the check of addresses that this house sends to."""
    return AddressGuard(open_hosts=portal().settings.private_hosts)


def own_endpoint(endpoint_id: UUID) -> tuple[Endpoint, str | None]:
    """Find a receiver of the calling lender with its public key; raises RefusedError (404)."""
    with work().read() as tx:
        found = endpoints.find_endpoint(tx, endpoint_id)
        private_key = endpoints.read_private_key(tx, endpoint_id) if found else None
    if found is None:
        raise not_found("endpoint")
    return found, public_key_of(private_key) if private_key else None


def _view(found: Endpoint, public_key: str | None) -> EndpointView:
    return EndpointView(
        id=found.endpoint_id,
        url=found.url,
        patterns=list(found.patterns),
        ordered=found.is_ordered,
        ed25519=found.has_ed25519,
        public_key=public_key,
        state=cast("Any", found.state),
        disabled_reason=found.disabled_reason,
        failing_since=found.failing_since,
        slow_until=found.slow_until,
        old_secret_until=found.previous_until,
        created_at=found.created_at,
    )


def _answer(endpoint_id: UUID, *, status: int = 200) -> Response:
    return views.tagged(json_answer(_view(*own_endpoint(endpoint_id)), status))


@route(
    blueprint,
    Route(
        method="GET",
        path="/endpoints",
        scope="endpoints:read",
        summary="List the receivers of events",
        answers={200: EndpointPage},
    ),
)
def list_endpoints() -> Response:
    with work().read() as tx:
        found = endpoints.list_endpoints(tx)
        keys = {
            one.endpoint_id: endpoints.read_private_key(tx, one.endpoint_id)
            for one in found
            if one.has_ed25519
        }
    shown = []
    for one in found:
        key = keys.get(one.endpoint_id)
        shown.append(_view(one, public_key_of(key) if key else None))
    return json_answer(EndpointPage(endpoints=shown))


@route(
    blueprint,
    Route(
        method="POST",
        path="/endpoints",
        scope="endpoints:write",
        summary="Make a receiver; the answer has its secret, once",
        body=EndpointBody,
        answers={201: EndpointMade},
        problems=(400, 409, 415, 422),
    ),
)
def add_endpoint(body: EndpointBody) -> Response:
    done = _save(body, None)
    if done.endpoint_id is None or done.secret is None:
        raise RefusedError(
            409, "There are as many receivers as there can be", detail=f"{ENDPOINTS_MAX} at most."
        )
    view = _view(*own_endpoint(done.endpoint_id))
    made = EndpointMade(**view.model_dump(), secret=done.secret)
    return json_answer(made, 201, location=f"{PREFIX}/endpoints/{done.endpoint_id}")


@route(
    blueprint,
    Route(
        method="GET",
        path="/endpoints/{endpoint_id}",
        scope="endpoints:read",
        summary="See one receiver",
        answers={200: EndpointView, 304: None},
        problems=(404,),
    ),
)
def show_endpoint(endpoint_id: UUID) -> Response:
    return views.unless_known(_answer(endpoint_id))


@route(
    blueprint,
    Route(
        method="PUT",
        path="/endpoints/{endpoint_id}",
        scope="endpoints:write",
        summary="Change a receiver; its secret stays",
        body=EndpointBody,
        answers={200: EndpointView},
        problems=(400, 404, 412, 415, 422),
    ),
)
def change_endpoint(endpoint_id: UUID, body: EndpointBody) -> Response:
    views.check_match(_answer(endpoint_id).headers["ETag"])
    _save(body, endpoint_id)
    return _answer(endpoint_id)


def _save(body: EndpointBody, endpoint_id: UUID | None) -> EndpointSaved:
    done = save_endpoint(
        work(),
        guard=guard(),
        url=body.url,
        patterns=body.patterns,
        actor=LENDER_API,
        now=portal().clock.now(),
        endpoint_id=endpoint_id,
        is_ordered=body.ordered,
        has_ed25519=body.ed25519,
    )
    if done.kind == "bad_address":
        fix = "Send an https address on port 443 or 8443 whose host is on the public internet."
        raise refuse_field("/url", f"address.{done.reason}", "Nothing is sent to this address.", fix)
    if done.kind == "bad_patterns":
        fix = "Send types of docs/events.md, noun.* or *."
        raise refuse_field("/patterns", "pattern.unknown", f"{done.reason}.", fix)
    return done


@route(
    blueprint,
    Route(
        method="POST",
        path="/endpoints/{endpoint_id}/rotate",
        scope="endpoints:write",
        summary="Give a receiver a new secret; the old one signs too for a while",
        body=RotateBody,
        answers={200: SecretView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def rotate_endpoint(endpoint_id: UUID, body: RotateBody) -> Response:
    done = rotate_endpoint_secret(
        work(),
        endpoint_id=endpoint_id,
        actor=LENDER_API,
        now=portal().clock.now(),
        overlap=timedelta(hours=body.overlap_hours),
    )
    if done.secret is None or done.old_until is None:
        raise not_found("endpoint")
    return json_answer(SecretView(secret=done.secret, old_secret_until=done.old_until))


@route(
    blueprint,
    Route(
        method="POST",
        path="/endpoints/{endpoint_id}/switch",
        scope="endpoints:write",
        summary="Stop deliveries to a receiver, or let them flow again",
        body=SwitchBody,
        answers={200: EndpointView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def switch(endpoint_id: UUID, body: SwitchBody) -> Response:
    now = portal().clock.now()
    kind = switch_endpoint(work(), endpoint_id=endpoint_id, is_on=body.on, actor=LENDER_API, now=now)
    if kind == "unknown":
        raise not_found("endpoint")
    return _answer(endpoint_id)


@route(
    blueprint,
    Route(
        method="POST",
        path="/endpoints/{endpoint_id}/test",
        scope="endpoints:write",
        summary="Send a test event to one receiver",
        body=TestBody,
        answers={200: TestView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def try_endpoint(endpoint_id: UUID, body: TestBody) -> Response:
    del body
    event_id = send_test_event(work(), endpoint_id=endpoint_id, actor=LENDER_API, now=portal().clock.now())
    if event_id is None:
        raise not_found("endpoint")
    return json_answer(TestView(event=write_event_id(event_id)))
