"""A link for a debtor, sent by text message to the number on file."""

from typing import Any, cast

from flask import Blueprint, Response

from portal.actions.links.send_link import send_link
from portal.core.actors import LENDER_API
from portal.store import accounts
from portal.web.access import caller
from portal.web.api import views
from portal.web.api.models import LinkBody, LinkView
from portal.web.api.problems import RefusedError, not_found
from portal.web.api.routes import Route, json_answer, route
from portal.web.context import portal

blueprint = Blueprint("api_links", __name__)


@route(
    blueprint,
    Route(
        method="POST",
        path="/accounts/{ref}/links",
        scope="links:write",
        summary="Make a link for the debtor of an account and send it when the law allows",
        body=LinkBody,
        answers={200: LinkView},
        problems=(400, 404, 409, 415, 422),
    ),
)
def add_link(ref: str, body: LinkBody) -> Response:
    del body
    return send(ref)


def send(ref: str) -> Response:
    """Send the first message with a link to who owes an account."""
    services = portal()
    work = services.database.work(caller().lender_id)
    with work.read() as tx:
        account = accounts.find_account(tx, account_ref=views.account_ref(ref))
    if account is None:
        raise not_found("account")
    if account.state in ("recalled", "closed") or account.delinquent_since is None:
        raise RefusedError(
            409,
            "Nobody is contacted about this account",
            detail="It is recalled, closed or not overdue: send a date in delinquent_since first.",
        )
    sent = send_link(
        work,
        debtor_id=account.debtor_id,
        now=services.clock.now(),
        sms=services.sms,
        base_url=services.settings.base_url,
        requested_by=LENDER_API,
    )
    view = LinkView(
        state=cast("Any", sent.kind), segments=sent.segments, due_at=sent.due_at, reason=sent.reason or None
    )
    return json_answer(view)
