"""Keeping and forgetting: whose time has come, what keeps a record, and what was erased. Looking changes nothing."""

from uuid import UUID

from flask import Blueprint, Response, request

from portal.actions.privacy.keep_until import list_due
from portal.core.packs.rules import RETENTION_YEARS
from portal.store import retention
from portal.web.access import staff
from portal.web.context import portal, work
from portal.web.language import gettext as _
from portal.web.lender.desk import show

blueprint = Blueprint("lender_retention", __name__)
SHOWN = 20
ERASED_SHOWN = 30


@blueprint.get("/lender/retention")
@staff("owner", "supervisor", "auditor")
def show_retention() -> Response:
    """Show old records, twenty a page, each with what would happen to it tonight; and the newest erasures."""
    now = portal().clock.now()
    due = list_due(work(), now=now, limit=SHOWN, after=_read_id(request.args.get("after", "")))
    with work().read() as tx:
        erased = retention.list_erasures(tx, limit=ERASED_SHOWN)
    later = f"/lender/retention?after={due[-1].candidate.debtor_id}" if len(due) == SHOWN else ""
    return show(
        "lender/retention.html",
        due=due,
        erased=erased,
        later=later,
        years=RETENTION_YEARS,
        because=because_words,
        fields=field_words,
    )


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def because_words(code: str) -> str:
    """Say what keeps a record."""
    return {
        "account_open": _("an account is open"),
        "agreement_running": _("an agreement runs"),
        "hold": _("a hold"),
        "matter_open": _("a dispute, complaint or case is open"),
        "retention": _("the time of the law"),
    }.get(code, code)


def field_words(code: str) -> str:
    """Name what was erased."""
    return {
        "email": _("e-mail"),
        "monthly_income": _("income"),
        "budgets": _("budgets"),
        "devices": _("known devices"),
        "name": _("name"),
        "birth_date": _("birth date"),
        "id_last4": _("digits of an id"),
        "phone": _("phone"),
        "messages": _("words of messages"),
        "disputes": _("words of disputes"),
        "complaints": _("words of complaints"),
        "handoffs": _("words of cases"),
        "documents": _("papers"),
        "signatures": _("who signed and from where"),
    }.get(code, code)
