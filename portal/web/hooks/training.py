"""The training providers' door: a signed call says that a learner reached a step.

The address names the provider, whose secret must fit. A code that is unknown and one of another provider's learner
are refused alike; nothing in an answer tells of a debt or a lender.
"""

import re

from flask import Blueprint, Response, abort, request

from portal.actions.training.verify_milestone import (
    Confirmation,
    Letter,
    NotVerified,
    verify_milestone,
)
from portal.gateways.training import BODY_MAX, Refused, read_notice
from portal.store import guests
from portal.web.access import hook
from portal.web.context import portal
from portal.web.errors import problem

blueprint = Blueprint("hooks_training", __name__)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_SAID = {
    "unknown": (404, "No learner of yours has this code"),
    "no_step": (422, "This step is not part of the learner's course"),
    "ended": (409, "The learner is not on this course any more"),
    "to_come": (422, "The day lies in the future"),
    "late": (409, "The time for this step is over"),
}


@blueprint.post("/hooks/training/<path:provider_slug>")
@hook
def receive(provider_slug: str) -> Response:
    """Confirm one step; 200 also for a call that was taken before."""
    if (request.content_length or 0) > BODY_MAX:
        abort(413)
    services, now = portal(), portal().clock.now()
    found = None
    if _SLUG.fullmatch(provider_slug):
        with services.database.shared().read() as shared:
            found = guests.find_provider_secret(shared, slug=provider_slug)
    raw_body = request.get_data()
    notice = read_notice(
        raw_body=raw_body, headers=request.headers, secret=found[1] if found else None, now=now
    )
    if isinstance(notice, Refused) or found is None:
        is_unsigned = not isinstance(notice, Refused) or notice.reason == "signature"
        return (
            problem(401, "The signature does not fit")
            if is_unsigned
            else problem(
                400, "The body is not a confirmation", detail="type, data.enrollment, data.milestone, data.on"
            )
        )
    done = verify_milestone(
        services.database,
        provider_id=found[0],
        confirmation=Confirmation(
            code=notice.code,
            milestone=notice.milestone,
            on=notice.on,
            evidence="provider_webhook",
            letter=Letter(outside_id=notice.webhook_id, body=raw_body),
        ),
        now=now,
    )
    if isinstance(done, NotVerified):
        return problem(*_SAID[done.reason])
    return Response('{"taken":true}\n', mimetype="application/json")
