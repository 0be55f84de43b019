"""What a training provider's machine may do: its courses, its learners by code, their steps.

Nothing here tells of a debt, an amount, a lender or a person: a learner is a code.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from portal.actions.training.end_course import report_leaving
from portal.actions.training.learner import find_place
from portal.actions.training.verify_milestone import START, Confirmation, NotVerified, verify_milestone
from portal.core.enrollments import STEPS, read_code
from portal.core.states import ENROLLMENT
from portal.store import enrollments, guest_lenders
from portal.store.enrollments import Course, Enrollment, KeptMilestone
from portal.web.access import guest_caller
from portal.web.api import paging
from portal.web.api.models import OneOf, Strict
from portal.web.api.problems import RefusedError, not_found, refuse_field
from portal.web.api.routes import Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_enrollments", __name__)

_STATES = tuple(sorted(ENROLLMENT))
_REFUSALS = {
    "ended": "The learner is not on this course any more.",
    "late": "The time for this step is over: it counts until seven days after its date.",
}


class CourseView(BaseModel):
    ref: str
    titles: Annotated[dict[str, str], Field(description="By language.")]
    languages: list[str]
    countries: list[str]
    is_open: bool


class CourseList(BaseModel):
    courses: list[CourseView]


class StepView(BaseModel):
    step: Annotated[str, OneOf(STEPS)]
    state: Literal["waiting", "verified", "missed"]
    due_by: date | None
    verified_on: date | None


class EnrollmentView(BaseModel):
    """A learner as the provider may see them."""

    code: Annotated[str, Field(description="The learner's code; the learner shows it at the first lesson.")]
    course: str
    state: Annotated[str, OneOf(_STATES)]
    chosen_on: date
    steps: Annotated[list[StepView] | None, Field(description="Null in lists.")] = None


class EnrollmentPage(BaseModel):
    enrollments: list[EnrollmentView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


class MilestoneBody(Strict):
    """One step of one learner, reached on a day."""

    milestone: Annotated[str, OneOf(STEPS)]
    on: Annotated[date, Field(examples=["2026-12-01"])]


class MilestoneView(BaseModel):
    milestone: str
    was_verified: Annotated[bool, Field(description="It had been confirmed before; nothing changed now.")]


class LeavingBody(Strict):
    """Nothing to say: no reason is asked for, and leaving costs the learner nothing."""


@route(
    blueprint,
    Route(
        method="GET",
        path="/courses",
        scope="courses:read",
        caller="trainer",
        summary="List your courses as learners see them",
        answers={200: CourseList},
    ),
)
def list_courses() -> Response:
    with portal().database.shared().read() as shared:
        found = enrollments.list_courses_of(shared, provider_id=guest_caller().house_id)
    return json_answer(CourseList(courses=[_course(one) for one in found]))


def _course(one: Course) -> CourseView:
    return CourseView(
        ref=one.course_ref,
        titles=dict(one.titles),
        languages=list(one.languages),
        countries=list(one.countries),
        is_open=one.is_open,
    )


@route(
    blueprint,
    Route(
        method="GET",
        path="/enrollments",
        scope="enrollments:read",
        caller="trainer",
        summary="List your learners by code, the newest first",
        answers={200: EnrollmentPage},
        problems=(400,),
        queries=(paging.AFTER_ID, paging.LIMIT),
    ),
)
def list_enrollments() -> Response:
    """Read one lender after another, each in its own transaction; where a learner comes from is not told."""
    most, after, provider_id = paging.limit(), paging.after_id(), guest_caller().house_id
    database, found = portal().database, list[Enrollment]()
    with database.shared().read() as shared:
        served = guest_lenders.list_lenders(shared, house_id=provider_id)
        own = enrollments.list_courses_of(shared, provider_id=provider_id)
    for lender_id, _slug, _name in served:
        with database.work(lender_id).read() as tx:
            found += enrollments.list_enrollments(tx, provider_id=provider_id, before=after, limit=most + 1)
    found.sort(key=lambda one: one.enrollment_id, reverse=True)
    page, last = paging.cut(found, most)
    refs = {one.course_id: one.course_ref for one in own}
    shown = [_view(one, refs.get(one.course_id, "")) for one in page]
    return json_answer(EnrollmentPage(enrollments=shown, next=str(last.enrollment_id) if last else None))


def _view(one: Enrollment, course_ref: str, steps: list[StepView] | None = None) -> EnrollmentView:
    return EnrollmentView(
        code=one.enrollment_code,
        course=course_ref,
        state=one.state,
        chosen_on=one.chosen_at.date(),
        steps=steps,
    )


@route(
    blueprint,
    Route(
        method="GET",
        path="/enrollments/{code}",
        scope="enrollments:read",
        caller="trainer",
        summary="See one learner's steps",
        answers={200: EnrollmentView},
        problems=(404,),
    ),
)
def show_enrollment(code: str) -> Response:
    place = find_place(portal().database, code=read_code(code))
    if place is None:
        raise not_found("learner")
    with portal().database.work(place.lender_id).read() as tx:
        one = enrollments.find_enrollment(tx, enrollment_id=place.enrollment_id)
        if one is None or one.provider_id != guest_caller().house_id:
            raise not_found("learner")
        course = enrollments.find_course(tx, course_id=one.course_id)
        kept = enrollments.list_milestones(tx, enrollment_id=one.enrollment_id)
    return json_answer(_view(one, course.course_ref if course else "", _steps(one, kept)))


def _steps(one: Enrollment, kept: Sequence[KeptMilestone]) -> list[StepView]:
    """Give each step once; the start of the course is always one."""
    steps = {
        step.kind: StepView(
            step=step.kind,
            state=cast("Any", step.state),
            due_by=step.due_by,
            verified_on=step.verified_at.date() if step.verified_at else None,
        )
        for step in kept
    }
    state: Literal["waiting", "verified"] = "waiting" if one.state == "chosen" else "verified"
    start = {START: StepView(step=START, state=state, due_by=None, verified_on=None)}
    return list((start | steps).values())


@route(
    blueprint,
    Route(
        method="POST",
        path="/enrollments/{code}/milestones",
        scope="enrollments:write",
        caller="trainer",
        summary="Confirm a step of a learner; a second time changes nothing",
        body=MilestoneBody,
        answers={200: MilestoneView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_milestone(code: str, body: MilestoneBody) -> Response:
    done = verify_milestone(
        portal().database,
        provider_id=guest_caller().house_id,
        confirmation=Confirmation(
            code=read_code(code), milestone=body.milestone, on=body.on, evidence="provider_api"
        ),
        now=_now(),
    )
    if isinstance(done, NotVerified):
        raise _refusal(done.reason)
    return json_answer(MilestoneView(milestone=body.milestone, was_verified=done.was_verified))


def _refusal(reason: str) -> RefusedError:
    if reason == "unknown":
        return not_found("learner")
    if reason == "no_step":
        fix = "Send one of the steps that GET /enrollments/{code} shows."
        return refuse_field("/milestone", "no_step", "This step is not part of the course.", fix)
    if reason == "to_come":
        return refuse_field("/on", "to_come", "This day lies in the future.", "Send the day it was reached.")
    return RefusedError(409, "It cannot be confirmed any more", detail=_REFUSALS[reason], reason=reason)


@route(
    blueprint,
    Route(
        method="POST",
        path="/enrollments/{code}/leaving",
        scope="enrollments:write",
        caller="trainer",
        summary="Note that a learner left the course; that costs the learner nothing",
        body=LeavingBody,
        answers={200: EnrollmentView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_leaving(code: str, body: LeavingBody) -> Response:
    del body
    if not report_leaving(
        portal().database, provider_id=guest_caller().house_id, code=read_code(code), now=_now()
    ):
        raise not_found("learner")
    return show_enrollment(code)


def _now() -> datetime:
    return portal().clock.now()
