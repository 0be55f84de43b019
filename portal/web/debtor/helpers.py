"""Someone who helps me: who may see or propose until when, what they did, and one tap that ends it."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.grants.offer_grant import NotOffered, offer_grant
from portal.actions.grants.revoke_grant import revoke_grant
from portal.core.grants import DAYS_DEFAULT, DAYS_MAX, clean_scopes
from portal.store import debtors, feeds, grants, proposals
from portal.store.feeds import Happening
from portal.store.grants import Helper
from portal.store.proposals import ShownProposal
from portal.store.rows import known
from portal.store.work import Transaction
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.today import local_day, today_of_visitor
from portal.web.forms import CountField, Form, Required, posted_token
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_helpers", __name__)
ACTS = ("counselor.viewed", "counselor.proposed", "budget.recorded")
ACTS_SHOWN = 60


class HelperForm(Form):
    """What may the helper do, and for how long?"""

    days = CountField(
        _l("For how many days?"), [Required(_l("Type a number of days"))], least=1, most=DAYS_MAX
    )


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that a helper did."""

    words: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Card:
    """One helper with what they may do, and what they did."""

    helper: Helper
    may: list[str]
    acts: list[Act]
    is_active: bool
    is_waiting: bool

    @property
    def ended_at(self) -> datetime:
        grant = self.helper.grant
        return grant.ended_at or (grant.expires_at if grant.taken_at else grant.code_until)


def scope_words() -> dict[str, str]:
    """Name what can be allowed."""
    return {
        "view": _("See what I owe, my offers, my plan and my payments"),
        "budget": _("See and keep my budget"),
        "propose": _("Propose plans for me"),
    }


@blueprint.get("/me/helpers")
@debtor
def show_helpers() -> Response:
    """List the helpers, what each one did, and the plans that they proposed."""
    told = (
        _("Stopped. Nobody sees your file by this code any more.")
        if request.args.get("done") == "stopped"
        else ""
    )
    return _list(told=told)


def _list(*, told: str) -> Response:
    here, now = visitor().subject_id, portal().clock.now()
    with work().read() as tx:
        person = known(debtors.find_debtor(tx, debtor_id=here))
        helpers = grants.list_grants_of(tx, debtor_id=here)
        found = feeds.list_happenings(tx, debtor_ref=person.debtor_ref, types=ACTS, limit=ACTS_SHOWN)
        proposed = _standing(tx, today=local_day(now, person.time_zone))
    cards = [_card(helper, found, now) for helper in helpers]
    page = render_template(
        "debtor/helpers.html",
        cards=[card for card in cards if card.is_active or card.is_waiting],
        ended=[card for card in cards if not (card.is_active or card.is_waiting)],
        proposed=proposed,
        told_text=told,
    )
    return make_response(page)


def proposed_plans() -> list[ShownProposal]:
    """List the plans that were proposed for the visitor and can still be signed; each once, the newest first."""
    today = today_of_visitor(portal().clock.now())
    with work().read() as tx:
        return _standing(tx, today=today)


def _standing(tx: Transaction, *, today: date) -> list[ShownProposal]:
    own = proposals.list_proposals(tx, debtor_ids=[visitor().subject_id])
    return list({one.offer_ref: one for _, one in reversed(own) if one.stands(today)}.values())[::-1]


def _card(helper: Helper, found: list[Happening], now: datetime) -> Card:
    names, grant = scope_words(), helper.grant
    return Card(
        helper=helper,
        may=[names[scope] for scope in grant.scopes],
        acts=[Act(words=_act_words(one), at=one.occurred_at) for one in found if _is_by(one, helper)],
        is_active=grant.holds(now),
        is_waiting=grant.waits(now),
    )


def _is_by(one: Happening, helper: Helper) -> bool:
    """Tell whether a helper did it under this grant; a budget names no grant, only who kept it and when."""
    grant = helper.grant
    if one.type != "budget.recorded":
        return bool(one.payload.get("grant") == grant.grant_ref)
    if grant.counselor_id is None or grant.taken_at is None:
        return False
    is_theirs = one.actor.get("ref") == f"cou_{grant.counselor_id.hex}"
    return is_theirs and grant.taken_at <= one.occurred_at <= (grant.ended_at or grant.expires_at)


def _act_words(one: Happening) -> str:
    if one.type == "counselor.proposed":
        return _("Proposed a plan for you")
    if one.type == "budget.recorded":
        return _("Kept your budget")
    return _("Took your code") if one.payload.get("seen") == ["consent"] else _("Looked at your file")


@blueprint.route("/me/helpers/new", methods=["GET", "POST"])
@debtor
def let_in() -> Response:
    """Choose what a helper may do; the code is shown this one time, on the answer itself."""
    form = HelperForm()
    chosen = clean_scopes(request.form.getlist("scope"))
    error = ""
    if request.method == "GET":
        form.days.data = DAYS_DEFAULT
    elif form.validate_on_submit():
        done = offer_grant(
            work(),
            debtor_id=visitor().subject_id,
            scopes=chosen,
            days=form.days.data or DAYS_DEFAULT,
            form_token=posted_token(),
            now=portal().clock.now(),
        )
        if not isinstance(done, NotOffered):
            return make_response(render_template("debtor/helper_code.html", done=done))
        if done.reason == "again":
            return see_other("/me/helpers")
        error = _refusal(done.reason)
    page = render_template(
        "debtor/helper_new.html", form=form, chosen=chosen, scopes=scope_words(), scope_error=error
    )
    return make_response(page, 422 if form.has_errors or error else 200)


def _refusal(reason: str) -> str:
    if reason == "too_many":
        return _("Five codes wait already. Stop one of them first.")
    return _("Choose at least one thing that your helper may do.")


@blueprint.post("/me/helpers/<grant_ref>/stop")
@debtor
def stop_helper(grant_ref: str) -> Response:
    """End a helper's access: one tap, at once."""
    is_own = grant_ref.isascii() and revoke_grant(
        work(), grant_ref=grant_ref, debtor_id=visitor().subject_id, now=portal().clock.now()
    )
    if not is_own:
        abort(404)
    return see_other("/me/helpers?done=stopped")
