"""What every page of the lender's console needs: who is at the desk, what they may do, what was just done."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import Response, abort, make_response, render_template, request

from portal.actions.staff.second_eyes import DECISIONS
from portal.core.actors import Actor, staff_actor
from portal.core.calendar import local_day
from portal.core.cases.authority import Role
from portal.store import staff
from portal.store.debtors import new_ref
from portal.web.context import brand, portal, visitor, work
from portal.web.htmx import wants_fragment
from portal.web.language import gettext as _
from portal.web.lender import case_words
from portal.web.lender.told import told_words
from portal.web.plan_words import family_title

#: Who may do what; a page offers only what its reader may do, and the route asks again.
RULE_MAKERS = ("rules", "owner")
APPROVERS = ("approver",)
ANSWERERS = ("agent", "supervisor")
HANDLERS = ("agent", "supervisor", "owner")
KEEPERS = ("supervisor", "owner")
OWNERS = ("owner",)
EXPORTERS = ("supervisor", "owner", "auditor")
PAGE_ROWS = 50


@dataclass(frozen=True)
class Me:
    """The member of the staff who reads this page."""

    roles: frozenset[str]

    @cached_property
    def name(self) -> str:
        """Their name, unsealed when a page shows it."""
        with work().read() as tx:
            return staff.load_name(tx, staff_id=visitor().subject_id)

    @property
    def role_words(self) -> str:
        return ", ".join(role_word(role) for role in sorted(self.roles))

    def may(self, *roles: str) -> bool:
        """Tell whether they have one of the roles."""
        return bool(self.roles & set(roles))


def me() -> Me:
    """Give who is at the desk."""
    return Me(roles=visitor().roles)


def me_ref() -> str:
    """Name who is at the desk, as what they ask for and decide keeps it."""
    return new_ref("stf", visitor().subject_id)


def posted_decision() -> str:
    """Read the decision that a form posted: approved or declined; anything else was not ours: 400."""
    decision = request.form.get("decision", "")
    if decision not in DECISIONS:
        abort(400)
    return decision


def actor() -> Actor:
    """Name who is at the desk as events do: by a reference, never by name."""
    return staff_actor(me_ref())


def authority() -> Role | None:
    """Give the wider authority of who is at the desk, if they have one; a supervisor's before an agent's."""
    roles = visitor().roles
    if "supervisor" in roles:
        return "supervisor"
    return "agent" if "agent" in roles else None


def today() -> date:
    """Give the lender's calendar day."""
    return local_day(now=portal().clock.now(), time_zone=brand().time_zone)


def show(template: str, *, status: int = 200, fragment: str = "", **values: Any) -> Response:
    """Render a page of the console, or its fragment where htmx asks for one."""
    chosen = fragment if fragment and wants_fragment() else template
    told = told_words(request.args.get("done", ""))
    return make_response(
        render_template(chosen, me=me(), told_text=told, roles=_ROLES, here=template, **_WORDS, **values),
        status,
    )


def role_word(role: str) -> str:
    """Name a role."""
    return {
        "owner": _("owner"),
        "rules": _("rules"),
        "approver": _("approver"),
        "agent": _("agent"),
        "supervisor": _("supervisor"),
        "auditor": _("auditor"),
    }[role]


_WORDS = {
    "cause_words": case_words.cause_words,
    "answer_words": case_words.answer_words,
    "answer_reason_words": case_words.answer_reason_words,
    "hold_words": case_words.hold_words,
    "dispute_words": case_words.dispute_words,
    "contact_words": case_words.contact_words,
    "family_title": family_title,
    "role_word": role_word,
}
_ROLES = {
    "rule_makers": RULE_MAKERS,
    "approvers": APPROVERS,
    "answerers": ANSWERERS,
    "handlers": HANDLERS,
    "keepers": KEEPERS,
    "owners": OWNERS,
    "exporters": EXPORTERS,
}
