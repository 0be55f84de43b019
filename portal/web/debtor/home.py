"""Home: the next payment, what is paid and left, every movement, the papers, and answers from people."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.care.settle_complaint import settle_complaint
from portal.actions.life.view_plan import PlanView
from portal.core.money import Money
from portal.store import (
    accounts,
    agreements,
    approvals,
    cases,
    complaints,
    disputes,
    enrollments,
    handoffs,
    lives,
    offers,
    payments,
)
from portal.store.accounts import Account
from portal.store.agreements import Agreement, Installment
from portal.store.handoffs import Handoff
from portal.store.payments import Payment
from portal.store.work import Transaction
from portal.web.access import debtor
from portal.web.beads import Bead, String, bead_rows
from portal.web.context import portal, visitor, work
from portal.web.debtor.balance_news import balance_news
from portal.web.debtor.helpers import proposed_plans
from portal.web.debtor.today import today_of_visitor
from portal.web.htmx import see_other

blueprint = Blueprint("debtor_home", __name__)
SHOWN_PAYMENTS = 12


@dataclass(frozen=True, kw_only=True)
class PlanHome:
    """A running or finished plan as its home shows it."""

    account: Account
    agreement: Agreement
    rows: list[Installment]
    payments: list[Payment]
    today: date
    plan: PlanView | None = None
    has_course: bool = False

    @property
    def next_row(self) -> Installment | None:
        return next((row for row in self.rows if row.left_minor), None)

    @property
    def next_amount(self) -> Money | None:
        return self._money(self.next_row.left_minor) if self.next_row else None

    @property
    def is_late(self) -> bool:
        return self.next_row is not None and self.next_row.due_on < self.today

    @property
    def paid(self) -> Money:
        return self._money(sum(row.paid_minor for row in self.rows))

    @property
    def left(self) -> Money:
        return self._money(sum(row.left_minor for row in self.rows))

    @property
    def total(self) -> Money:
        return self._money(sum(row.amount_minor for row in self.rows))

    @property
    def count_paid(self) -> int:
        return sum(1 for row in self.rows if not row.left_minor)

    @property
    def string(self) -> String:
        upcoming = self.next_row
        return bead_rows(Bead(due_on=row.due_on, state=_bead_state(row, upcoming)) for row in self.rows)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.account.currency)


def _bead_state(row: Installment, upcoming: Installment | None) -> str:
    if not row.left_minor:
        return "paid"
    return "next" if upcoming is not None and row.number == upcoming.number else "later"


@blueprint.get("/me/accounts/<uuid:account_id>/home")
@debtor
def show_home(account_id: UUID) -> Response:
    """Show the home of an account's plan; without a plan it does not exist.

    After a miss the ways on come before anything else; from there the whole plan is one tap away (`?view=plan`).
    """
    home = load_home(account_id)
    if home is None:
        abort(404)
    if home.plan is not None and home.plan.needs_choice and request.args.get("view") != "plan":
        return see_other(f"/me/accounts/{account_id}/payments/{home.plan.missed[0].number}")
    shown = [
        (payment, Money(payment.amount_minor, payment.currency))
        for payment in home.payments
        if payment.state not in {"started", "canceled"}
    ]
    page = render_template(
        "debtor/home.html",
        home=home,
        shown=shown[:SHOWN_PAYMENTS],
        path=f"/me/accounts/{account_id}",
        waiting=_count_waiting(),
        news=balance_news(home.account, home.agreement),
        proposed=proposed_plans(),
    )
    return make_response(page)


def load_home(account_id: UUID) -> PlanHome | None:
    """Load the newest signed plan of the visitor's account; None when there is none."""
    now = portal().clock.now()
    today = today_of_visitor(now)
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        if account is None or account.debtor_id != visitor().subject_id:
            abort(404)
        agreement = agreements.find_active(tx, account_id=account_id) or agreements.find_newest_signed(
            tx, account_id=account_id
        )
        if agreement is None:
            return None
        return PlanHome(
            account=account,
            agreement=agreement,
            rows=[
                row
                for row in agreements.list_installments(tx, agreement_id=agreement.agreement_id)
                if row.state != "moved"
            ],
            plan=_plan(tx, agreement, now),
            payments=payments.list_payments(tx, account_id=account_id),
            today=today,
            has_course=enrollments.find_enrollment(tx, agreement_id=agreement.agreement_id) is not None,
        )


