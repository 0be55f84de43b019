"""Cases handed over to people: the queue by promised time, and one case with everything needed to answer it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, request

from portal.actions.cases.answer_case import ANSWERS, CaseAnswered, account_of, answer_case
from portal.actions.cases.desk import Desk, NoDesk, lay_desk
from portal.actions.cases.make_offer import TOP, StaffAnswer, asked_in, counter_ask, ruled_case
from portal.core.calendar import local_day
from portal.core.cases.authority import Role, StaffPlans, staff_plans
from portal.core.money import Money
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.context import Case
from portal.core.negotiation.facts import Facts
from portal.core.plans.grammar import Plan
from portal.core.typed import clean
from portal.store import accounts, cases, debtors, event_pages, handoffs, offers, staff
from portal.store.accounts import Account
from portal.store.debtors import Debtor
from portal.store.event_pages import ToldEvent
from portal.store.handoffs import Handoff
from portal.store.offers import KeptOffer
from portal.store.work import Transaction
from portal.web import access
from portal.web.context import portal, visitor, work
from portal.web.forms import read_amount
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.lender.desk import ANSWERERS, PAGE_ROWS, actor, authority, show
from portal.web.lender.forms import AnswerForm
from portal.web.lender.timeline import shown_event
from portal.web.plan_words import plan_words, title_of

blueprint = Blueprint("lender_cases", __name__)
EVENTS_SHOWN = 10
AMOUNT_MAX = 10**15


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """One case as the page shows it; plans are those within the authority of who reads it."""

    handoff: Handoff
    words: str | None
    answer_words: str
    account: Account
    debtor: Debtor
    ask: Ask
    facts: Facts | None
    plans: StaffPlans
    counter: Plan | None
    beyond: Plan | None
    offers: list[KeptOffer]
    events: list[ToldEvent]

    def money(self, minor: int) -> Money:
        """Give an amount in the account's currency."""
        return Money(minor, self.account.currency)


@blueprint.get("/lender/cases")
@access.staff()
def list_cases() -> Response:
    """List cases by the promised time, 50 a page; the answered ones on request."""
    state = "answered" if request.args.get("state") == "answered" else "waiting"
    after = _read_place(request.args.get("after", ""))
    with work().read() as tx:
        found = handoffs.list_handoffs(tx, state=state, limit=PAGE_ROWS + 1, after=after)
    rows = found[:PAGE_ROWS]
    later = ""
    if len(found) > PAGE_ROWS:
        last = rows[-1]
        later = f"/lender/cases?state={state}&after={last.answer_due_at.timestamp()}_{last.handoff_id}"
    return show(
        "lender/cases.html",
        rows=rows,
        state=state,
        later=later,
        now=portal().clock.now(),
        is_later=bool(after),
    )


def _read_place(text: str) -> tuple[datetime, UUID] | None:
    moment, _bar, name = text.partition("_")
    try:
        now = portal().clock.now()
        return datetime.fromtimestamp(float(moment), tz=now.tzinfo), UUID(name)
    except (ValueError, OverflowError, OSError):
        return None


@blueprint.get("/lender/cases/<uuid:handoff_id>")
@access.staff()
def show_case(handoff_id: UUID) -> Response:
    """Show one case; a payment in the address shows what could be offered for it."""
    return case_page(handoff_id, AnswerForm(formdata=None))


def case_page(handoff_id: UUID, form: AnswerForm, *, status: int = 200, problem: str = "") -> Response:
    """Render the page of a case."""
    typed = clean(request.values.get("pay", ""))[:40]
    with work().read() as tx:
        found = load_case(tx, handoff_id, typed=typed)
        by = (
            staff.load_name(tx, staff_id=found.handoff.answered_by)
            if found and found.handoff.answered_by
            else ""
        )
    if found is None:
        abort(404)
    now = portal().clock.now()
    return show(
        "lender/case.html",
        fragment="lender/_case_counter.html",
        status=status,
        file=found,
        form=form,
        problem=problem,
        typed=typed,
        meeting=_words(found.plans.meeting),
        counter=_words(found.counter),
        beyond=_words(found.beyond),
        shown_offers=found.offers,
        events=[shown_event(event) for event in found.events],
        is_late=now > found.handoff.answer_due_at,
        answered_by=by,
    )


def _words(plan: Plan | None) -> dict[str, object] | None:
    if plan is None or not plan.schedule:
        return None
    return {"plan": plan, "title": title_of(plan), "words": plan_words(plan)}


