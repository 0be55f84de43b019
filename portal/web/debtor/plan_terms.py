"""Change the plan itself: another day or rhythm, another payment, a rest; what is open is there to be signed."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.amendments.propose_change import ChangeOffered, NotOffered, propose_change
from portal.actions.cases.desk import NoDesk, lay_desk
from portal.core.amendments.limits import DAYS_IN_MONTH, pause_days_max
from portal.core.amendments.reshape import LATE_KINDS, Wish
from portal.core.calendar import FREQUENCIES, Frequency
from portal.core.life.clock import day_of
from portal.core.money import Money
from portal.core.negotiation.context import Case, open_case
from portal.core.negotiation.re_age import is_open
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.offers import go_to_agreement
from portal.web.debtor.plan_changes import plan_of
from portal.web.debtor.today import today_of_visitor
from portal.web.format import number_text, rhythm_text, sign_of
from portal.web.forms import Form, MoneyField, PickOne, Required, posted_token
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.language import ngettext
from portal.web.plan_words import plan_words
from portal.web.reasons import reason_text

blueprint = Blueprint("debtor_plan_terms", __name__)


class CalendarForm(Form):
    """On another day, or in another rhythm."""

    due_day = PickOne(_l("Day of the month"), told=_l("Please choose a day"))
    freq = PickOne(_l("How often?"), told=_l("Please choose how often you can pay"))


class AmountForm(Form):
    """Another payment each time."""

    amount = MoneyField(
        _l("What could you pay each time?"), [Required(_l("Type the amount that you can pay"))]
    )


class PauseForm(Form):
    """No payments for some months; the plan ends so much later."""

    months = PickOne(_l("For how long?"), told=_l("Please choose one"))


class LateForm(Form):
    """What is late goes elsewhere; nothing is to be filled in."""


@dataclass(frozen=True, kw_only=True)
class Forms:
    """The ways to change a plan, filled for one account; two of them are there while something is late.

    `kept` is after how many payments in a row nothing counts as late, by the rules of today.
    """

    calendar: CalendarForm
    amount: AmountForm
    pause: PauseForm | None
    re_amortize: LateForm | None
    re_age: LateForm | None
    kept: int

    def named(self, kind: str) -> Form | None:
        """Give the form that was sent, or None for a word that names none."""
        return {
            "calendar": self.calendar,
            "amount": self.amount,
            "pause": self.pause,
            "re_amortize": self.re_amortize,
            "re_age": self.re_age,
        }.get(kind)


@blueprint.get("/me/accounts/<uuid:account_id>/change")
@debtor
def show_change(account_id: UUID) -> Response:
    """Show in which ways a running plan can be changed."""
    return _page(account_id, _forms(account_id))


@blueprint.post("/me/accounts/<uuid:account_id>/change")
@debtor
def change(account_id: UUID) -> Response:
    """Take a change: inside the bounds it is there as a new version to read and sign; else say what is nearest."""
    forms = _forms(account_id)
    kind = request.form.get("kind", "")
    form = forms.named(kind)
    if form is None:
        abort(404)
    if not form.validate_on_submit():
        return _page(account_id, forms, tried=form, status=422)
    now = portal().clock.now()
    done = propose_change(
        work(),
        account_id=account_id,
        debtor_id=visitor().subject_id,
        wish=_wish(kind, forms),
        form_token=posted_token(),
        today=today_of_visitor(now),
        now=now,
    )
    if isinstance(done, ChangeOffered):
        return go_to_agreement(done.offer_ref, account_id)
    if done.cause == "unknown":
        abort(404)
    return _page(account_id, forms, tried=form, refused=done, status=422)


def _wish(kind: str, forms: Forms) -> Wish:
    if kind == "amount":
        return Wish(kind=kind, pay_minor=max(forms.amount.amount.data.minor, 0))
    if kind in LATE_KINDS:
        return Wish(kind=kind)
    if kind == "pause" and forms.pause is not None:
        return Wish(kind=kind, months=int(forms.pause.months.data))
    freq: Frequency | None = next((one for one in FREQUENCIES if one == forms.calendar.freq.data), None)
    day = forms.calendar.due_day.data
    return Wish(kind=kind, freq=freq, due_day=int(day) if day else None)


def _forms(account_id: UUID) -> Forms:
    view = plan_of(account_id)
    case = _case(account_id)
    rhythm = view.kept.world.terms.rhythm
    calendar, amount, pause = CalendarForm(), AmountForm(), PauseForm()
    days = [("", _("The same as now"))] + [(str(day), number_text(day)) for day in range(1, 32)]
    calendar.due_day.offer(days)
    known = case.rules.common.freq if case else (rhythm.freq,)
    calendar.freq.offer([(freq, rhythm_text(freq)) for freq in dict.fromkeys((rhythm.freq, *known))])
    amount.amount.currency = view.kept.currency
    months = pause_days_max(case, "restructure") // DAYS_IN_MONTH if case else 0
    pause.months.offer(
        [(str(n), ngettext("%(num)s month", "%(num)s months", n)) for n in range(1, months + 1)]
    )
    today = day_of(view.now, view.kept.world.zone)
    has_late = any(row.left and row.due_on <= today for row in view.kept.life.rows)
    opens = case is not None and is_open(case)
    return Forms(
        calendar=calendar,
        amount=amount,
        pause=pause if months else None,
        re_amortize=LateForm() if has_late else None,
        re_age=LateForm() if has_late and opens else None,
        kept=case.rules.families.restructure.re_age.kept if case else 0,
    )


def _case(account_id: UUID) -> Case | None:
    """Give the account with the rules of today; None while it is held."""
    now = portal().clock.now()
    today = today_of_visitor(now)
    with work().read() as tx:
        desk = lay_desk(tx, account_id=account_id, debtor_id=visitor().subject_id, today=today, now=now)
    if isinstance(desk, NoDesk) or desk.facts.flags:
        return None
    return open_case(facts=desk.facts, bounds=desk.bounds, pack=desk.pack)


def _page(
    account_id: UUID,
    forms: Forms,
    *,
    tried: Form | None = None,
    refused: NotOffered | None = None,
    status: int = 200,
) -> Response:
    view = plan_of(account_id)
    nearest = refused.nearest if refused else None
    life = view.kept.life
    page = render_template(
        "debtor/change_plan.html",
        forms=forms,
        tried=tried or forms.calendar,
        refused=refused,
        reasons=[reason_text(code) for code in refused.codes] if refused else [],
        nearest=nearest,
        words=plan_words(nearest) if nearest else None,
        nearest_amount=Money(nearest.payment, nearest.currency) if nearest else None,
        left=Money(life.left, view.kept.currency),
        count=sum(1 for row in life.rows if row.left),
        kept=forms.kept,
        unit=sign_of(view.kept.currency),
        path=f"/me/accounts/{account_id}",
    )
    return make_response(page, status)