def _plan(tx: Transaction, agreement: Agreement, now: datetime) -> PlanView | None:
    kept = lives.load_life(tx, agreement_id=agreement.agreement_id)
    return None if kept is None else PlanView(kept=kept, now=now)


def _count_waiting() -> int:
    with work().read() as tx:
        found = handoffs.list_handoffs_of(tx, debtor_id=visitor().subject_id)
    return sum(1 for one in found if one.state == "answered")


@dataclass(frozen=True, kw_only=True)
class AnsweredCase:
    """One question to a person: when an answer is promised, and the answer when it is there."""

    handoff: Handoff
    offer_ref: str | None
    words: str


@dataclass(frozen=True, kw_only=True)
class ToldWrong:
    """A dispute or a complaint: when an answer is promised, and the answer when it is there."""

    opened_at: datetime
    answer_due_at: datetime
    is_open: bool
    words: str
    is_complaint: bool = False
    to_settle: str = ""


@blueprint.get("/me/answers")
@debtor
def show_answers() -> Response:
    """List what people at the lender were asked and what they answered, disputes and complaints too."""
    here = visitor().subject_id
    with work().read() as tx:
        asked = [_answered(tx, handoff) for handoff in handoffs.list_handoffs_of(tx, debtor_id=here)]
        wrong = _told_wrong(tx, here)
        firm = _firm_offers(tx, [one.handoff for one in asked])
        waiting = _waiting_offers(tx, [one.offer_ref for one in asked if one.offer_ref])
    page = render_template(
        "debtor/answers.html", asked=asked, wrong=wrong, firm=firm, waiting=waiting, proposed=proposed_plans()
    )
    return make_response(page)


@blueprint.post("/me/complaints/<complaint_ref>")
@debtor
def settle(complaint_ref: str) -> Response:
    """Take whether the answer to a complaint is good; if not, it is open again."""
    done = settle_complaint(
        work(),
        complaint_ref=complaint_ref,
        debtor_id=visitor().subject_id,
        is_content=request.form.get("content") == "yes",
        now=portal().clock.now(),
    )
    if done == "not_found":
        abort(404)
    return see_other("/me/answers")


def _answered(tx: Transaction, handoff: Handoff) -> AnsweredCase:
    answer = handoff.answer or {}
    words = handoffs.load_answer_words(tx, handoff_id=handoff.handoff_id)
    return AnsweredCase(handoff=handoff, offer_ref=answer.get("offer"), words=words)


def _told_wrong(tx: Transaction, debtor_id: UUID) -> list[ToldWrong]:
    """List a person's disputes and complaints with what was answered, newest first."""
    found = [
        ToldWrong(
            opened_at=one.opened_at,
            answer_due_at=one.answer_due_at,
            is_open=one.state in disputes.OPEN,
            words=disputes.load_answer(tx, dispute_id=one.dispute_id),
        )
        for account in accounts.list_accounts_of(tx, debtor_id=debtor_id)
        for one in disputes.list_disputes_of(tx, account_id=account.account_id)
    ]
    found += [
        ToldWrong(
            opened_at=one.opened_at,
            answer_due_at=one.answer_due_at,
            is_open=one.state in {"open", "reviewed"},
            words=complaints.load_answer(tx, complaint_id=one.complaint_id),
            is_complaint=True,
            to_settle=one.complaint_ref if one.state == "answered" else "",
        )
        for one in complaints.list_complaints_of(tx, debtor_id=debtor_id)
    ]
    return sorted(found, key=lambda one: one.opened_at, reverse=True)


def _waiting_offers(tx: Transaction, offer_refs: list[str]) -> dict[str, datetime]:
    """Map offers that wait for a second person to when an answer is promised."""
    found: dict[str, datetime] = {}
    for offer_ref in offer_refs:
        offer = offers.find_offer(tx, offer_ref=offer_ref)
        if offer is not None and offer.approval == "waiting":
            asked = approvals.find_of_offer(tx, offer_id=offer.offer_id)
            found |= {offer_ref: asked.answer_due_at} if asked else {}
    return found


def _firm_offers(tx: Transaction, asked: list[Handoff]) -> set[str]:
    """Name the offers of these cases that still stand, so that only they are linked."""
    today = portal().clock.now().date()
    found: set[str] = set()
    for handoff in asked:
        case = cases.find_case(tx, case_id=handoff.case_id) if handoff.case_id else None
        if case is not None:
            found |= {
                offer.offer_ref for offer in offers.list_firm_offers(tx, case_id=case.case_id, today=today)
            }
    return found