def load_case(tx: Transaction, handoff_id: UUID, *, typed: str = "") -> CaseFile | None:
    """Load a case with what the reader may agree; None when this lender has no such case."""
    now = portal().clock.now()
    handoff = handoffs.find_handoff(tx, handoff_id=handoff_id)
    account_id = account_of(tx, handoff) if handoff else None
    account = accounts.find_account(tx, account_id=account_id) if account_id else None
    debtor = debtors.find_debtor(tx, debtor_id=handoff.debtor_id) if handoff else None
    if handoff is None or account is None or debtor is None:
        return None
    desk = lay_desk(
        tx,
        account_id=account.account_id,
        debtor_id=debtor.debtor_id,
        today=local_day(now=now, time_zone=debtor.time_zone),
        now=now,
    )
    ask = asked_in(handoff)
    plans, counter, beyond = _agreeable(desk, handoff, ask, typed)
    case = cases.find_case_of_account(tx, account_id=account.account_id)
    return CaseFile(
        handoff=handoff,
        words=handoffs.load_words(tx, handoff_id=handoff_id),
        answer_words=handoffs.load_answer_words(tx, handoff_id=handoff_id),
        account=account,
        debtor=debtor,
        ask=ask,
        facts=None if isinstance(desk, NoDesk) else desk.facts,
        plans=plans,
        counter=counter,
        beyond=beyond,
        offers=offers.list_firm_offers(tx, case_id=case.case_id, today=now.date()) if case else [],
        events=event_pages.list_events_of_account(
            tx, account_ref=account.account_ref, debtor_ref=debtor.debtor_ref, limit=EVENTS_SHOWN
        ),
    )


def _agreeable(
    desk: Desk | NoDesk, handoff: Handoff, ask: Ask, typed: str
) -> tuple[StaffPlans, Plan | None, Plan | None]:
    """Find what the reader may agree: the plans for the ask, the one to offer for what they typed, and the one beyond.

    Beyond is what a supervisor could agree to, where that is another one.
    """
    nothing = StaffPlans(meeting=None, nearest=None)
    role = authority()
    ruled = None if isinstance(desk, NoDesk) else ruled_case(desk)
    if ruled is None or role is None or handoff.state != "waiting":
        return nothing, None, None
    plans = staff_plans(ruled, ask, role)
    amount = read_amount(typed, ruled.facts.currency) if typed else None
    if amount is not None and 0 <= amount.minor <= AMOUNT_MAX:
        wish = counter_ask(ask, amount.minor)
        counter = staff_plans(ruled, wish, role).nearest
        return plans, counter, _beyond(ruled, wish, role, counter)
    counter = None if plans.meeting else plans.nearest
    return plans, counter, None if plans.meeting else _beyond(ruled, counter_ask(ask, None), role, counter)


def _beyond(ruled: Case, wish: Ask, role: Role, counter: Plan | None) -> Plan | None:
    """Find the plan that only a supervisor may agree; None where the reader is one, or it is the same."""
    if role == TOP:
        return None
    found = staff_plans(ruled, wish, TOP).nearest
    return None if found is None or (counter is not None and found.id == counter.id) else found


@blueprint.post("/lender/cases/<uuid:handoff_id>/answer")
@access.staff(*ANSWERERS)
def answer(handoff_id: UUID) -> Response:
    """Answer a case: accept, counter, decline, ask, or close after a talk."""
    form = AnswerForm()
    if request.form.get("do", "") not in {*ANSWERS, "beyond"}:
        abort(400)
    if not form.validate():
        return case_page(handoff_id, form, status=422)
    with work().read() as tx:
        found = load_case(tx, handoff_id)
    if found is None:
        abort(404)
    done = answer_case(
        work(),
        handoff_id=handoff_id,
        answer=_answer(form, currency=found.account.currency),
        role=authority(),
        staff_id=visitor().subject_id,
        actor=actor(),
        base_url=portal().settings.base_url,
        now=portal().clock.now(),
    )
    if done.kind == "answered":
        return see_other(f"/lender/cases/{handoff_id}?done={_told(done)}")
    if done.kind == "words_needed":
        form.words.errors = [_("Write what the debtor shall read")]
        return case_page(handoff_id, form, status=422)
    return case_page(handoff_id, form, status=422, problem=refusal_words(done.kind))


def _answer(form: AnswerForm, *, currency: str) -> StaffAnswer:
    """Read what was answered; beyond is a counter that only a supervisor may agree."""
    said = request.form.get("do", "")
    is_beyond = said == "beyond"
    kind = "counter" if is_beyond else said
    typed = request.form.get("pay", "")
    amount = read_amount(typed, currency) if typed and kind == "counter" else None
    return StaffAnswer(
        kind=kind,
        reason=form.reason.data,
        words=form.words.data or "",
        plan_id=request.form.get(_shown_plan(kind, is_beyond=is_beyond), "")[:64],
        is_beyond=is_beyond,
        pay_minor=amount.minor if amount and 0 <= amount.minor <= AMOUNT_MAX else None,
    )


def _told(done: CaseAnswered) -> str:
    """Give the code of what is said after an answer."""
    if done.approval_ref:
        return "answered-waits"
    if done.is_late:
        return "answered-late"
    return "answered" if done.message else "answered-quietly"


def _shown_plan(kind: str, *, is_beyond: bool) -> str:
    """Name the field with the plan that stood on the screen."""
    return "beyond_plan" if is_beyond else "counter_plan" if kind == "counter" else "accept_plan"


def refusal_words(kind: str) -> str:
    """Say why a case was not answered."""
    return {
        "answered_already": _("Somebody answered this case a moment ago."),
        "no_authority": _("Your role cannot make offers. An agent or a supervisor can."),
        "no_plan": _("There is no such plan within your authority today."),
        "changed": _("The plan is another one by now. Look at it again."),
    }.get(kind, _("That is not possible now."))
