"""Disputes and complaints: by promised time, in the person's own words, answered once."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort

from portal.actions.care.answer_complaint import OUTCOMES as COMPLAINT_OUTCOMES
from portal.actions.care.answer_complaint import answer_complaint, review_complaint
from portal.actions.care.answer_dispute import OUTCOMES as DISPUTE_OUTCOMES
from portal.actions.care.answer_dispute import InboxAnswered, answer_dispute
from portal.store import accounts, complaints, disputes
from portal.web import access
from portal.web.context import portal, work
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.lender.desk import ANSWERERS, actor, show
from portal.web.lender.forms import InboxForm

blueprint = Blueprint("lender_inbox", __name__)
ROWS_MAX = 100


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """One line of the inbox."""

    href: str
    ref: str
    kind: str
    about: str
    due_at: datetime
    state: str


@blueprint.get("/lender/inbox")
@access.staff()
def list_inbox() -> Response:
    """List what waits, disputes and complaints together, the earliest promise first."""
    with work().read() as tx:
        wrong = [
            one for state in disputes.OPEN for one in disputes.list_disputes(tx, state=state, limit=ROWS_MAX)
        ]
        unhappy = [
            one
            for state in ("open", "reviewed")
            for one in complaints.list_complaints(tx, state=state, limit=ROWS_MAX)
        ]
    rows = [
        InboxRow(
            href=f"/lender/inbox/disputes/{one.dispute_ref}",
            ref=one.dispute_ref,
            kind="dispute",
            about=one.reason,
            due_at=one.answer_due_at,
            state=one.state,
        )
        for one in wrong
    ] + [
        InboxRow(
            href=f"/lender/inbox/complaints/{one.complaint_ref}",
            ref=one.complaint_ref,
            kind="complaint",
            about="",
            due_at=one.answer_due_at,
            state=one.state,
        )
        for one in unhappy
    ]
    rows.sort(key=lambda row: (row.due_at, row.ref))
    return show("lender/inbox.html", rows=rows, now=portal().clock.now())


def dispute_form() -> InboxForm:
    form = InboxForm()
    words = {
        "confirmed": _("It is right as it stands. The hold ends"),
        "corrected": _("It was wrong and is corrected now. The hold ends"),
        "debtor_right": _("The person is right. The hold stays; recall or adjust the account"),
    }
    form.outcome.offer((code, words[code]) for code in DISPUTE_OUTCOMES)
    return form


def complaint_form() -> InboxForm:
    form = InboxForm()
    words = {
        "upheld": _("The complaint is right"),
        "partly_upheld": _("It is right in part"),
        "not_upheld": _("We see it differently"),
    }
    form.outcome.offer((code, words[code]) for code in COMPLAINT_OUTCOMES)
    return form


@blueprint.get("/lender/inbox/disputes/<dispute_ref>")
@access.staff()
def show_dispute(dispute_ref: str) -> Response:
    """Show one dispute."""
    return dispute_page(dispute_ref, dispute_form())


def dispute_page(dispute_ref: str, form: InboxForm, *, status: int = 200) -> Response:
    """Render the page of a dispute."""
    with work().read() as tx:
        dispute = disputes.find_dispute(tx, dispute_ref=dispute_ref)
        account = accounts.find_account(tx, account_id=dispute.account_id) if dispute else None
        if dispute is None or account is None:
            abort(404)
        words = disputes.load_words(tx, dispute_id=dispute.dispute_id)
        said = disputes.load_answer(tx, dispute_id=dispute.dispute_id)
    return show(
        "lender/inbox_dispute.html",
        status=status,
        item=dispute,
        account=account,
        words=words,
        said=said,
        form=form,
        is_open=dispute.state in disputes.OPEN,
        is_late=portal().clock.now() > dispute.answer_due_at,
    )


@blueprint.post("/lender/inbox/disputes/<dispute_ref>/answer")
@access.staff(*ANSWERERS)
def answer_one_dispute(dispute_ref: str) -> Response:
    """Answer a dispute; it is closed with that."""
    form = dispute_form()
    if not form.validate():
        return dispute_page(dispute_ref, form, status=422)
    done = answer_dispute(
        work(),
        dispute_ref=dispute_ref,
        outcome=form.outcome.data,
        words=form.words.data or "",
        actor=actor(),
        base_url=portal().settings.base_url,
        now=portal().clock.now(),
    )
    return _led_on(done, form, f"/lender/inbox/disputes/{dispute_ref}") or dispute_page(
        dispute_ref, form, status=422
    )


@blueprint.get("/lender/inbox/complaints/<complaint_ref>")
@access.staff()
def show_complaint(complaint_ref: str) -> Response:
    """Show one complaint."""
    return complaint_page(complaint_ref, complaint_form())


def complaint_page(complaint_ref: str, form: InboxForm, *, status: int = 200) -> Response:
    """Render the page of a complaint."""
    with work().read() as tx:
        complaint = complaints.find_complaint(tx, complaint_ref=complaint_ref)
        if complaint is None:
            abort(404)
        words = complaints.load_words(tx, complaint_id=complaint.complaint_id)
        said = complaints.load_answer(tx, complaint_id=complaint.complaint_id)
        own = accounts.list_accounts_of(tx, debtor_id=complaint.debtor_id)
    return show(
        "lender/inbox_complaint.html",
        status=status,
        item=complaint,
        accounts=own,
        words=words,
        said=said,
        form=form,
        is_open=complaint.state in {"open", "reviewed"},
        is_late=portal().clock.now() > complaint.answer_due_at,
    )


@blueprint.post("/lender/inbox/complaints/<complaint_ref>/review")
@access.staff(*ANSWERERS)
def review_one_complaint(complaint_ref: str) -> Response:
    """Take a complaint up."""
    outcome = review_complaint(work(), complaint_ref=complaint_ref, actor=actor(), now=portal().clock.now())
    if outcome == "unknown":
        abort(404)
    return see_other(f"/lender/inbox/complaints/{complaint_ref}?done={outcome}")


@blueprint.post("/lender/inbox/complaints/<complaint_ref>/answer")
@access.staff(*ANSWERERS)
def answer_one_complaint(complaint_ref: str) -> Response:
    """Answer a complaint."""
    form = complaint_form()
    if not form.validate():
        return complaint_page(complaint_ref, form, status=422)
    done = answer_complaint(
        work(),
        complaint_ref=complaint_ref,
        outcome=form.outcome.data,
        words=form.words.data or "",
        actor=actor(),
        base_url=portal().settings.base_url,
        now=portal().clock.now(),
    )
    return _led_on(done, form, f"/lender/inbox/complaints/{complaint_ref}") or complaint_page(
        complaint_ref, form, status=422
    )


def _led_on(done: InboxAnswered, form: InboxForm, path: str) -> Response | None:
    """Lead on after an answer; None when the form needs another look."""
    if done.kind == "unknown":
        abort(404)
    if done.kind == "answered":
        return see_other(f"{path}?done={'answered-late' if done.is_late else 'answered'}")
    form.words.errors = [_("Somebody answered this a moment ago.")]
    return None
