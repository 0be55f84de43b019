"""Money that fits no payment: somebody looks at it and asks for a step, another says yes or no."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request

from portal.actions.payments.ask_unmatched import ask_unmatched, money_of
from portal.actions.payments.decide_unmatched import decide_unmatched
from portal.core.money import Money
from portal.store import accounts, books, unmatched
from portal.store.unmatched import Step
from portal.store.work import Transaction
from portal.web.access import staff
from portal.web.context import portal, work
from portal.web.forms import Form, TextField
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import APPROVERS, HANDLERS, actor, me_ref, posted_decision, show

blueprint = Blueprint("lender_unmatched", __name__)
PATH = "/lender/books/unmatched"
ROWS_MAX = 50


class StepForm(Form):
    """Onto which account?"""

    account = TextField(_l("Account number in your case system"), length_max=80)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A notice that nobody has dealt with; `amount` is None when it does not say that money came."""

    source: str
    outside_id: str
    state: str
    amount: Money | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A step as the list shows it."""

    step: Step
    account_ref: str
    is_own: bool

    @property
    def amount(self) -> Money:
        """The money that it is about."""
        return Money(self.step.amount_minor, self.step.currency)


@blueprint.get(PATH)
@staff()
def list_unmatched() -> Response:
    """Show what fits nothing, and the steps that wait for a second pair of eyes."""
    return _list(StepForm(formdata=None))


def _list(form: StepForm, *, status: int = 200, wrong: str = "", about: str = "") -> Response:
    with work().read() as tx:
        asked = [_row(tx, one) for one in unmatched.list_steps(tx, state="asked")]
        moving = [
            _row(tx, one) for state in ("approved", "failed") for one in unmatched.list_steps(tx, state=state)
        ]
        claimed = {
            (row.step.source, row.step.outside_id) for row in (*asked, *moving) if row.step.state != "failed"
        }
        waiting = [
            _waiting(tx, one)
            for one in books.list_unmatched(tx, limit=ROWS_MAX)
            if (one.source, one.outside_id) not in claimed
        ]
    return show(
        "lender/books_unmatched.html", status=status, form=form, waiting=waiting, asked=asked, moving=moving,
        wrong=wrong, about=about,
    )  # fmt: skip


def _waiting(tx: Transaction, one: books.Unmatched) -> Waiting:
    kept = unmatched.find_notice(tx, source=one.source, outside_id=one.outside_id)
    found = money_of(kept.body) if kept else None
    return Waiting(
        source=one.source,
        outside_id=one.outside_id,
        state=one.state,
        amount=found[1] if found else None,
    )


def _row(tx: Transaction, step: Step) -> Row:
    account = accounts.find_account(tx, account_id=step.account_id) if step.account_id else None
    return Row(
        step=step, account_ref=account.account_ref if account else "", is_own=step.asked_by == me_ref()
    )


@blueprint.post(PATH)
@staff(*HANDLERS)
def ask() -> Response:
    """Ask for a step: onto an account, or back the way it came."""
    form = StepForm()
    kind = "send_back" if request.form.get("step") == "send_back" else "match"
    outside_id = request.form.get("outside_id", "")[:200]
    if not form.validate():
        return _list(form, status=422, about=outside_id)
    done = ask_unmatched(
        work(),
        source=request.form.get("source", "")[:40],
        outside_id=outside_id,
        kind=kind,
        account_ref=form.account.data or "",
        by=me_ref(),
        actor=actor(),
        now=portal().clock.now(),
    )
    if done.kind == "asked":
        return see_other(f"{PATH}?done=step-asked")
    form.account.errors = [_refusal_words(done.kind)]
    return _list(form, status=422, about=outside_id)


@blueprint.post(f"{PATH}/<step_ref>/decide")
@staff(*APPROVERS)
def decide(step_ref: str) -> Response:
    """Say yes or no; not to what oneself asked for."""
    decision = posted_decision()
    done = decide_unmatched(
        work(), step_ref=step_ref, decision=decision, by=me_ref(), actor=actor(), now=portal().clock.now()
    )
    if done == "unknown":
        abort(404)
    if done == "own_work":
        words = _("You asked for this yourself. Somebody else has to decide")
        return _list(StepForm(formdata=None), status=422, wrong=words)
    return see_other(f"{PATH}?done={'step-' + decision if done == 'decided' else 'there_already'}")


def _refusal_words(reason: str) -> str:
    return {
        "no_account": _("There is no such account. Type its number as your case system knows it"),
        "settled": _("Nothing is open on that account"),
        "other_currency": _("That account is in another currency"),
        "no_money": _("This notice does not say that money came in"),
        "waiting": _("Somebody asked for a step about it already"),
    }.get(reason, _("Somebody has dealt with it already"))
