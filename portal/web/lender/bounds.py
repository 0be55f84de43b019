"""The bounds: versions by currency, one version with its way from draft to force, and the steps on it."""

from decimal import Decimal
from uuid import UUID

from flask import Blueprint, Response, abort, request

from portal.actions.bounds.activate_bounds import activate_bounds
from portal.actions.bounds.count_plans import PlanCount, count_plans
from portal.actions.bounds.decide_approval import STATES, decide_approval, makers_of, take_back
from portal.actions.bounds.edit_draft import discard_draft
from portal.actions.bounds.request_approval import request_approval
from portal.actions.bounds.start_draft import start_draft
from portal.core.bounds.approval import version_needs_two
from portal.core.bounds.presets import CURRENCIES
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.lint import full_lint
from portal.core.packs.limits import limits_of
from portal.core.typed import clean
from portal.store import bounds, staff
from portal.store.bounds import BoundsVersion
from portal.web import access
from portal.web.context import portal, visitor, work
from portal.web.format import percent_text
from portal.web.htmx import see_other
from portal.web.language import gettext as _
from portal.web.lender.accounts import read_id
from portal.web.lender.bounds_said import said_segments
from portal.web.lender.bounds_text import written
from portal.web.lender.bounds_words import diff_lines, found_lines
from portal.web.lender.desk import APPROVERS, RULE_MAKERS, actor, show, today
from portal.web.lender.rule_form import pack_of

blueprint = Blueprint("lender_bounds", __name__)
NOTE_MAX = 500


def own_version(bounds_id: UUID) -> BoundsVersion:
    """Find a version of this lender; anybody else's does not exist."""
    with work().read() as tx:
        version = bounds.find_bounds(tx, bounds_id=bounds_id)
    if version is None:
        abort(404)
    return version


def back(bounds_id: UUID, code: str) -> Response:
    return see_other(f"/lender/bounds/{bounds_id}?done={code}")


@blueprint.get("/lender/bounds")
@access.staff()
def list_versions() -> Response:
    """List the versions of each currency, newest first."""
    with work().read() as tx:
        versions = bounds.list_bounds(tx)
    by_currency: dict[str, list[BoundsVersion]] = {}
    for version in versions:
        by_currency.setdefault(version.currency, []).append(version)
    return show("lender/bounds.html", by_currency=by_currency, currencies=CURRENCIES)


@blueprint.post("/lender/bounds/drafts")
@access.staff(*RULE_MAKERS)
def start() -> Response:
    """Start a draft from a version, or from the ready-made bounds of a currency."""
    started = start_draft(
        work(),
        currency=request.form.get("currency", ""),
        source_id=read_id(request.form.get("source")),
        staff_id=visitor().subject_id,
        now=portal().clock.now(),
    )
    if started.draft is None:
        abort(404)
    return see_other(f"/lender/bounds/{started.draft.bounds_id}/edit?done=draft-started")


@blueprint.get("/lender/bounds/<uuid:bounds_id>")
@access.staff()
def show_version(bounds_id: UUID) -> Response:
    """Show one version: what it changes, what the check finds, what was counted, what was decided."""
    return version_page(own_version(bounds_id))


def version_page(
    version: BoundsVersion, *, status: int = 200, problem: str = "", counted: PlanCount | None = None
) -> Response:
    """Render the page of a version."""
    parsed = parse_bounds(version.body)
    review = version.review or {}
    with work().read() as tx:
        active = bounds.find_active_bounds(tx, currency=version.currency)
        people = {one.staff_id: one.full_name for one in staff.list_staff(tx)}
    other = active if active and active.bounds_id != version.bounds_id else None
    before = parse_bounds(other.body) if other else None
    return show(
        "lender/bounds_version.html",
        fragment="lender/_bounds_count.html" if counted else "",
        status=status,
        version=version,
        segments=parsed.segments,
        said=said_segments(parsed),
        text=written(version.body),
        findings=found_lines(full_lint(parsed, pack=limits_of(pack_of(parsed))), parsed),
        other=other,
        diff=diff_lines(before, parsed) if before else [],
        gives_more=version_needs_two(bounds=parsed, before=before),
        is_own=visitor().subject_id in makers_of(version),
        counted=counted.to_dict() if counted else review.get("counted"),
        decisions=review.get("decisions", ()),
        people={str(key): name for key, name in people.items()},
        maker=people.get(version.made_by) if version.made_by else None,
        problem=problem,
    )


