"""What staff can do with an account: look at the person, send a link, hold, release, recall, adjust."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request

from portal.actions.accounts.adjust_account import adjust_account
from portal.actions.accounts.hold_account import hold_account
from portal.actions.accounts.recall_account import recall_account
from portal.actions.accounts.release_account import release_account
from portal.actions.accounts.reveal_person import reveal_person
from portal.actions.life.undo_re_age import undo_re_age
from portal.actions.links.send_link import send_link
from portal.core.holds import CAUSES
from portal.store import accounts
from portal.store.accounts import Account
from portal.web.access import staff
from portal.web.context import brand, portal, visitor, work
from portal.web.forms import Form
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.lender.account import account_page
from portal.web.lender.desk import HANDLERS, KEEPERS, actor, today
from portal.web.lender.forms import AdjustForm, HoldForm, RecallForm, RevealForm

blueprint = Blueprint("lender_account_acts", __name__)


def own_account(account_id: UUID) -> Account:
    """Find an account of this lender; anybody else's does not exist."""
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
    if account is None:
        abort(404)
    return account


def done(account_id: UUID, code: str) -> Response:
    return see_other(f"/lender/accounts/{account_id}?done={code}")


def refused(account: Account, name: str, form: Form) -> Response:
    """Show the account's page again with one form that needs another look."""
    return account_page(account.account_id, status=422, **{name: form, "form": form})


@blueprint.post("/lender/accounts/<uuid:account_id>/reveal")
@staff(*HANDLERS)
def reveal(account_id: UUID) -> Response:
    """Open the personal data of an account to this visit for ten minutes."""
    account = own_account(account_id)
    form = RevealForm()
    here = visitor()
    if not form.validate() or here.session_id is None:
        return refused(account, "look_form", form)
    reveal_person(
        work(),
        account_id=account_id,
        reason=form.why.data,
        session_id=here.session_id,
        state=here.state,
        actor=actor(),
        now=portal().clock.now(),
    )
    return done(account_id, "revealed")


@blueprint.post("/lender/accounts/<uuid:account_id>/link")
@staff(*HANDLERS)
def send(account_id: UUID) -> Response:
    """Send the debtor a link, as soon as the rules of contact allow it."""
    account = own_account(account_id)
    sent = send_link(
        work(),
        debtor_id=account.debtor_id,
        now=portal().clock.now(),
        sms=portal().sms,
        base_url=portal().settings.base_url,
        requested_by=actor(),
    )
    return done(account_id, f"link-{sent.kind}")


@blueprint.post("/lender/accounts/<uuid:account_id>/hold")
@staff(*HANDLERS)
def hold(account_id: UUID) -> Response:
    """Stop contact and payments about an account."""
    account = own_account(account_id)
    form = HoldForm()
    if not form.validate():
        return refused(account, "hold_form", form)
    until = None
    if form.until.day is not None:
        if form.until.day <= today():
            form.until.errors = [_("Choose a day after today")]
            return refused(account, "hold_form", form)
        until = datetime.combine(form.until.day, time(), tzinfo=ZoneInfo(brand().time_zone))
    outcome = hold_account(
        work(),
        account_ref=account.account_ref,
        cause=form.cause.data,
        until=until,
        actor=actor(),
        now=portal().clock.now(),
    )
    return done(account_id, outcome.kind)


@blueprint.post("/lender/accounts/<uuid:account_id>/release")
@staff(*HANDLERS)
def release(account_id: UUID) -> Response:
    """End the holds of one cause."""
    account = own_account(account_id)
    cause = request.form.get("cause", "")
    if cause not in (*CAUSES, "pause", "urgent_help"):
        abort(400)
    outcome = release_account(
        work(),
        account_ref=account.account_ref,
        cause=cause,
        reason="staff",
        actor=actor(),
        now=portal().clock.now(),
    )
    return done(account_id, outcome.kind)


@blueprint.post("/lender/accounts/<uuid:account_id>/recall")
@staff(*KEEPERS)
def recall(account_id: UUID) -> Response:
    """Take an account back."""
    account = own_account(account_id)
    form = RecallForm()
    if not form.validate():
        return refused(account, "recall_form", form)
    outcome = recall_account(
        work(),
        account_ref=account.account_ref,
        reason=form.why.data,
        is_forced=form.is_forced.data,
        actor=actor(),
        now=portal().clock.now(),
    )
    if outcome.kind == "refused":
        form.is_forced.errors = [guard_words(guard) for guard in outcome.guards][:1]
        return refused(account, "recall_form", form)
    return done(account_id, outcome.kind)


@blueprint.post("/lender/accounts/<uuid:account_id>/adjust")
@staff(*KEEPERS)
def adjust(account_id: UUID) -> Response:
    """Change what is owed; the case system is told."""
    account = own_account(account_id)
    form = AdjustForm(currency=account.currency)
    if form.validate() and form.amount.data is not None and form.amount.data.minor <= 0:
        form.amount.errors = [_("Type an amount above zero")]
    if form.has_errors:
        return refused(account, "adjust_form", form)
    wished = form.amount.data
    outcome = adjust_account(
        work(),
        account_ref=account.account_ref,
        component=form.part.data,
        amount_minor=-wished.minor if form.direction.data == "less" else wished.minor,
        currency=account.currency,
        reason=form.why.data,
        on_date=today(),
        actor=actor(),
        now=portal().clock.now(),
    )
    if refusal := adjust_refusal(outcome.kind):
        form.amount.errors = [refusal]
        return refused(account, "adjust_form", form)
    return done(account_id, outcome.kind)


def guard_words(guard: str) -> str:
    """Say what stands in the way of a recall."""
    return {
        "payment_in_flight": _("A payment is on its way. Tick this to recall all the same"),
        "plan_active": _("A signed plan runs. Tick this to recall all the same"),
        "disputed": _("Something is disputed. Tick this to recall all the same"),
        "settled": _("The account is settled. Tick this to recall all the same"),
    }[guard]


def adjust_refusal(kind: str) -> str:
    """Say why a balance was not adjusted; empty when it was."""
    return {
        "below_zero": _("That is more than this part of the balance"),
        "plan_active": _("A signed plan runs on this account. Change the plan instead"),
        "not_found": _("The account was recalled"),
    }.get(kind, "")


@blueprint.post("/lender/accounts/<uuid:account_id>/re-age/undo")
@staff(*KEEPERS)
def undo_age(account_id: UUID) -> Response:
    """Take a re-age back: the account is as late as it would be without it."""
    own_account(account_id)
    outcome = undo_re_age(work(), account_id=account_id, actor=actor(), now=portal().clock.now())
    said = {"undone": "re_age_undone", "paid_since": "re_age_paid", "nothing": "re_age_none"}
    return done(account_id, said[outcome])
