"""Ask for less: any amount is heard, and the answer is a plan, the nearest plan with the reason, or a person."""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.cases.desk import Desk, NoDesk, lay_desk
from portal.actions.cases.propose_plan import propose_plan
from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.negotiation.ask import Ask
from portal.store import cases, handoffs, offers
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.offers import cards_of, worth_showing
from portal.web.debtor.today import today_of_visitor
from portal.web.format import rhythm_text, sign_of
from portal.web.forms import CountField, Form, MoneyField, PickOne, Required, TextField, posted_token
from portal.web.htmx import see_other
from portal.web.language import lazy_gettext as _l
from portal.web.pace import on_the_grid
from portal.web.reasons import reason_text

blueprint = Blueprint("debtor_asks", __name__)
MONTHS_MAX = 480


class AskForm(Form):
    """What could you pay?"""

    amount = MoneyField(
        _l("What could you pay each time?"), [Required(_l("Type the amount that you can pay"))]
    )
    freq = PickOne(_l("How often?"), told=_l("Please choose how often you can pay"))
    months = CountField(_l("For how many months? You can leave this empty"), least=1, most=MONTHS_MAX)
    total = MoneyField(_l("What could you pay in all? You can leave this empty"))
    must = PickOne(
        _l("What matters most?"),
        options=[
            ("", _l("Any answer is fine")),
            ("pay_minor", _l("The payment")),
            ("months", _l("The time")),
        ],
        told=_l("Please choose one"),
    )
    words = TextField(_l("Anything a person should know? You can leave this empty"), length_max=1000)


@blueprint.route("/me/accounts/<uuid:account_id>/ask", methods=["GET", "POST"])
@on_the_grid
@debtor
def ask_for_less(account_id: UUID) -> Response:
    """Hear what somebody can pay; nothing is too low to be asked."""
    now = portal().clock.now()
    today = today_of_visitor(now)
    desk = _desk(account_id)
    form = AskForm()
    form.freq.offer([(freq, rhythm_text(freq)) for freq in reversed(PERIODS_PER_YEAR)])
    form.amount.currency = form.total.currency = desk.account.currency
    if form.validate_on_submit():
        done = propose_plan(
            work(),
            account_id=account_id,
            debtor_id=visitor().subject_id,
            ask=_ask(form),
            words=form.words.data or None,
            form_token=posted_token(),
            today=today,
            now=now,
        )
        if isinstance(done, NoDesk):
            abort(404)
        return see_other(f"/me/asks/{done.ask_id}")
    page = render_template(
        "debtor/ask.html", form=form, path=f"/me/accounts/{account_id}", unit=sign_of(desk.account.currency)
    )
    return make_response(page, 422 if form.has_errors else 200)


def _ask(form: AskForm) -> Ask:
    must = form.must.data or ""
    if must == "months" and form.months.data is None:
        must = ""
    return Ask(
        pay_minor=max(form.amount.data.minor, 0),
        freq=form.freq.data,
        months=form.months.data,
        total_minor=max(form.total.data.minor, 0) if form.total.data is not None else None,
        must=must,
    )


def _desk(account_id: UUID) -> Desk:
    now = portal().clock.now()
    today = today_of_visitor(now)
    with work().read() as tx:
        desk = lay_desk(tx, account_id=account_id, debtor_id=visitor().subject_id, today=today, now=now)
    if isinstance(desk, NoDesk):
        abort(404)
    return desk


@blueprint.get("/me/asks/<uuid:ask_id>")
@debtor
def show_answer(ask_id: UUID) -> Response:
    """Show how an ask was answered: what was agreed to, or what comes nearest and why, or who looks at it by when."""
    with work().read() as tx:
        ask = offers.find_ask(tx, ask_id=ask_id)
        case = cases.find_case(tx, case_id=ask.case_id) if ask else None
        if ask is None or case is None or case.debtor_id != visitor().subject_id:
            abort(404)
        (account_id, *_others) = cases.list_account_ids(tx, case_id=case.case_id)
        named = {one["offer"]: one["label"] for one in ask.answer["offers"]}
        kept = [offers.find_offer(tx, offer_ref=offer_ref) for offer_ref in named]
        handoff_ref = ask.answer.get("handoff")
        handoff = handoffs.find_handoff(tx, handoff_ref=handoff_ref) if handoff_ref else None
    found = [offer for offer in kept if offer is not None and offer.family != "breathing_space"]
    first = [offer for offer in found if named[offer.offer_ref] in {"asked", "nearest", "move"}]
    page = render_template(
        "debtor/answer.html",
        ask=ask,
        handoff=handoff,
        cards=cards_of(first, among=found),
        others=cards_of([one for one in worth_showing(found) if one not in first], among=found),
        reasons=[
            reason_text(code) for code in ask.answer["codes"] if not _is_said(code["code"], ask.answer_kind)
        ],
        path=f"/me/accounts/{account_id}",
    )
    return make_response(page)


def _is_said(code: str, kind: str) -> bool:
    """That a person looks at it is the page's own sentence where the case was handed over."""
    return code == "PERSON" and kind == "handoff"