@blueprint.post("/lender/bounds/<uuid:bounds_id>/count")
@access.staff()
def count(bounds_id: UUID) -> Response:
    """Count plans on a sample of the lender's own open accounts; nothing is kept."""
    version = own_version(bounds_id)
    return version_page(version, counted=_counted(version))


def _counted(version: BoundsVersion) -> PlanCount:
    return count_plans(work(), draft=parse_bounds(version.body), today=today(), now=portal().clock.now())


@blueprint.post("/lender/bounds/<uuid:bounds_id>/ask")
@access.staff(*RULE_MAKERS)
def ask(bounds_id: UUID) -> Response:
    """Send a draft for approval, with what was counted on it."""
    version = own_version(bounds_id)
    outcome = request_approval(
        work(),
        bounds_id=bounds_id,
        counted=_counted(version),
        staff_id=visitor().subject_id,
        actor=actor(),
        now=portal().clock.now(),
    )
    return _answered(bounds_id, outcome, "requested", "approval-requested")


@blueprint.post("/lender/bounds/<uuid:bounds_id>/decide")
@access.staff(*APPROVERS)
def decide(bounds_id: UUID) -> Response:
    """Approve a version, or send it back."""
    own_version(bounds_id)
    decision = request.form.get("decision", "")
    if decision not in STATES:
        abort(400)
    outcome = decide_approval(
        work(),
        bounds_id=bounds_id,
        decision=decision,
        note=clean(request.form.get("note", ""))[:NOTE_MAX],
        staff_id=visitor().subject_id,
        actor=actor(),
        now=portal().clock.now(),
    )
    return _answered(bounds_id, outcome, "decided", decision)


@blueprint.post("/lender/bounds/<uuid:bounds_id>/take-back")
@access.staff(*RULE_MAKERS)
def withdraw(bounds_id: UUID) -> Response:
    """Take a version back to be a draft."""
    own_version(bounds_id)
    outcome = take_back(
        work(),
        bounds_id=bounds_id,
        staff_id=visitor().subject_id,
        actor=actor(),
        now=portal().clock.now(),
    )
    return _answered(bounds_id, outcome, "taken_back", "taken-back")


@blueprint.post("/lender/bounds/<uuid:bounds_id>/activate")
@access.staff(*RULE_MAKERS, *APPROVERS)
def activate(bounds_id: UUID) -> Response:
    """Put an approved version into force."""
    own_version(bounds_id)
    outcome = activate_bounds(work(), bounds_id=bounds_id, actor=actor(), now=portal().clock.now())
    return _answered(bounds_id, outcome, "activated", "activated")


@blueprint.post("/lender/bounds/<uuid:bounds_id>/discard")
@access.staff(*RULE_MAKERS)
def discard(bounds_id: UUID) -> Response:
    """Put a draft away for good."""
    own_version(bounds_id)
    done = discard_draft(work(), bounds_id=bounds_id, now=portal().clock.now())
    return _answered(bounds_id, "discarded" if done else "not_a_draft", "discarded", "draft-discarded")


def _answered(bounds_id: UUID, outcome: str, good: str, code: str) -> Response:
    """Lead on after a step that was done; else show the version and say why it was not."""
    if outcome == good:
        return back(bounds_id, code)
    return version_page(own_version(bounds_id), status=422, problem=refusal_words(outcome))


def refusal_words(outcome: str) -> str:
    """Say why a step was not done."""
    return {
        "not_a_draft": _("This version is not a draft any more."),
        "unsound": _("The check found errors. Put them right first."),
        "own_work": _("You worked on this version. Somebody else has to approve it."),
        "not_waiting": _("This version does not wait for a decision any more."),
        "not_approved": _("This version is not approved."),
        "too_late": _("This version cannot be taken back any more."),
    }.get(outcome, _("That is not possible now."))


@blueprint.app_template_filter("out_of")
def out_of(part: int, whole: int) -> str:
    """Write a share of a count as whole percent."""
    if not whole:
        return "–"
    return percent_text((Decimal(part) / whole).quantize(Decimal("0.01")))
