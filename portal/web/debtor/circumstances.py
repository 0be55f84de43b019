"""Life changed: something that alters how a person is to be treated, told as a code, with what it does at once."""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template

from portal.actions.care.declare_circumstance import declare_circumstance
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.help import care_of
from portal.web.forms import Form, OneOf, posted_token
from portal.web.htmx import see_other
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_circumstances", __name__)


class CircumstanceForm(Form):
    """What changed?"""

    what = OneOf(
        _l("What changed?"),
        options=[
            ("disaster", _l("A disaster hit my home or my work")),
            ("prison", _l("I am, or will be, in prison")),
            ("bankrupt", _l("I am in bankruptcy or a court arrangement")),
            ("deceased", _l("The person who had this account has died")),
            ("adviser", _l("An adviser helps me")),
            ("extra_support", _l("I need things done another way")),
            ("urgent_help", _l("I need help urgently")),
        ],
        told=_l("Please choose one. You can change it later"),
    )


@blueprint.route("/me/accounts/<uuid:account_id>/changed", methods=["GET", "POST"])
@debtor
def tell_change(account_id: UUID) -> Response:
    """Ask what changed in life; the answer takes effect at once, and no proof is asked for."""
    care_of(account_id)
    form = CircumstanceForm()
    path = f"/me/accounts/{account_id}"
    if not form.validate_on_submit():
        status = 422 if form.has_errors else 200
        return make_response(render_template("debtor/life_changed.html", form=form, path=path), status)
    outcome = declare_circumstance(
        work(),
        debtor_id=visitor().subject_id,
        account_id=account_id,
        circumstance=form.what.data,
        token=posted_token(),
        now=portal().clock.now(),
    )
    if outcome.kind == "not_found":
        abort(404)
    return see_other(path)
