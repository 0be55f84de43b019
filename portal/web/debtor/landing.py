"""The page behind a link: neutral, safe for preview robots, the same for every link that does not work any more."""

from flask import Blueprint, Response, abort, make_response, render_template, request, session

from portal.actions.contact.stop_messages import stop_messages
from portal.actions.links.open_link import open_link
from portal.actions.links.renew_link import renew_link
from portal.actions.links.report_wrong_party import report_wrong_party
from portal.actions.links.view_link import LandingView, locate_link, view_link
from portal.store.sessions import lender_of
from portal.web import language
from portal.web.access import public
from portal.web.brake import is_guessing
from portal.web.context import HOUSE, brand_of, portal, show_brand, sign_in
from portal.web.htmx import see_other
from portal.web.language import choose, current

blueprint = Blueprint("debtor_landing", __name__)


def _gone() -> Response:
    """One page for expired, used, locked, revoked and unknown links: nobody can tell which it was."""
    if is_guessing(request.remote_addr, portal().clock.now()):
        abort(429)
    show_brand(HOUSE)
    path = "/l/" + (request.view_args or {})["token"]
    return make_response(render_template("debtor/link_gone.html", action=f"{path}/new"), 404)


def _view(token: str) -> LandingView | None:
    view = view_link(portal().database, token=token, now=portal().clock.now())
    if view is not None:
        letterhead = brand_of(view.lender_id, view.creditor_id).neutral()
        show_brand(letterhead)
        language.suggest(debtor=view.language, lender=letterhead.language)
    return view


@blueprint.get("/l/<token>")
@public
def show_link(token: str) -> Response:
    """Show the neutral page; nothing is written, however often it is fetched."""
    view = _view(token)
    if view is None:
        return _gone()
    return make_response(render_template("debtor/landing.html", view=view, link_path=f"/l/{token}"))


@blueprint.post("/l/<token>")
@public
def enter(token: str) -> Response:
    """Go on from the neutral page: a session begins and the token leaves the address."""
    if request.form.get("not_me"):
        return say_not_me(token)
    view = _view(token)
    work = locate_link(portal().database, token=token)
    if view is None or work is None:
        return see_other(request.path)
    opened = open_link(
        work,
        token=token,
        language=language.current().tag,
        is_chosen="language" in session,
        now=portal().clock.now(),
    )
    if opened is None:
        return see_other(request.path)
    sign_in(kind="link", token=opened)
    return see_other("/verify")


@blueprint.post("/l/<token>/new")
@public
def renew(token: str) -> Response:
    """Send a fresh link to the number on file; the answer is the same whether or not one went out."""
    services = portal()
    work = locate_link(services.database, token=token)
    if work is not None:
        renew_link(
            work,
            token=token,
            now=services.clock.now(),
            sms=services.sms,
            base_url=services.settings.base_url,
        )
    return see_other("/link-sent")


@blueprint.post("/come-back/new")
@public
def renew_ended_visit() -> Response:
    """Send a fresh link to the person whose visit in this browser has ended; the answer is always the same."""
    services = portal()
    token = session.get("visits", {}).get("debtor", "")
    lender_id = lender_of(token)
    if lender_id is not None:
        renew_link(
            services.database.work(lender_id),
            session_token=token,
            now=services.clock.now(),
            sms=services.sms,
            base_url=services.settings.base_url,
        )
    return see_other("/link-sent")


@blueprint.get("/link-sent")
@public
def show_link_sent() -> str:
    return render_template("debtor/link_sent.html")


@blueprint.get("/l/<token>/not-me")
@public
def show_not_me(token: str) -> Response:
    return _confirm(token, "debtor/not_me.html", "not-me")


@blueprint.post("/l/<token>/not-me")
@public
def say_not_me(token: str) -> Response:
    """Take the number out of use at once; nothing is shown about whom it was for."""
    work = locate_link(portal().database, token=token)
    if work is not None:
        report_wrong_party(work, token=token, now=portal().clock.now())
    choose(current().tag)  # the page after it knows nobody any more, but still speaks their language
    return see_other("/thank-you")


@blueprint.get("/thank-you")
@public
def show_thank_you() -> str:
    show_brand(HOUSE)
    return render_template("debtor/thank_you.html")


@blueprint.get("/l/<token>/stop")
@public
def show_stop(token: str) -> Response:
    return _confirm(token, "debtor/stop.html", "stop")


@blueprint.post("/l/<token>/stop")
@public
def stop(token: str) -> Response:
    """Stop the text messages to the number; the link still opens."""
    work = locate_link(portal().database, token=token)
    if work is not None:
        stop_messages(work, token=token, source="link", now=portal().clock.now())
    return see_other("/stopped")


@blueprint.get("/stopped")
@public
def show_stopped() -> str:
    return render_template("debtor/stopped.html")


def _confirm(token: str, page: str, act: str) -> Response:
    """Show a page that asks before something is done; a link that does not work gets the page for these."""
    if _view(token) is None:
        return _gone()
    path = f"/l/{token}"
    return make_response(render_template(page, action=f"{path}/{act}", back_to=path, link_path=path))
