"""The lender's bounds by machine: drafts, a count on the own portfolio, four eyes, into force."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response

from portal.actions.bounds.activate_bounds import activate_bounds
from portal.actions.bounds.count_plans import PlanCount, count_plans
from portal.actions.bounds.edit_draft import discard_draft, edit_draft
from portal.actions.bounds.request_approval import request_approval
from portal.actions.bounds.start_draft import start_draft
from portal.core.actors import LENDER_API
from portal.core.bounds.schema import Problem, parse_bounds
from portal.store import bounds
from portal.store.bounds import BoundsVersion
from portal.web.access import caller
from portal.web.api import views
from portal.web.api.accounts import work
from portal.web.api.bounds_models import (
    KNOWN_CURRENCIES,
    BoundsPage,
    BoundsView,
    CountView,
    DraftBody,
    NothingBody,
    RulesBody,
    SegmentView,
)
from portal.web.api.problems import FieldError, RefusedError, not_found, refuse_field, refuse_fields
from portal.web.api.routes import PREFIX, Query, Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_bounds", __name__)

_STEP_REFUSALS = {
    "not_a_draft": "It is not a draft any more: start a new one from it.",
    "unsound": "The check finds an error: look at it in the console, change the draft, ask again.",
    "not_waiting": "It does not wait for a decision.",
    "not_approved": "It is not approved: have it approved first.",
    "no_authority": "A supervisor decides about it.",
    "own_work": "Four eyes: the key that made, changed or sent it does not approve it. Use another key or a person.",
}


def find_version(bounds_id: UUID) -> BoundsVersion:
    """Find a version of the calling lender; raises RefusedError (404)."""
    with work().read() as tx:
        found = bounds.find_bounds(tx, bounds_id=bounds_id)
    if found is None:
        raise not_found("version of bounds")
    return found


def version_view(version: BoundsVersion, *, is_whole: bool = True) -> BoundsView:
    """Show a version, with its rules when it stands alone."""
    return BoundsView(
        id=version.bounds_id,
        name=version.name,
        currency=version.currency,
        version=version.version,
        state=cast("Any", version.state),
        approval=(version.review or {}).get("approval"),
        made_at=version.made_at,
        active_from=version.active_from,
        retired_at=version.retired_at,
        body=dict(version.body) if is_whole else None,
    )


def version_answer(bounds_id: UUID, *, status: int = 200, location: str | None = None) -> Response:
    """Answer one version with its tag."""
    return views.tagged(json_answer(version_view(find_version(bounds_id)), status, location=location))


def refuse_step(kind: str) -> RefusedError:
    """Make the refusal of a step on a version that its state, or four eyes, do not allow."""
    if kind == "unknown":
        return not_found("version of bounds")
    return RefusedError(409, "This step is not possible now", detail=_STEP_REFUSALS[kind], reason=kind)


@route(
    blueprint,
    Route(
        method="GET",
        path="/bounds",
        scope="bounds:read",
        summary="List the versions of the bounds, newest first",
        answers={200: BoundsPage},
        problems=(400,),
        queries=(
            Query(
                name="currency",
                schema={"type": "string", "enum": list(KNOWN_CURRENCIES)},
                about="Only of this one.",
            ),
        ),
    ),
)
def list_bounds() -> Response:
    currency = views.word_of("currency", KNOWN_CURRENCIES)
    with work().read() as tx:
        found = bounds.list_bounds(tx, currency=currency)
    return json_answer(BoundsPage(versions=[version_view(one, is_whole=False) for one in found]))


@route(
    blueprint,
    Route(
        method="POST",
        path="/bounds",
        scope="bounds:write",
        summary="Start a draft",
        body=DraftBody,
        answers={201: BoundsView},
        problems=(400, 409, 415, 422),
    ),
)
def add_draft(body: DraftBody) -> Response:
    if (body.currency is None) == (body.source is None):
        raise refuse_field("/currency", "one", "One source is needed.", "Send either currency or source.")
    who = caller().key.api_key_id
    started = start_draft(
        work(), currency=body.currency or "", source_id=body.source, staff_id=who, now=portal().clock.now()
    )
    if started.draft is None:
        field = "/source" if body.source else "/currency"
        raise refuse_field(field, "unknown", "There is nothing to start from.", "Send another one.")
    draft_id = started.draft.bounds_id
    if body.body is not None:
        try:
            _edit(draft_id, body.body)
        except RefusedError:
            discard_draft(work(), bounds_id=draft_id, now=portal().clock.now())
            raise
    return version_answer(draft_id, status=201, location=f"{PREFIX}/bounds/{draft_id}")


@route(
    blueprint,
    Route(
        method="GET",
        path="/bounds/{bounds_id}",
        scope="bounds:read",
        summary="See one version with its rules",
        answers={200: BoundsView, 304: None},
        problems=(404,),
    ),
)
def show_bounds(bounds_id: UUID) -> Response:
    return views.unless_known(version_answer(bounds_id))


@route(
    blueprint,
    Route(
        method="PUT",
        path="/bounds/{bounds_id}",
        scope="bounds:write",
        summary="Replace the rules of a draft",
        body=RulesBody,
        answers={200: BoundsView},
        problems=(400, 404, 409, 412, 415, 422),
    ),
)
def change_draft(bounds_id: UUID, body: RulesBody) -> Response:
    views.check_match(version_answer(bounds_id).headers["ETag"])
    _edit(bounds_id, body.body)
    return version_answer(bounds_id)


def _edit(bounds_id: UUID, rules: dict[str, Any]) -> None:
    done = edit_draft(work(), bounds_id=bounds_id, body=rules, staff_id=caller().key.api_key_id)
    if done.kind == "refused":
        raise refuse_fields(_field(one) for one in done.problems)
    if done.kind != "edited":
        raise refuse_step(done.kind)


def _field(one: Problem) -> FieldError:
    path = "/body" + one.path.removeprefix("$").replace(".", "/").replace("[", "/").replace("]", "")
    return FieldError(field=path, reason="bounds", detail=f"{one.message}.", fix=f"{one.fix}.")


@route(
    blueprint,
    Route(
        method="POST",
        path="/bounds/{bounds_id}/simulate",
        scope="bounds:read",
        summary="Count how many of your accounts would be offered a plan",
        body=NothingBody,
        answers={200: CountView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def simulate_bounds(bounds_id: UUID, body: NothingBody) -> Response:
    del body
    counted = _count(find_version(bounds_id))
    view = CountView(
        accounts=counted.accounts,
        with_plan=counted.with_plan,
        with_plan_before=counted.with_plan_before,
        whole_sample=counted.is_all,
        seconds=counted.seconds,
        segments=[SegmentView(**vars_of(one)) for one in counted.segments],
        handed_off=dict(counted.causes),
    )
    return json_answer(view)


def vars_of(one: Any) -> dict[str, Any]:
    """Give the fields of a frozen value by name."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _count(version: BoundsVersion) -> PlanCount:
    now = portal().clock.now()
    return count_plans(work(), draft=parse_bounds(version.body), today=now.date(), now=now)


