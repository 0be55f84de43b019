"""The school's desk: learners by code, course and steps. Nothing here knows of a debt, an amount or a lender."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.training.end_course import report_leaving
from portal.actions.training.learner import find_place
from portal.actions.training.verify_milestone import (
    Confirmation,
    NotVerified,
    Verified,
    verify_milestone,
)
from portal.core.enrollments import STEPS, is_code, read_code, shown_code
from portal.store import enrollments, guest_lenders
from portal.store.enrollments import Course, Enrollment, KeptMilestone
from portal.web.access import public, trainer
from portal.web.context import portal
from portal.web.guests import GuestHere, enter, guest_here
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.trainer.words import step_title

blueprint = Blueprint("trainer_learners", __name__)
HOME = "/trainer/"
START = "enrolled"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One learner of the list."""

    code: str
    course: str
    state: str
    chosen_on: date
    done: int
    steps: int

    @property
    def shown(self) -> str:
        return shown_code(self.code)


@dataclass(frozen=True, kw_only=True)
class StepHere:
    """One step of a learner; `state` is waiting, verified or missed."""

    kind: str
    title: str
    due_by: date | None
    state: str
    verified_on: date | None


@dataclass(frozen=True, kw_only=True)
class LearnerHere:
    """A learner's file as the school may see it."""

    code: str
    course: str
    state: str
    steps: list[StepHere]

    @property
    def shown(self) -> str:
        return shown_code(self.code)

    @property
    def is_running(self) -> bool:
        return self.state in {"chosen", "enrolled"}


@blueprint.route("/trainer/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    """Let a member of the school in by both factors."""
    return enter("trainer", home=HOME)


@blueprint.get("/trainer/")
@trainer
def list_learners() -> Response:
    """List the learners of the school, newest first; a code typed in the box leads to its file."""
    me = guest_here()
    typed, missing = request.args.get("code", "")[:80], False
    if typed:
        code = read_code(typed)
        if _load(me, code) is not None:
            return see_other(f"/trainer/learners/{code}")
        missing = True
    page = render_template("trainer/learners.html", me=me, lines=_lines(me), typed=typed, missing=missing)
    return make_response(page)


@blueprint.get("/trainer/courses")
@trainer
def list_courses() -> Response:
    """List the school's courses as learners see them."""
    me = guest_here()
    with portal().database.shared().read() as shared:
        found = enrollments.list_courses_of(shared, provider_id=me.house_id)
    rows = [(course, title_of(course)) for course in found]
    return make_response(render_template("trainer/courses.html", me=me, rows=rows))


@blueprint.get("/trainer/learners/<code>")
@trainer
def show_learner(code: str) -> Response:
    """Show one learner's steps."""
    return _page(code)


@blueprint.post("/trainer/learners/<code>/steps/<kind>")
@trainer
def confirm(code: str, kind: str) -> Response:
    """Confirm one step, once; a second time is answered kindly and changes nothing."""
    me, now = guest_here(), portal().clock.now()
    if not is_code(code) or kind not in STEPS:
        abort(404)
    on = _day(request.form.get("on", ""))
    if on is None:
        return _page(code, error=_("Type the day on which the step was reached"), status=422)
    done = verify_milestone(
        portal().database,
        provider_id=me.house_id,
        confirmation=Confirmation(code=code, milestone=kind, on=on, evidence="provider_portal"),
        now=now,
    )
    if done == NotVerified(reason="unknown"):
        abort(404)
    if isinstance(done, NotVerified):
        return _page(code, error=_refusal(done.reason), status=422)
    word = "again" if isinstance(done, Verified) and done.was_verified else "confirmed"
    return see_other(f"/trainer/learners/{code}?done={word}")


@blueprint.post("/trainer/learners/<code>/left")
@trainer
def left(code: str) -> Response:
    """Note that a learner left the course; that costs the learner nothing."""
    done = report_leaving(
        portal().database, provider_id=guest_here().house_id, code=code, now=portal().clock.now()
    )
    if not done:
        abort(404)
    return see_other(f"/trainer/learners/{code}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refusal(reason: str) -> str:
    return {
        "no_step": _("This step is not part of the learner's course."),
        "ended": _("The learner is not on this course any more."),
        "to_come": _("That day lies in the future."),
        "late": _("The time for this step is over. A step counts until seven days after its date."),
    }[reason]


def _page(code: str, *, error: str = "", status: int = 200) -> Response:
    me = guest_here()
    learner = _load(me, code)
    if learner is None:
        abort(404)
    told = {
        "confirmed": _("Confirmed. Thank you."),
        "again": _("This step was confirmed before. Nothing changed."),
    }.get(request.args.get("done", ""), "")
    today = portal().clock.now().date()
    page = render_template(
        "trainer/learner.html", me=me, learner=learner, error=error, told_text=told, today=today
    )
    return make_response(page, status)


def _load(me: GuestHere, code: str) -> LearnerHere | None:
    """Load a learner of this school by the code; anybody else's does not exist."""
    place = find_place(portal().database, code=code)
    if place is None:
        return None
    with portal().database.work(place.lender_id).read() as tx:
        found = enrollments.find_enrollment(tx, enrollment_id=place.enrollment_id)
        if found is None or found.provider_id != me.house_id:
            return None
        course = enrollments.find_course(tx, course_id=found.course_id)
        kept = enrollments.list_milestones(tx, enrollment_id=found.enrollment_id)
    return LearnerHere(
        code=code, course=title_of(course) if course else "", state=found.state, steps=_steps(found, kept)
    )


def _steps(found: Enrollment, kept: Sequence[KeptMilestone]) -> list[StepHere]:
    """Give each step once; the start of the course is always one."""
    steps = {
        one.kind: StepHere(
            kind=one.kind,
            title=step_title(one.kind),
            due_by=one.due_by,
            state=one.state,
            verified_on=one.verified_at.date() if one.verified_at else None,
        )
        for one in kept
    }
    if START not in steps:
        state = "waiting" if found.state == "chosen" else "verified"
        start = StepHere(kind=START, title=step_title(START), due_by=None, state=state, verified_on=None)
        steps = {START: start, **steps}
    return list(steps.values())


def _lines(me: GuestHere) -> list[Line]:
    """Read one lender after another, each in its own transaction; where a learner comes from is not kept."""
    database, rows = portal().database, []
    with database.shared().read() as shared:
        served = guest_lenders.list_lenders(shared, house_id=me.house_id)
        own_courses = enrollments.list_courses_of(shared, provider_id=me.house_id)
    titles = {one.course_id: one.titles for one in own_courses}
    for lender_id, _slug, _name in served:
        with database.work(lender_id).read() as tx:
            own = enrollments.list_enrollments(tx, provider_id=me.house_id)
            counts = enrollments.count_steps(tx, enrollment_ids=[one.enrollment_id for one in own])
        rows += [(one, counts.get(one.enrollment_id, (0, 0))) for one in own]
    rows.sort(key=lambda row: row[0].chosen_at, reverse=True)
    return [
        Line(
            code=one.enrollment_code,
            course=_in_language(titles.get(one.course_id, {})),
            state=one.state,
            chosen_on=one.chosen_at.date(),
            done=done,
            steps=steps,
        )
        for one, (done, steps) in rows
    ]


def title_of(course: Course) -> str:
    """Give a course's title in the reader's language, else in English."""
    return _in_language(course.titles) or course.course_ref


def _in_language(titles: Mapping[str, str]) -> str:
    return str(titles.get(current().tag) or titles.get("en") or "")
