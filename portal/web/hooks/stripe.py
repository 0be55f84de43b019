"""The payment provider's door: the raw body is verified, kept, and answered; a job acts on it later.

The address names the lender, whose secret must fit; a body that does not verify is refused without a word on why.
"""

from flask import Blueprint, Response, abort, make_response, request

from portal.actions.payments.receive_payment_event import receive_payment_event
from portal.core.payments import NoticeRefused
from portal.store import gateway_secrets, lenders
from portal.store.lenders import Lender
from portal.web.access import hook
from portal.web.context import portal

blueprint = Blueprint("hooks_stripe", __name__)
BODY_MAX = 256 * 1024


@blueprint.post("/hooks/stripe/<path:lender_slug>")
@hook
def receive(lender_slug: str) -> Response:
    """Keep one event of the provider; 200 promises only that it is kept."""
    services = portal()
    if services.stripe is None or (request.content_length or 0) > BODY_MAX:
        abort(404 if services.stripe is None else 413)
    with services.database.shared().read() as tx:
        lender = lenders.find_lender(tx, slug=lender_slug)
    if lender is None or not (secrets := _secrets(lender)):
        abort(404)
    notice = services.stripe.read_event(
        raw_body=request.get_data(),
        signature_header=request.headers.get("Stripe-Signature"),
        secret=secrets,
        now=services.clock.now(),
    )
    if isinstance(notice, NoticeRefused):
        abort(400)
    receive_payment_event(
        services.database.work(lender.lender_id), source="stripe", notice=notice, now=services.clock.now()
    )
    return make_response("", 200)


def _secrets(lender: Lender) -> tuple[str, ...]:
    """Give the secrets that fit this lender: its own, which it keeps in the console, else the house's."""
    services = portal()
    with services.database.work(lender.lender_id).read() as tx:
        own = gateway_secrets.secrets_in_force(tx, gateway="stripe", now=services.clock.now())
    if own:
        return own
    default = services.settings.stripe_webhook_secret
    return (default,) if default else ()
