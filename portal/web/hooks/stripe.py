"""The payment provider's door: the raw body is verified, kept, and answered; a job acts on it later."""

from flask import Blueprint, Response, request

from portal.web.access import hook
from portal.web.context import portal
from portal.web.hooks.notices import keep_notice

blueprint = Blueprint("hooks_stripe", __name__)


@blueprint.post("/hooks/stripe/<path:lender_slug>")
@hook
def receive(lender_slug: str) -> Response:
    """Keep one event of the provider; 200 promises only that it is kept."""
    return keep_notice(
        portal().stripe,
        lender_slug=lender_slug,
        signature=request.headers.get("Stripe-Signature"),
        house_secret=portal().settings.stripe_webhook_secret,
    )
