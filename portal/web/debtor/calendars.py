"""The dates of a plan in the calendar of a phone: a private address that follows every change, or a file."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.life.share_calendar import close_calendar, open_calendar, share_calendar
from portal.core.life.calendar_file import Entry, calendar_file
from portal.store import calendars
from portal.store.lives import KeptLife
from portal.web.access import debtor, public
from portal.web.context import portal, visitor, work
from portal.web.debtor.plan_changes import plan_of
from portal.web.htmx import see_other
from portal.web.language import gettext as _

blueprint = Blueprint("debtor_calendars", __name__)


@blueprint.get("/me/accounts/<uuid:account_id>/calendar")
@debtor
def show_calendar(account_id: UUID) -> Response:
    """Show the plan's private calendar address, if it has one, and how to use it."""
    view = plan_of(account_id)
    with work().read() as tx:
        token = calendars.load_token(tx, agreement_id=view.kept.agreement_id)
    address = f"{portal().settings.base_url.rstrip('/')}/calendar/{token}.ics" if token else ""
    page = render_template("debtor/calendar.html", path=f"/me/accounts/{account_id}", address=address)
    return make_response(page)


@blueprint.post("/me/accounts/<uuid:account_id>/calendar")
@debtor
def share(account_id: UUID) -> Response:
    """Make the private address."""
    now = portal().clock.now()
    if share_calendar(work(), account_id=account_id, debtor_id=visitor().subject_id, now=now) is None:
        abort(404)
    return see_other(f"/me/accounts/{account_id}/calendar")


@blueprint.post("/me/accounts/<uuid:account_id>/calendar/close")
@debtor
def close(account_id: UUID) -> Response:
    """Close the private address."""
    plan_of(account_id)
    close_calendar(work(), account_id=account_id, debtor_id=visitor().subject_id)
    return see_other(f"/me/accounts/{account_id}/calendar")


@blueprint.get("/me/accounts/<uuid:account_id>/calendar.ics")
@debtor
def download(account_id: UUID) -> Response:
    """Give the dates as a file."""
    return _file(plan_of(account_id).kept, now=portal().clock.now())


@blueprint.get("/calendar/<token>.ics")
@public
def subscribe(token: str) -> Response:
    """Give the dates to whoever has the private address: days only, no amount and no name."""
    shared = open_calendar(portal().database, token=token)
    if shared is None:
        abort(404)
    return _file(shared.kept, now=portal().clock.now())


def _file(kept: KeptLife, *, now: datetime) -> Response:
    base = portal().settings.base_url.rstrip("/")
    moved = [move.number for move in kept.life.moves]
    entries = [
        Entry(uid=f"{kept.agreement_ref}-{row.number}", on=row.due_on, sequence=moved.count(row.number))
        for row in kept.life.rows
        if row.left and kept.life.state in {"active", "broken"}
    ]
    text = calendar_file(
        entries,
        title=_("My dates"),
        summary=_("A date of yours"),
        url=f"{base}/come-back",
        host=base.partition("://")[2].partition("/")[0],
        now=now,
    )
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return answer
