"""Something is wrong: with the account (contact stops at once), or with how somebody was treated."""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.actions.care.open_complaint import open_complaint
from portal.actions.care.open_dispute import open_dispute
from portal.core.care import WORDS_MAX
from portal.store import complaints
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.help import care_of, page
from portal.web.forms import Form, OneOf, Required, TextField, posted_token
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_disputes", __name__)


class DisputeForm(Form):
    """What is not right?"""

    reason = OneOf(
        _l("What is not right?"),
        options=[
            ("not_mine", _l("This is not mine")),
            ("already_paid", _l("I have paid this already")),
            ("wrong_amount", _l("The amount is wrong")),
            ("fraud", _l("Somebody used my name")),
            ("quality", _l("I did not get what I paid for")),
            ("deceased", _l("The person has died")),
            ("bankrupt", _l("I am in a court process about money")),
            ("other", _l("Something else")),
        ],
        told=_l("Please choose what fits best"),
    )
    words = TextField(_l("Tell us more, if you like"), length_max=WORDS_MAX)


class ComplaintForm(Form):
    """What happened?"""

    topic = OneOf(
        _l("What is it about?"),
        options=[
            ("tone", _l("How somebody spoke or wrote to me")),
            ("too_often", _l("Too many messages or calls")),
            ("wrong_information", _l("I was told something wrong")),
            ("not_helped", _l("I asked for help and did not get it")),
            ("other", _l("Something else")),
        ],
        told=_l("Please choose what fits best"),
    )
    words = TextField(
        _l("What happened?"),
        [Required(_l("Please tell us in a few words what happened"))],
        length_max=WORDS_MAX,
    )


@blueprint.route("/me/accounts/<uuid:account_id>/wrong", methods=["GET", "POST"])
@debtor
def dispute(account_id: UUID) -> Response:
    """Say what is wrong with an account; while an answer is due, the page says by when it comes."""
    view = care_of(account_id)
    form = DisputeForm()
    if not form.validate_on_submit():
        status = 422 if form.has_errors else 200
        return page("debtor/dispute.html", account_id, status=status, form=form, view=view)
    outcome = open_dispute(
        work(),
        debtor_id=visitor().subject_id,
        account_id=account_id,
        reason=form.reason.data,
        words=form.words.data,
        token=posted_token(),
        now=portal().clock.now(),
    )
    if outcome.kind == "not_found":
        abort(404)
    return see_other(request.path)


@blueprint.route("/me/complaint", methods=["GET", "POST"])
@debtor
def complain() -> Response:
    """Complain about how somebody was treated; it gets a reference and a date at once."""
    form = ComplaintForm()
    if form.validate_on_submit():
        open_complaint(
            work(),
            debtor_id=visitor().subject_id,
            topic=form.topic.data,
            words=form.words.data,
            language=current().tag,
            token=posted_token(),
            now=portal().clock.now(),
        )
        return see_other("/me/complaint")
    with work().read() as tx:
        known = complaints.list_complaints_of(tx, debtor_id=visitor().subject_id)
    status = 422 if form.has_errors else 200
    return make_response(render_template("debtor/complaint.html", form=form, known=known), status)
