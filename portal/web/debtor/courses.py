"""The course of a plan: its steps and what each takes off, the code for the school, and stopping it."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.training.end_course import stop_course
from portal.core.enrollments import shown_code
from portal.core.money import Money
from portal.store import accounts, agreements, enrollments
from portal.store.agreements import Agreement
from portal.store.enrollments import Course, Enrollment, KeptMilestone
from portal.store.rows import known
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.format import day_text, said
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.plan_words import Step, milestone_title

blueprint = Blueprint("debtor_courses", __name__)


@dataclass(frozen=True, kw_only=True)
class CoursePage:
    """A debtor's course as its page shows it."""

    agreement: Agreement
    enrollment: Enrollment
    course: Course
    steps: list[Step]
    gained: Money
    to_gain: Money

    @property
    def title(self) -> str:
        titles = self.course.titles
        return titles.get(current().tag) or titles.get("en") or self.course.course_ref

    @property
    def code(self) -> str:
        return shown_code(self.enrollment.enrollment_code)

    @property
    def is_running(self) -> bool:
        return self.enrollment.state in {"chosen", "enrolled"}


@blueprint.get("/me/accounts/<uuid:account_id>/course")
@debtor
def show_course(account_id: UUID) -> Response:
    """Show the course of the account's plan; without one it does not exist."""
    page = _load(account_id)
    return make_response(render_template("debtor/course.html", page=page, path=f"/me/accounts/{account_id}"))


@blueprint.post("/me/accounts/<uuid:account_id>/course/stop")
@debtor
def stop(account_id: UUID) -> Response:
    """Stop the course; the plain plan goes on."""
    page = _load(account_id)
    stop_course(
        work(),
        agreement_ref=page.agreement.agreement_ref,
        debtor_id=visitor().subject_id,
        now=portal().clock.now(),
    )
    return see_other(f"/me/accounts/{account_id}/course")


def _load(account_id: UUID) -> CoursePage:
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        if account is None or account.debtor_id != visitor().subject_id:
            abort(404)
        agreement = agreements.find_active(tx, account_id=account_id) or agreements.find_newest_signed(
            tx, account_id=account_id
        )
        enrollment = (
            enrollments.find_enrollment(tx, agreement_id=agreement.agreement_id) if agreement else None
        )
        if agreement is None or enrollment is None:
            abort(404)
        course = known(enrollments.find_course(tx, course_id=enrollment.course_id))
        kept = enrollments.list_milestones(tx, enrollment_id=enrollment.enrollment_id)

    def worth(*states: str) -> Money:
        return Money(sum(_worth(one) for one in kept if one.state in states), account.currency)

    return CoursePage(
        agreement=agreement,
        enrollment=enrollment,
        course=course,
        steps=_steps(kept, account.currency, is_running=enrollment.state in {"chosen", "enrolled"}),
        gained=worth("verified"),
        to_gain=worth("waiting"),
    )


def _worth(one: KeptMilestone) -> int:
    return int(one.reward.get("worth", 0))


def _steps(kept: list[KeptMilestone], currency: str, *, is_running: bool) -> list[Step]:
    by_kind: dict[str, list[KeptMilestone]] = {}
    for one in kept:
        by_kind.setdefault(one.kind, []).append(one)
    waiting = [kind for kind, steps in by_kind.items() if steps[0].state == "waiting"]
    upcoming = waiting[0] if waiting and is_running else ""
    return [_step(kind, steps, currency, is_next=kind == upcoming) for kind, steps in by_kind.items()]


def _step(kind: str, steps: list[KeptMilestone], currency: str, *, is_next: bool) -> Step:
    first = steps[0]
    amount = Money(sum(_worth(one) for one in steps), currency)
    if first.state == "verified" and first.verified_at is not None:
        text = _("Confirmed on %(day)s", day=day_text(first.verified_at.date()))
        gain = _("%(amount)s taken off for good", amount=said(amount)) if amount.minor else ""
        return Step(title=milestone_title(kind), text=text, gain=gain, state="on")
    if first.state == "missed":
        text = _("Not confirmed by %(day)s. Nothing is added.", day=day_text(first.due_by))
        return Step(title=milestone_title(kind), text=text, gain="")
    gain = _("You pay %(amount)s less.", amount=said(amount)) if amount.minor else ""
    return Step(
        title=milestone_title(kind),
        text=_("By %(day)s", day=day_text(first.due_by)),
        gain=gain,
        state="now" if is_next else "later",
    )
