"""People and roles: who works here, what they may do, how they sign in."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request
from wtforms import SelectChoice, SelectMultipleField
from wtforms.validators import StopValidation

from portal.actions.lenders.add_staff import ROLES
from portal.actions.staff.change_staff import change_staff
from portal.actions.staff.invite_staff import StaffInvited, invite_staff
from portal.actions.staff.renew_secrets import renew_secrets
from portal.actions.staff.show_once import keep_to_show, read_to_show
from portal.gateways.second_factors import app_address
from portal.store import lenders, staff
from portal.store.staff import StaffMember
from portal.web import access
from portal.web.context import portal, visitor, work
from portal.web.forms import Form, Required, TextField
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.desk import OWNERS, actor, role_word, show

blueprint = Blueprint("lender_people", __name__)
_CHOICES = [SelectChoice(value=role, label=role) for role in ROLES]


class RolesField(SelectMultipleField):
    """One role or several."""

    def __init__(self, label: object = None, **more: Any) -> None:
        super().__init__(label, choices=_CHOICES, validate_choice=False, **more)

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - the hook of WTForms
        self.data = [role for role in ROLES if role in set(self.data or ())]
        if not self.data:
            raise StopValidation(_("Choose at least one role"))


class InviteForm(Form):
    """A new member of the staff."""

    full_name = TextField(_l("Name"), [Required(_l("Type the name"))], length_max=120)
    email = TextField(_l("E-mail address"), [Required(_l("Type the address"))], length_max=200)
    chosen = RolesField(_l("Roles"))


class RolesForm(Form):
    """What a member may do."""

    chosen = RolesField(_l("Roles"))


def own_member(staff_id: UUID) -> StaffMember:
    """Find a member of this lender's staff; anybody else's does not exist."""
    with work().read() as tx:
        found = staff.find_member(tx, staff_id=staff_id)
    if found is None:
        abort(404)
    return found


@blueprint.route("/lender/people", methods=["GET", "POST"])
@access.staff("owner", "auditor")
def list_people() -> Response:
    """List the staff; add somebody."""
    form = InviteForm()
    if request.method == "POST":
        if "owner" not in visitor().roles:
            abort(403)
        if form.validate():
            if "@" not in (form.email.data or ""):
                form.email.errors = [_("Type a whole address, for example ana@example.com")]
            else:
                done = invite_staff(
                    work(),
                    email=form.email.data or "",
                    full_name=form.full_name.data or "",
                    roles=form.chosen.data,
                    actor=actor(),
                    now=portal().clock.now(),
                )
                if done.staff_id is not None:
                    _keep(done)
                    return see_other(f"/lender/people/{done.staff_id}?done=saved")
                form.email.errors = [_("This address signs in here already")]
    with work().read() as tx:
        members = staff.list_staff(tx)
    return show(
        "lender/people.html",
        status=422 if form.has_errors else 200,
        members=members,
        form=form,
        all_roles=ROLES,
    )


def _keep(done: StaffInvited) -> None:
    here = visitor()
    if here.session_id is not None and done.staff_id is not None:
        keep_to_show(
            work(),
            session_id=here.session_id,
            name=str(done.staff_id),
            values={"password": done.password, "totp": done.totp_secret},
            now=portal().clock.now(),
        )


@blueprint.get("/lender/people/<uuid:staff_id>")
@access.staff(*OWNERS)
def show_person(staff_id: UUID) -> Response:
    """Show one member; right after they were added, also what they sign in with."""
    return person_page(own_member(staff_id))


def person_page(
    member: StaffMember, *, form: RolesForm | None = None, problem: str = "", status: int = 200
) -> Response:
    """Render the page of a member."""
    here = visitor()
    kept = (
        read_to_show(
            work(),
            session_id=here.session_id,
            state=here.state,
            name=str(member.staff_id),
            now=portal().clock.now(),
        )
        if here.session_id
        else {}
    )
    with work().read() as tx:
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    issuer = lender.name if lender else "Portal"
    return show(
        "lender/people_person.html",
        status=status,
        member=member,
        secrets=kept,
        address=app_address(secret=kept["totp"], login=member.email, issuer=issuer) if kept else "",
        slug=lender.slug if lender else "",
        chosen=form.chosen.data if form else member.roles,
        all_roles=ROLES,
        problem=problem,
        is_me=member.staff_id == here.subject_id,
    )


@blueprint.post("/lender/people/<uuid:staff_id>/roles")
@access.staff(*OWNERS)
def change(staff_id: UUID) -> Response:
    """Change what a member may do, or whether they may come; their sessions end."""
    member = own_member(staff_id)
    form = RolesForm()
    if not form.validate():
        return person_page(member, problem=_("Choose at least one role"), status=422)
    is_active = {"on": True, "off": False}.get(request.form.get("do", ""), member.is_active)
    outcome = change_staff(
        work(),
        staff_id=staff_id,
        roles=form.chosen.data,
        is_active=is_active,
        actor=actor(),
        now=portal().clock.now(),
    )
    if outcome == "last_owner":
        problem = _("The last owner cannot leave. Make somebody else an owner first.")
        return person_page(member, form=form, problem=problem, status=422)
    code = "same" if outcome == "same" else "staff-changed"
    return see_other(f"/lender/people/{staff_id}?done={code}")


@blueprint.post("/lender/people/<uuid:staff_id>/secrets")
@access.staff(*OWNERS)
def renew(staff_id: UUID) -> Response:
    """Give a member a new password and a new second factor; their sessions end."""
    member = own_member(staff_id)
    if member.staff_id == visitor().subject_id:
        problem = _("Somebody else has to do this for you: it would end your own visit.")
        return person_page(member, problem=problem, status=422)
    done = renew_secrets(work(), staff_id=staff_id, actor=actor(), now=portal().clock.now())
    if done is None:
        abort(404)
    _keep(done)
    return see_other(f"/lender/people/{staff_id}?done=staff-changed")


@blueprint.app_template_filter("role_words")
def role_words(roles: list[str]) -> str:
    """Name several roles."""
    return ", ".join(role_word(role) for role in roles)