@route(
    blueprint,
    Route(
        method="POST",
        path="/bounds/{bounds_id}/request-approval",
        scope="bounds:write",
        summary="Count a draft's plans and send it for approval; from here on it does not change",
        body=NothingBody,
        answers={200: BoundsView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def ask_approval(bounds_id: UUID, body: NothingBody) -> Response:
    del body
    version = find_version(bounds_id)
    if version.state != "draft":
        raise refuse_step("not_a_draft")
    kind = request_approval(
        work(),
        bounds_id=bounds_id,
        counted=_count(version),
        staff_id=caller().key.api_key_id,
        actor=LENDER_API,
        now=portal().clock.now(),
    )
    if kind != "requested":
        raise refuse_step(kind)
    return version_answer(bounds_id)


@route(
    blueprint,
    Route(
        method="POST",
        path="/bounds/{bounds_id}/activate",
        scope="bounds:approve",
        summary="Put an approved version in force in place of the one before",
        body=NothingBody,
        answers={200: BoundsView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def put_in_force(bounds_id: UUID, body: NothingBody) -> Response:
    del body
    kind = activate_bounds(work(), bounds_id=bounds_id, actor=LENDER_API, now=portal().clock.now())
    if kind != "activated":
        raise refuse_step(kind)
    return version_answer(bounds_id)
