"""A client's budget, and a plan proposed in the client's name. Signing and paying have no page here."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.cases.choose_plan import Wish, dial_of, simulated
from portal.actions.cases.desk import Desk, NoDesk, lay_desk
from portal.actions.proposals.propose_for_client import NotProposed, propose_for_client
from portal.actions.proposals.record_client_budget import record_client_budget
from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.money import Money
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.facts import Budget
from portal.core.negotiation.simulate import Refusal
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_from_dict
from portal.store import handoffs, proposals
from portal.store.enrollments import Course, list_courses
from portal.web.access import counselor
from portal.web.context import portal
from portal.web.counselor.client import OpenClient, open_client, own_account
from portal.web.format import rhythm_text, said, sign_of
from portal.web.forms import CountField, Form, MoneyField, PickOne, Required, TextField, posted_token
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.pace import on_the_grid
from portal.web.plan_words import PlanWords, Step, milestone_steps, plan_words, title_of
from portal.web.reasons import reason_text

blueprint = Blueprint("counselor_proposals", __name__)
KINDS = ("installment", "restructure", "skills")
MONTHS_MAX = 480
MINOR_MAX = 10**13


class BudgetForm(Form):
    """What comes in, what goes out, what is there now."""

    income = MoneyField(_l("What comes in each month"), [Required(_l("Type what comes in, 0 if nothing"))])
    outgoings = MoneyField(_l("What goes out each month"), [Required(_l("Type what goes out, 0 if nothing"))])
    savings = MoneyField(_l("Kept aside each month, if any"))
    cash = MoneyField(_l("There at once for a first payment, if any"))

    @property
    def amounts(self) -> tuple[MoneyField, ...]:
        return (self.income, self.outgoings, self.savings, self.cash)


class ProposalForm(Form):
    """What can the client pay?"""

    kind = PickOne(_l("Kind of plan"), told=_l("Please choose a kind of plan"))
    course = PickOne(_l("Course, for a plan with a course"), told=_l("Please choose a course"))
    amount = MoneyField(_l("Each payment"), [Required(_l("Type the amount of each payment"))])
    freq = PickOne(_l("How often"), told=_l("Please choose how often"))
    months = CountField(_l("For at most how many months, if it matters"), least=1, most=MONTHS_MAX)
    words = TextField(_l("For a person at the lender, if one has to look, optional"), length_max=1000)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A plan as figures: for a counselor no sentence is said to "you"."""

    plan: Plan
    title: str
    words: PlanWords
    milestones: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Room:
    """What is open for a kind of plan today, from its lowest to its highest payment."""

    title: str
    lowest: Money
    highest: Money


def figures_of(plan: Plan) -> Figures:
    return Figures(plan=plan, title=title_of(plan), words=plan_words(plan), milestones=milestone_steps(plan))


@blueprint.route(
    "/counselor/clients/<slug>/<grant_ref>/accounts/<uuid:account_id>/budget", methods=["GET", "POST"]
)
@counselor
def tell_budget(slug: str, grant_ref: str, account_id: UUID) -> Response:
    """Take four figures; they count as an adviser's."""
    opened = open_client(slug, grant_ref, scope="budget")
    account = own_account(opened, account_id)
    form = BudgetForm()
    for one in form.amounts:
        one.currency = account.currency
    if form.validate_on_submit() and _is_plausible(form):
        done = record_client_budget(
            opened.work,
            counselor=opened.counselor,
            grant_ref=grant_ref,
            account_id=account_id,
            budget=Budget(
                income_minor=form.income.data.minor,
                outgoings_minor=form.outgoings.data.minor,
                savings_minor=form.savings.data.minor if form.savings.data else 0,
                cash_minor=form.cash.data.minor if form.cash.data else 0,
            ),
            now=portal().clock.now(),
        )
        if not done:
            abort(404)
        return see_other(f"{opened.path}#budget")
    page = render_template(
        "counselor/budget.html",
        opened=opened,
        form=form,
        account=account,
        unit=sign_of(account.currency),
    )
    return make_response(page, 422 if form.has_errors else 200)


def _is_plausible(form: BudgetForm) -> bool:
    for one in form.amounts:
        if one.data is not None and not 0 <= one.data.minor <= MINOR_MAX:
            one.errors = [_("Please type an amount of 0 or more")]
            return False
    return True


@blueprint.route(
    "/counselor/clients/<slug>/<grant_ref>/accounts/<uuid:account_id>/propose", methods=["GET", "POST"]
)
@on_the_grid
@counselor
def propose(slug: str, grant_ref: str, account_id: UUID) -> Response:
    """Look at plans with the client; the second button proposes one, which the client alone can sign."""
    opened = open_client(slug, grant_ref, scope="propose")
    account = own_account(opened, account_id)
    desk, courses = _lay(opened, account_id)
    form = _form(desk, courses)
    shown, reasons = None, ()
    if form.validate_on_submit() and _is_asked(form):
        if request.form.get("move") != "look":
            return _propose(opened, account_id, form, courses)
        shown, reasons = _look(desk, form, courses)
    page = render_template(
        "counselor/propose.html",
        opened=opened,
        account=account,
        unit=sign_of(account.currency),
        form=form,
        shown=shown,
        reasons=reasons,
        rooms=_rooms(desk, courses),
    )
    return make_response(page, 422 if form.has_errors else 200)


