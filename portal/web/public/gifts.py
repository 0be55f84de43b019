"""Pay by a code that somebody gave you: an amount, a button, thanks; nothing about anybody."""

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.gifts.pay_gift import GiftAmount, look_at_gift, pay_gift
from portal.actions.payments.start_payment import GoTo
from portal.core.gifts import read_code
from portal.core.payments import PageWish
from portal.store.work import UnknownLenderError, Work
from portal.web.access import public
from portal.web.brake import is_guessing
from portal.web.context import portal, work_of
from portal.web.forms import Form, Required, TextField, posted_token
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("public_gifts", __name__)


class CodeForm(Form):
    """The code."""

    code = TextField(_l("The code that you were given"), [Required(_l("Type the code"))], length_max=60)


@blueprint.route("/gift", methods=["GET", "POST"])
@public
def gift() -> Response:
    """Ask for the code; say its amount, and nothing else."""
    form = CodeForm()
    found = _find(form.code.data or "") if form.validate_on_submit() else None
    if form.is_submitted() and found is None and not form.has_errors:
        form.code.errors = [_("This code cannot be used. Please ask whoever gave it to you")]
    page = render_template("public/gift.html", form=form, amount=found[2].amount if found else None)
    return make_response(page, 422 if form.has_errors else 200)


@blueprint.post("/gift/pay")
@public
def pay() -> Response:
    """Lead to the provider's page for the amount behind a code."""
    found = _find(request.form.get("code", ""))
    services = portal()
    if found is None or services.stripe is None:
        return make_response(
            render_template("public/gift.html", form=CodeForm(formdata=None), gone=True), 409
        )
    base = services.settings.base_url.rstrip("/")
    work, code, _amount = found
    done = pay_gift(
        work,
        code=code,
        gateway=services.stripe,
        rails=services.rails,
        page=PageWish(success_url=f"{base}/gift/thanks", cancel_url=f"{base}/gift", language=current().tag),
        form_token=posted_token(),
        now=services.clock.now(),
    )
    if isinstance(done, GoTo):
        return see_other(done.url)
    return make_response(render_template("public/gift.html", form=CodeForm(formdata=None), gone=True), 409)


@blueprint.get("/gift/thanks")
@public
def thanks() -> str:
    """Thank somebody who paid; whether the money came is told to whom it concerns."""
    return render_template("public/gift_thanks.html")


def _find(text: str) -> tuple[Work, str, GiftAmount] | None:
    """Find what a typed code stands for; who guesses is braked like everybody who tries links that do not work."""
    now = portal().clock.now()
    read = read_code(text)
    found = _look(*read) if read else None
    if found is None and is_guessing(request.remote_addr, now):
        abort(429)
    return found


def _look(lender_id: int, code: str) -> tuple[Work, str, GiftAmount] | None:
    work = work_of(lender_id)
    try:
        amount = look_at_gift(work, code=code, now=portal().clock.now())
    except UnknownLenderError:
        return None
    return (work, code, amount) if amount else None
