"""What the doors of payment providers share: a verified notice is kept by its id, anything else is refused.

The address names the lender, whose secret must fit; a body that does not verify is refused without a word on why.
"""

from typing import Any

from flask import Response, abort, make_response, request

from portal.actions.payments.receive_payment_event import receive_payment_event
from portal.core.payments import NoticeRefused
from portal.store import gateway_secrets, lenders
from portal.store.lenders import Lender
from portal.web.context import portal

BODY_MAX = 256 * 1024


def keep_notice(rail: Any, *, lender_slug: str, signature: str | None, house_secret: str | None) -> Response:
    """Keep one notice of a rail for a lender: 200 when it is kept, 400 forged or dated wrongly, 404 no such door."""
    services = portal()
    if rail is None or (request.content_length or 0) > BODY_MAX:
        abort(404 if rail is None else 413)
    with services.database.shared().read() as tx:
        lender = lenders.find_lender(tx, slug=lender_slug)
    if lender is None or not (secrets := _secrets(lender, rail.name, house_secret)):
        abort(404)
    notice = rail.read_event(
        raw_body=request.get_data(), signature_header=signature, secret=secrets, now=services.clock.now()
    )
    if isinstance(notice, NoticeRefused):
        abort(400)
    receive_payment_event(
        services.database.work(lender.lender_id), source=rail.name, notice=notice, now=services.clock.now()
    )
    return make_response("", 200)


def _secrets(lender: Lender, rail: str, house_secret: str | None) -> tuple[str, ...]:
    """Give the secrets that fit this lender: its own, which it keeps in the console, else the house's."""
    services = portal()
    with services.database.work(lender.lender_id).read() as tx:
        own = gateway_secrets.secrets_in_force(tx, gateway=rail, now=services.clock.now())
    return own or ((house_secret,) if house_secret else ())