def _lay(opened: OpenClient, account_id: UUID) -> tuple[Desk, list[Course]]:
    with opened.work.read() as tx:
        desk = lay_desk(
            tx,
            account_id=account_id,
            debtor_id=opened.grant.debtor_id,
            today=opened.today,
            now=portal().clock.now(),
        )
        courses = list_courses(tx, country=opened.client.country)
    if isinstance(desk, NoDesk):
        abort(404)
    return desk, courses


def _form(desk: Desk, courses: list[Course]) -> ProposalForm:
    form = ProposalForm()
    form.kind.offer([("", _("Whatever fits")), *kind_options(has_courses=bool(courses))])
    tag = current().tag
    if courses:
        named = [(one.course_ref, one.titles.get(tag) or one.titles.get("en")) for one in courses]
        form.course.offer([("", _("Any of them")), *named])
    else:
        del form.course
    form.freq.offer([(freq, rhythm_text(freq)) for freq in reversed(PERIODS_PER_YEAR)])
    form.amount.currency = desk.account.currency
    return form


def kind_options(*, has_courses: bool) -> list[tuple[str, object]]:
    """Name the kinds of plans that can be asked for by name."""
    named = [("restructure", _("New terms"))]
    return [*named, *([("skills", _("Spread it out, with a course"))] if has_courses else [])]


def _is_asked(form: ProposalForm) -> bool:
    if not 0 <= form.amount.data.minor <= MINOR_MAX:
        form.amount.errors = [_("Please type an amount of 0 or more")]
        return False
    return True


def _course(form: ProposalForm, courses: list[Course]) -> Course | None:
    """Give the course that was named; a plan with a course has the first one where none was."""
    if form.kind.data != "skills":
        return None
    return next((one for one in courses if one.course_ref == form.course.data), courses[0])


def _wish(kind: str, course: Course | None, **more: Any) -> Wish:
    return Wish(
        family=kind,
        course=course.course_ref if course else "",
        course_months=int(course.details.get("months", 0)) if course else 0,
        **more,
    )


def _look(desk: Desk, form: ProposalForm, courses: list[Course]) -> tuple[Figures | None, tuple[str, ...]]:
    """Show the plan of these figures; nothing is kept or told."""
    wish = _wish(
        form.kind.data or "",
        _course(form, courses),
        payment_minor=form.amount.data.minor,
        freq=form.freq.data,
    )
    plan = simulated(desk, wish)
    if isinstance(plan, Refusal):
        found = plan.nearest or plan.instead
        nearest = figures_of(found) if found else None
        return nearest, tuple(reason_text(code) for code in plan.codes)
    if plan.payment == form.amount.data.minor:
        return figures_of(plan), ()
    return figures_of(plan), (
        _("%(wished)s each time is not possible. This is the plan below it.", wished=said(form.amount.data)),
    )


def _rooms(desk: Desk, courses: list[Course]) -> list[Room]:
    found = []
    for kind, title in (("", _("Spread it out")), *kind_options(has_courses=bool(courses))):
        limits = dial_of(desk, _wish(kind, courses[0] if kind == "skills" else None))
        if limits is not None:
            lowest, highest = (Money(x, desk.account.currency) for x in (limits.lowest, limits.highest))
            found.append(Room(title=str(title), lowest=lowest, highest=highest))
    return found


def _propose(opened: OpenClient, account_id: UUID, form: ProposalForm, courses: list[Course]) -> Response:
    done = propose_for_client(
        opened.work,
        counselor=opened.counselor,
        grant_ref=opened.grant.grant_ref,
        account_id=account_id,
        ask=Ask(
            family=form.kind.data or "",
            pay_minor=form.amount.data.minor,
            freq=form.freq.data,
            months=form.months.data,
        ),
        course=_course(form, courses),
        words=form.words.data or None,
        form_token=posted_token(),
        today=opened.today,
        now=portal().clock.now(),
    )
    if isinstance(done, NotProposed):
        abort(404)
    return see_other(f"{opened.path}/proposals/{done.proposal_ref}")


@blueprint.get("/counselor/clients/<slug>/<grant_ref>/proposals/<proposal_ref>")
@counselor
def show_proposal(slug: str, grant_ref: str, proposal_ref: str) -> Response:
    """Show how a proposal was answered; what comes next is the client's."""
    opened = open_client(slug, grant_ref, scope="propose")
    with opened.work.read() as tx:
        own = proposals.list_proposals(
            tx, debtor_ids=[opened.grant.debtor_id], grant_id=opened.grant.grant_id
        )
        one = next((shown for _, shown in own if shown.proposal.proposal_ref == proposal_ref), None)
        if one is None:
            abort(404)
        handoff_ref = one.proposal.answer.get("handoff")
        handoff = handoffs.find_handoff(tx, handoff_ref=handoff_ref) if handoff_ref else None
    page = render_template(
        "counselor/proposal.html",
        opened=opened,
        one=one,
        shown=figures_of(plan_from_dict(one.plan)) if one.plan else None,
        handoff=handoff,
        reasons=[reason_text(code) for code in one.proposal.answer["codes"]],
    )
    return make_response(page)
