"""Is it you? One known fact, and a code by SMS where it is asked for."""

from flask import Blueprint, Response, make_response, render_template, request

from portal.actions.contact.stop_messages import stop_messages
from portal.actions.identity.check_code import IDENTITY, check_identity_code
from portal.actions.identity.let_in import VerifyOutcome
from portal.actions.identity.send_code import send_code
from portal.actions.identity.verify_identity import verify_identity
from portal.actions.identity.view_identity import IdentityView, view_identity
from portal.actions.links.renew_link import renew_link
from portal.actions.links.report_wrong_party import report_wrong_party
from portal.core.identity import CODE_DIGITS, read_digits, read_last4
from portal.web.access import link_visit
from portal.web.context import brand, portal, sign_in, sign_out, visitor, work
from portal.web.debtor.devices import device_of, remember_device
from portal.web.forms import BirthDateField, Form, Required, TextField
from portal.web.htmx import see_other
from portal.web.language import choose, current
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_identity", __name__)
HOME = "/me"


class BirthDateForm(Form):
    """When were you born?"""

    born = BirthDateField(
        _l("Your date of birth"), [Required(_l("Please type the day, the month and the year"))]
    )


class LastFourForm(Form):
    """What are the last four characters of your ID?"""

    last4 = TextField(
        _l("Last 4 characters of your ID"), [Required(_l("Please type the last 4 characters"))], length_max=40
    )


class CodeForm(Form):
    """Which code did we send?"""

    code = TextField(_l("Code from the text message"), [Required(_l("Please type the code"))], length_max=40)


@blueprint.get("/verify")
@link_visit
def show_verify() -> Response:
    view, elsewhere = _look()
    return elsewhere or _page(view, _form(view))


@blueprint.post("/verify")
@link_visit
def verify() -> Response:
    """Try the answer. A form that holds no answer costs no try."""
    view, elsewhere = _look()
    if elsewhere:
        return elsewhere
    form = _form(view)
    answer = _answer(form) if form.validate_on_submit() else None
    if answer is None:
        return _page(view, form, status=422)
    here = visitor()
    outcome = verify_identity(
        work(),
        session_id=here.session_id,
        debtor_id=here.subject_id,
        link_id=here.link_id,
        answer=answer,
        state=here.state,
        device=device_of(here.lender_id, here.subject_id),
        now=portal().clock.now(),
    )
    if outcome.kind == "mismatch":
        return _mismatch(view, form, outcome.tries_left)
    if outcome.kind == "code_needed":
        _send()
        return see_other("/verify/code")
    return _go_on(outcome)


def _mismatch(view: IdentityView, form: Form, tries_left: int) -> Response:
    field = next(iter(form))
    field.errors = [_not_the_same(tries_left)]
    return _page(view, form, status=422)


def _not_the_same(tries_left: int) -> str:
    if phone := brand().phone:
        return _(
            "That does not match. Tries left: %(count)s. Or call us on %(phone)s.",
            count=tries_left,
            phone=f"\N{FIRST STRONG ISOLATE}{phone}\N{POP DIRECTIONAL ISOLATE}",  # its own order in any sentence
        )
    return _("That does not match. Tries left: %(count)s.", count=tries_left)


def _go_on(outcome: VerifyOutcome) -> Response:
    """Take the verified person in, or show that the link is closed."""
    if outcome.kind != "verified" or outcome.session_token is None:
        return see_other("/verify/closed")
    here = visitor()
    sign_in(kind="debtor", token=outcome.session_token)
    response = see_other("/me/rights" if outcome.is_first else HOME)
    return remember_device(response, here.lender_id, here.subject_id, outcome.device_token)


@blueprint.get("/verify/code")
@link_visit
def show_code() -> Response:
    view, elsewhere = _look(for_code=True)
    return elsewhere or _code_page(view, CodeForm())


