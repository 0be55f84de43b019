"""Find a payment that fits: the simulator of each kind of plan. Nothing is kept until the debtor goes on."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, request

from portal.actions.cases.choose_plan import (
    Chosen,
    NotChosen,
    Trail,
    choose_plan,
)
from portal.actions.cases.desk import Desk, NoDesk, lay_desk
from portal.core.calendar import PERIODS_PER_YEAR
from portal.store import debtors
from portal.store.enrollments import Course, list_courses
from portal.web.access import debtor, light
from portal.web.context import portal, visitor, work
from portal.web.debtor.offers import go_to_agreement
from portal.web.debtor.simulator import (
    KINDS,
    Choices,
    Simulator,
    first_course,
    read_simulator,
    simulator_of,
    wish_of,
)
from portal.web.debtor.today import local_day
from portal.web.forms import posted_token
from portal.web.htmx import answer, wants_fragment
from portal.web.language import gettext as _
from portal.web.reasons import reason_text
from portal.web.recent import Recent

blueprint = Blueprint("debtor_plans", __name__)
#: What lay on the desk seconds ago, while a dial is being moved; going on lays it anew.
_desks: Recent[tuple[Desk, list[Course], date]] = Recent(seconds=5, size=1024)


@blueprint.get("/me/accounts/<uuid:account_id>/plan")
@debtor
def show_simulator(account_id: UUID) -> Response:
    """Start at the lowest payment of a kind; the kind is the only thing in the address."""
    kind = request.args.get("kind", "installment")
    if kind not in KINDS:
        abort(404)
    key = (visitor().lender_id, visitor().subject_id, account_id)
    desk, courses, _today = _desks.put(key, _lay(account_id))
    shown = simulator_of(desk, Choices(kind=kind, course=first_course(courses)), courses, wished=None)
    return _page(account_id, shown)


@blueprint.post("/me/accounts/<uuid:account_id>/plan")
@light
@debtor
def move_dial(account_id: UUID) -> Response:
    """Answer a moved dial: the fragment for htmx, the page without JavaScript. Nothing is kept."""
    key = (visitor().lender_id, visitor().subject_id, account_id)
    desk, courses, today = _desks.get(key) or _desks.put(key, _lay(account_id))
    shown = read_simulator(desk, courses, today)
    return _page(account_id, shown, status=422 if shown.error else 200)


@blueprint.post("/me/accounts/<uuid:account_id>/plan/choose")
@debtor
def go_on(account_id: UUID) -> Response:
    """Make the shown plan a firm offer and go on to its agreement."""
    desk, courses, today = _lay(account_id)
    shown = read_simulator(desk, courses, today)
    if shown.error or shown.plan is None:
        return _page(account_id, shown, status=422)
    choices = shown.choices
    done = choose_plan(
        work(),
        account_id=account_id,
        debtor_id=visitor().subject_id,
        wish=wish_of(choices, courses, shown.plan.payment),
        trail=Trail(moves=choices.moves, lowest_minor=choices.lowest_minor),
        form_token=posted_token(),
        today=today,
        now=portal().clock.now(),
    )
    if isinstance(done, Chosen):
        return go_to_agreement(done.offer_ref, account_id)
    return _page(account_id, _refused(shown, done), status=422)


def _page(account_id: UUID, shown: Simulator, *, status: int = 200) -> Response:
    return answer(
        "debtor/simulator.html",
        "debtor/_answer.html",
        status=status,
        shown=shown,
        moved=wants_fragment(),
        path=f"/me/accounts/{account_id}",
        kinds=_kinds,
        frequencies=tuple(reversed(PERIODS_PER_YEAR)),
    )


def _kinds() -> tuple[tuple[str, str], ...]:
    return (
        ("installment", _("Spread it")),
        ("restructure", _("New terms")),
        ("skills", _("With a course")),
    )


def _lay(account_id: UUID) -> tuple[Desk, list[Course], date]:
    now = portal().clock.now()
    with work().read() as tx:
        person = debtors.find_debtor(tx, debtor_id=visitor().subject_id)
        if person is None:
            abort(404)
        today = local_day(now, person.time_zone)
        desk = lay_desk(tx, account_id=account_id, debtor_id=person.debtor_id, today=today, now=now)
        courses = list_courses(tx, country=person.country)
    if isinstance(desk, NoDesk):
        abort(404)
    return desk, courses, today


def _refused(shown: Simulator, done: NotChosen) -> Simulator:
    return Simulator(**{**vars(shown), "reasons": tuple(reason_text(code) for code in done.codes)})
