"""The editor of a draft: a segment as a form with a live preview, or the whole document as text."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request

from portal.actions.bounds.edit_draft import edit_draft, own_document
from portal.actions.bounds.preview_bounds import BoundsPreview, preview_bounds
from portal.core.bounds.lint import lint
from portal.core.bounds.model import Bounds
from portal.core.bounds.schema import BoundsError, Problem, parse_bounds
from portal.core.negotiation.lint import full_lint
from portal.core.negotiation.offers import Offer
from portal.core.packs.limits import limits_of
from portal.core.typed import clean
from portal.store.bounds import BoundsVersion
from portal.web import access
from portal.web.context import portal, visitor, work
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.lender.bounds import own_version
from portal.web.lender.bounds_text import read_document, written
from portal.web.lender.bounds_words import Found, found_lines
from portal.web.lender.desk import RULE_MAKERS, show, today
from portal.web.lender.rule_fields import GROUPS
from portal.web.lender.rule_form import RuleForm, filled, mark_findings, pack_of, posted
from portal.web.plan_words import PlanWords, plan_words, title_of
from portal.web.reasons import reason_text

blueprint = Blueprint("lender_bounds_editor", __name__)
OFFERS_MAX = 3


@blueprint.route("/lender/bounds/<uuid:bounds_id>/edit", methods=["GET", "POST"])
@access.staff(*RULE_MAKERS)
def edit(bounds_id: UUID) -> Response:
    """Edit one segment of a draft; checking and previewing keep nothing, saving keeps the draft."""
    version = own_draft(bounds_id)
    parsed = parse_bounds(version.body)
    wished = request.values.get("segment", "")
    segment = wished if wished in {one.id for one in parsed.segments} else parsed.segments[0].id
    if request.method == "GET":
        return _page(version, filled(parsed, version.body, segment))
    form = posted(parsed, version.body, segment, request.form)
    if form.has_errors or request.form.get("do") != "save":
        return _page(version, form, status=422 if form.has_errors else 200)
    done = edit_draft(work(), bounds_id=bounds_id, body=form.document, staff_id=visitor().subject_id)
    if done.kind == "refused":
        form.others += done.problems
        return _page(version, form, status=422)
    return see_other(f"/lender/bounds/{bounds_id}/edit?segment={segment}&done=draft-saved")


def own_draft(bounds_id: UUID) -> BoundsVersion:
    """Find a draft of this lender; a version that was sent for approval has no editor."""
    version = own_version(bounds_id)
    if version.state != "draft":
        abort(404)
    return version


def _page(version: BoundsVersion, form: RuleForm, *, status: int = 200) -> Response:
    findings = _findings(form.bounds) if not form.has_errors and form.bounds else []
    if form.bounds:
        mark_findings(form, lint(form.bounds, pack=limits_of(pack_of(form.bounds))))
    ref = clean(request.values.get("account", ""))[:120]
    return show(
        "lender/bounds_edit.html",
        fragment="lender/_bounds_preview.html",
        status=status,
        version=version,
        form=form,
        groups=GROUPS,
        segments=[one.get("id") for one in version.body["segments"]],
        findings=findings,
        account_ref=ref,
        preview=preview_of(ref, form.bounds) if ref and form.bounds and not form.has_errors else None,
    )


def _findings(bounds: Bounds) -> list[Found]:
    return found_lines(full_lint(bounds, pack=limits_of(pack_of(bounds))), bounds)


def preview_of(account_ref: str, bounds: Bounds) -> dict[str, Any]:
    """Put into words what one account would be offered by these bounds."""
    seen = preview_bounds(
        work(), account_ref=account_ref, bounds=bounds, today=today(), now=portal().clock.now()
    )
    said = seen.answer
    offers = [one for one in said.offers if one.plan.schedule][:OFFERS_MAX] if said else []
    return {
        "kind": seen.kind,
        "account": seen.account,
        "segment": seen.segment,
        "plans": [_words(offer) for offer in offers],
        "reasons": [reason_text(code) for code in said.codes] if said else [],
        "cause": said.handoff_cause if said and said.kind == "handoff" else "",
        "problem": _unseen(seen),
    }


def _words(offer: Offer) -> tuple[str, PlanWords]:
    return title_of(offer.plan), plan_words(offer.plan)


def _unseen(seen: BoundsPreview) -> str:
    if seen.kind == "unknown":
        return _("There is no account with this reference.")
    if seen.kind == "other_currency" and seen.account:
        return _("This account is in %(currency)s.", currency=seen.account.currency)
    return ""


# ---- the document as text


@blueprint.route("/lender/bounds/<uuid:bounds_id>/text", methods=["GET", "POST"])
@access.staff(*RULE_MAKERS)
def edit_text(bounds_id: UUID) -> Response:
    """Edit the whole document as JSON; what was typed stays until it can be read."""
    version = own_draft(bounds_id)
    if request.method == "GET":
        return _text_page(version, text=written(version.body))
    typed = request.form.get("document", "")
    document, problems = read_document(typed)
    if document is None:
        return _text_page(version, text=typed, problems=problems, status=422)
    own = own_document(version, document)
    try:
        parsed = parse_bounds(own)
    except BoundsError as error:
        return _text_page(version, text=typed, problems=error.problems, status=422)
    if request.form.get("do") != "save":
        return _text_page(version, text=typed, findings=_findings(parsed), is_checked=True)
    done = edit_draft(work(), bounds_id=bounds_id, body=own, staff_id=visitor().subject_id)
    if done.kind != "edited":
        return _text_page(version, text=typed, problems=done.problems, status=422)
    return see_other(f"/lender/bounds/{bounds_id}/text?done=draft-saved")


def _text_page(
    version: BoundsVersion,
    *,
    text: str,
    problems: tuple[Problem, ...] = (),
    findings: list[Found] | None = None,
    is_checked: bool = False,
    status: int = 200,
) -> Response:
    return show(
        "lender/bounds_text.html",
        status=status,
        version=version,
        text=text,
        problems=problems,
        findings=findings or [],
        is_checked=is_checked,
    )
