"""Offers that wait for a second person: who asked, what it gives up, and yes or no."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort

from portal.actions.cases.decide_offer import decide_offer
from portal.core.bounds.approval import may_decide
from portal.core.money import Money
from portal.core.negotiation.facts import Facts, facts_from_dict
from portal.core.plans.grammar import Plan
from portal.core.plans.record import plan_from_dict
from portal.store import accounts, approvals, cases, offers
from portal.store.accounts import Account
from portal.store.approvals import Approval
from portal.store.rows import known
from portal.store.work import Transaction
from portal.web.access import staff
from portal.web.context import portal, visitor, work
from portal.web.forms import Form, TextField
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import ANSWERERS, actor, me_ref, posted_decision, show
from portal.web.plan_words import PlanWords, plan_words, title_of

blueprint = Blueprint("lender_approvals", __name__)
PATH = "/lender/approvals"
SHOWN_MAX = 50


class NoteForm(Form):
    """What the colleague who asked shall know."""

    note = TextField(_l("For your colleagues, if you like"), length_max=1000)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One offer that waits, as the list shows it."""

    approval: Approval
    offer_ref: str
    account: Account
    facts: Facts | None
    plan: Plan
    words: PlanWords
    title: str
    is_own: bool
    can_decide: bool
    is_late: bool

    def money(self, minor: int) -> Money:
        """Give an amount in the account's currency."""
        return Money(minor, self.account.currency)


@blueprint.get(PATH)
@staff()
def list_approvals() -> Response:
    """List what waits, the earliest promise first."""
    return _list()


def _list(*, status: int = 200, wrong: str = "") -> Response:
    now = portal().clock.now()
    with work().read() as tx:
        rows = [_row(tx, one, now=now) for one in approvals.list_waiting(tx, limit=SHOWN_MAX)]
    return show("lender/approvals.html", status=status, rows=rows, wrong=wrong, form=NoteForm(formdata=None))


def _row(tx: Transaction, approval: Approval, *, now: datetime) -> Row:
    offer = known(offers.find_offer(tx, offer_id=approval.offer_id))
    case = known(cases.find_case(tx, case_id=offer.case_id))
    plan = plan_from_dict(offer.plan)
    own = approval.asked_by == me_ref()
    return Row(
        approval=approval,
        offer_ref=offer.offer_ref,
        account=known(accounts.find_account(tx, account_id=approval.account_id)),
        facts=facts_from_dict(case.facts) if case.facts else None,
        plan=plan,
        words=plan_words(plan),
        title=title_of(plan),
        is_own=own,
        can_decide=not own and may_decide(approval.level, visitor().roles),
        is_late=now > approval.answer_due_at,
    )


@blueprint.post(f"{PATH}/<offer_ref>")
@staff(*ANSWERERS)
def decide(offer_ref: str) -> Response:
    """Say yes or no; not to what oneself offered."""
    decision = posted_decision()
    form = NoteForm()
    done = decide_offer(
        work(),
        offer_ref=offer_ref,
        decision=decision,
        note=form.note.data or "",
        roles=visitor().roles,
        by=me_ref(),
        actor=actor(),
        base_url=portal().settings.base_url,
        now=portal().clock.now(),
    )
    if done == "unknown":
        abort(404)
    if done in {"own_work", "no_authority"}:
        return _list(status=422, wrong=_refusal(done))
    return see_other(f"{PATH}?done={'offer-' + decision if done == 'decided' else 'there_already'}")


def _refusal(kind: str) -> str:
    return {
        "own_work": _("You made this offer yourself. Somebody else has to decide"),
        "no_authority": _("A supervisor decides about this offer"),
    }[kind]