@blueprint.post("/verify/code")
@link_visit
def check() -> Response:
    """Try the code."""
    view, elsewhere = _look(for_code=True)
    if elsewhere:
        return elsewhere
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(view, form, status=422)
    code = read_digits(form.code.data, length=CODE_DIGITS)
    if code is None:
        form.code.errors = [_("Please type all %(count)s digits", count=CODE_DIGITS)]
        return _code_page(view, form, status=422)
    here = visitor()
    outcome = check_identity_code(
        work(),
        session_id=here.session_id,
        debtor_id=here.subject_id,
        link_id=here.link_id,
        state=here.state,
        code=code,
        device=device_of(here.lender_id, here.subject_id),
        now=portal().clock.now(),
    )
    if outcome.kind == "mismatch":
        form.code.errors = [_not_the_same(outcome.tries_left)]
        return _code_page(view, form, status=422)
    if outcome.kind == "code_void":
        form.code.errors = [_("This code does not work any more. We can send you a new one.")]
        return _code_page(view, form, status=422)
    return _go_on(outcome)


@blueprint.post("/verify/code/new")
@link_visit
def send_again() -> Response:
    """Send another code, not more often than every 30 seconds."""
    _view, elsewhere = _look(for_code=True)
    return elsewhere or see_other(f"/verify/code?sent={_send()}")


def _send() -> str:
    here, services = visitor(), portal()
    sent = send_code(
        work(),
        session_id=here.session_id,
        debtor_id=here.subject_id,
        purpose=IDENTITY,
        bound_to=None,
        now=services.clock.now(),
        sms=services.sms,
        base_url=services.settings.base_url,
    )
    return "again" if sent.is_on_its_way else sent.kind


@blueprint.get("/verify/closed")
@link_visit
def show_closed() -> Response:
    if visitor().kind == "debtor":
        return see_other(HOME)
    return make_response(render_template("debtor/link_gone.html", action="/verify/new"))


@blueprint.post("/verify/new")
@link_visit
def renew() -> Response:
    """Send a fresh link in place of the one that was locked."""
    services = portal()
    renew_link(
        work(),
        link_id=visitor().link_id,
        now=services.clock.now(),
        sms=services.sms,
        base_url=services.settings.base_url,
    )
    return see_other("/link-sent")


@blueprint.get("/verify/not-me")
@link_visit
def show_not_me() -> str:
    return render_template("debtor/not_me.html", action="/verify/not-me", back_to="/verify", shelf="neutral")


@blueprint.post("/verify/not-me")
@link_visit
def say_not_me() -> Response:
    report_wrong_party(work(), link_id=visitor().link_id, now=portal().clock.now())
    sign_out(now=portal().clock.now())
    choose(current().tag)  # the page after it knows nobody any more, but still speaks their language
    return see_other("/thank-you")


@blueprint.get("/verify/stop")
@link_visit
def show_stop() -> str:
    return render_template("debtor/stop.html", action="/verify/stop", back_to="/verify")


@blueprint.post("/verify/stop")
@link_visit
def stop() -> Response:
    stop_messages(work(), debtor_id=visitor().subject_id, source="link", now=portal().clock.now())
    return see_other("/stopped")


def _look(*, for_code: bool = False) -> tuple[IdentityView, Response | None]:
    """Read what is asked here, and where the person belongs instead, if elsewhere."""
    here = visitor()
    view = view_identity(work(), debtor_id=here.subject_id, link_id=here.link_id, now=portal().clock.now())
    if here.kind == "debtor":
        return view, see_other(HOME)
    if not view.is_live:
        return view, see_other("/verify/closed")
    if for_code and not here.state.get("proved"):
        return view, see_other("/verify")
    return view, None


def _form(view: IdentityView) -> BirthDateForm | LastFourForm:
    return BirthDateForm() if view.fact == "birth_date" else LastFourForm()


def _answer(form: BirthDateForm | LastFourForm) -> str | None:
    if isinstance(form, BirthDateForm):
        return form.born.data.isoformat()
    last4 = read_last4(form.last4.data)
    if last4 is None:
        form.last4.errors = [_("Please type the last 4 characters")]
    return last4


def _page(view: IdentityView, form: Form, *, status: int = 200) -> Response:
    page = render_template("debtor/verify.html", form=form, view=view, link_path="/verify")
    return make_response(page, status)


def _code_page(view: IdentityView, form: Form, *, status: int = 200) -> Response:
    page = render_template(
        "debtor/code.html", form=form, view=view, sent=request.args.get("sent", ""), link_path="/verify"
    )
    return make_response(page, status)
