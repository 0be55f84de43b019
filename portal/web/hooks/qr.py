"""The QR switch's door: what it tells of its codes is verified, kept, and answered; a job acts on it later."""

from flask import Blueprint, Response, request

from portal.web.access import hook
from portal.web.context import portal
from portal.web.hooks.notices import keep_notice

blueprint = Blueprint("hooks_qr", __name__)


@blueprint.post("/hooks/qr/<path:lender_slug>")
@hook
def receive(lender_slug: str) -> Response:
    """Keep one notice of the switch; 200 promises only that it is kept."""
    return keep_notice(
        portal().qr,
        lender_slug=lender_slug,
        signature=request.headers.get("Switch-Signature"),
        house_secret=portal().settings.qr_webhook_secret,
    )
