"""How a person wants to be reached: messages, language, and leaving."""

from flask import Blueprint, Response, render_template

from portal.actions.contact.start_messages import start_messages
from portal.actions.contact.stop_messages import stop_messages
from portal.actions.identity.end_visit import end_visit
from portal.store import agreements, debtors
from portal.web.access import debtor
from portal.web.context import portal, sign_out, visitor, work
from portal.web.htmx import see_other
from portal.web.security import forget_browser

blueprint = Blueprint("debtor_settings", __name__)


@blueprint.get("/me/settings")
@debtor
def show_settings() -> str:
    with work().read() as tx:
        person = debtors.find_debtor(tx, debtor_id=visitor().subject_id)
        held = agreements.list_agreements_of(tx, debtor_id=visitor().subject_id)
    return render_template(
        "debtor/settings.html",
        stopped=person is not None and person.messages_stopped_at,
        has_record_consent=any(one.has_record_consent for one in held),
    )


@blueprint.post("/me/settings/stop")
@debtor
def stop() -> Response:
    """Stop the lender's text messages; codes and links that the person asks for still come."""
    stop_messages(work(), debtor_id=visitor().subject_id, source="portal", now=portal().clock.now())
    return see_other("/me/settings")


@blueprint.post("/me/settings/start")
@debtor
def start() -> Response:
    """Have text messages again."""
    start_messages(work(), debtor_id=visitor().subject_id, now=portal().clock.now())
    return see_other("/me/settings")


@blueprint.post("/me/sign-out")
@debtor
def leave() -> Response:
    """End the visit and make the browser forget it."""
    now = portal().clock.now()
    end_visit(work(), session_id=visitor().session_id, now=now)
    sign_out(now=now)
    return forget_browser(see_other("/left"))
