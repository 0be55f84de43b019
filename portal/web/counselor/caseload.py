"""The caseload: every client of a counselor over all lenders, by what comes next; and taking a client by a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, render_template

from portal.actions.grants.take_grant import NotTaken, take_grant
from portal.core.calendar import local_day
from portal.core.money import Money
from portal.core.negotiation.facts import budget_of
from portal.store import caseload, grants, guest_lenders, lenders, proposals
from portal.store.work import Transaction
from portal.web.access import counselor, public
from portal.web.context import portal
from portal.web.counselor.next_actions import Known, NextAction, next_action
from portal.web.forms import Form, Required, TextField
from portal.web.guests import GuestHere, enter, guest_here
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("counselor_caseload", __name__)
HOME = "/counselor/"


class CodeForm(Form):
    """The code that a client gave."""

    code = TextField(_l("Your client's code"), [Required(_l("Type the code"))], length_max=60)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One client of the caseload."""

    path: str
    name: str
    lender: str
    action: NextAction
    left_over: Money | None
    until: date


@blueprint.route("/counselor/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    """Let a counselor in by both factors."""
    return enter("counselor", home=HOME)


@blueprint.get("/counselor/")
@counselor
def show_caseload() -> Response:
    """List the clients, what is due first, first."""
    here = guest_here()
    lines = _lines(here)
    today = sum(1 for line in lines if line.action.is_today)
    page = render_template(
        "counselor/caseload.html", me=here, lines=lines, today=today, day=portal().clock.now().date()
    )
    return make_response(page)


@blueprint.route("/counselor/add", methods=["GET", "POST"])
@counselor
def add_client() -> Response:
    """Take a client by the code that they gave."""
    here = guest_here()
    form = CodeForm()
    if form.validate_on_submit():
        done = take_grant(
            portal().database,
            counselor_id=here.guest_id,
            agency_id=here.house_id,
            code=form.code.data or "",
            now=portal().clock.now(),
        )
        if not isinstance(done, NotTaken):
            with portal().database.shared().read() as shared:
                lender = lenders.find_lender(shared, lender_id=done.lender_id)
            return see_other(f"/counselor/clients/{lender.slug if lender else ''}/{done.grant_ref}")
        form.code.errors = [_refusal(done)]
    page = render_template("counselor/add.html", me=here, form=form)
    return make_response(page, 422 if form.has_errors else 200)


def _refusal(done: NotTaken) -> str:
    if done.reason == "too_many":
        return _("Too many tries. Please wait five minutes, then try again.")
    return _("No client waits under this code. Codes work once and for seven days; ask for a new one.")


def _lines(here: GuestHere) -> list[Line]:
    """Read one lender after another, each in its own transaction, and join here."""
    database, found = portal().database, []
    with database.shared().read() as shared:
        served = guest_lenders.list_lenders(shared, house_id=here.house_id)
    for lender_id, slug, name in served:
        with database.work(lender_id).read() as tx:
            found += _lines_of(tx, here, slug=slug, lender=name)
    return sorted(found, key=lambda line: (line.action.by or date.max, line.name))


def _lines_of(tx: Transaction, here: GuestHere, *, slug: str, lender: str) -> list[Line]:
    now = portal().clock.now()
    own = grants.list_clients(tx, counselor_id=here.guest_id, agency_id=here.house_id, now=now)
    ids = [grant.debtor_id for grant in own]
    if not ids:
        return []
    names, moneys = caseload.list_names(tx, debtor_ids=ids), caseload.list_currencies(tx, debtor_ids=ids)
    payments = caseload.list_next_payments(tx, debtor_ids=ids)
    spare, promised = caseload.list_budgets(tx, debtor_ids=ids), caseload.list_promised(tx, debtor_ids=ids)
    made = proposals.list_proposals(tx, debtor_ids=ids, limit=500)
    newest = {one.proposal.grant_id: one for _, one in reversed(made)}
    lines = []
    for grant in own:
        client = names[grant.debtor_id]
        currency = (moneys.get(grant.debtor_id) or [""])[0]
        answer_at = promised.get(grant.debtor_id)
        may_see = grant.allows("view")
        known = Known(
            grant=grant,
            client=client,
            currency=currency,
            payment=payments.get(grant.debtor_id) if may_see else None,
            proposal=newest.get(grant.grant_id) if grant.allows("propose") else None,
            promised_on=answer_at.date() if answer_at and may_see else None,
            today=local_day(now=now, time_zone=client.time_zone),
        )
        form = spare.get(grant.debtor_id) if grant.allows("budget") else None
        lines.append(
            Line(
                path=f"/counselor/clients/{slug}/{grant.grant_ref}",
                name=client.name,
                lender=lender,
                action=next_action(known),
                left_over=Money(left_over(form), currency) if form and currency else None,
                until=grant.expires_at.date(),
            )
        )
    return lines


def left_over(form: Mapping[str, Any]) -> int:
    """Give what a kept budget leaves in a month, never less than nothing."""
    return max(budget_of(form).surplus_minor, 0)
