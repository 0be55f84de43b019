"""Pages that anybody may read: they say nothing about anybody and work from a saved copy, without a network."""

from flask import Blueprint, Response, make_response, render_template, request, session
from werkzeug.exceptions import NotFound

from portal.actions.contact.choose_language import choose_language as remember_language
from portal.web import context, language
from portal.web.access import next_path, public
from portal.web.context import portal, sign_out, visit
from portal.web.htmx import see_other
from portal.web.security import forget_browser

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@public
def show_start() -> str:
    return render_template("public/start.html")


@blueprint.get("/talk")
@public
def show_talk() -> str:
    return render_template("public/talk.html")


@blueprint.get("/is-this-real")
@public
def show_is_this_real() -> str:
    return render_template("public/is_this_real.html", address=portal().settings.base_url)


@blueprint.get("/accessibility")
@public
def show_accessibility() -> str:
    return render_template("public/accessibility.html")


@blueprint.get("/privacy")
@public
def show_privacy() -> str:
    return render_template("public/privacy.html")


@blueprint.get("/come-back")
@public
def show_come_back() -> str:
    """Where a visit that has ended leads: how to get in again."""
    can_renew = bool(session.get("visits", {}).get("debtor"))
    return render_template("public/come_back.html", can_renew=can_renew)


@blueprint.get("/left")
@public
def show_left() -> Response:
    """The page behind "Hide this page now": it could be anybody's."""
    return make_response(render_template("public/left.html"))


@blueprint.post("/leave")
@public
def leave() -> Response:
    """End every visit of this browser and make it forget."""
    now = portal().clock.now()
    for slot in list(context.slots_in_use()):
        context.enter_slot(slot)
        sign_out(now=now)
    return forget_browser(see_other("/left"))


@blueprint.post("/still-here")
@public
def stay() -> Response:
    """Keep this browser's visits alive; looking them up moves their last-seen time."""
    alive = False
    for slot in list(context.slots_in_use()):
        context.enter_slot(slot)
        alive = visit() is not None or alive
    if request.headers.get("Accept", "").startswith("application/json"):
        return Response(status=204 if alive else 410)
    return see_other("/" if alive else "/come-back")


@blueprint.get("/language")
@public
def show_languages() -> str:
    return render_template("public/language.html", next=next_path("/"))


@blueprint.post("/language")
@public
def choose_language() -> Response:
    """Keep the choice in the cookie, and in a verified person's record, and go back to where they were."""
    wished = request.form.get("language", "")
    if not language.choose(wished):
        raise NotFound
    found = visit()
    if found is not None and found.kind == "debtor" and found.session_id is not None:
        remember_language(
            context.work(),
            debtor_id=found.subject_id,
            session_id=found.session_id,
            language=wished,
            now=portal().clock.now(),
        )
    return see_other(next_path("/"))
