"""The text message carrier's door: what became of a message, and what people answer.

The carrier proves itself by the key that we share; a body of another shape is refused without a word on why.
"""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, request

from portal.actions.contact.note_delivery import note_delivery
from portal.actions.contact.take_reply import take_reply
from portal.gateways.sms import CALLBACK_BYTES_MAX, SmsDelivered, SmsReply
from portal.web.access import hook
from portal.web.context import portal

blueprint = Blueprint("hooks_sms", __name__)


@blueprint.post("/hooks/sms")
@hook
def receive() -> Response:
    """Take one notice of the carrier; 204 promises that it was taken, also when it changed nothing."""
    services = portal()
    if services.sms is None:
        abort(404)
    if (request.content_length or 0) > CALLBACK_BYTES_MAX:
        abort(413)
    notice = services.sms.read_callback(
        raw_body=request.get_data(), authorization=request.headers.get("Authorization")
    )
    if notice is None:
        abort(400)
    if isinstance(notice, SmsReply):
        take_reply(services.database, phone=notice.phone, text=notice.text, now=services.clock.now())
    else:
        _note(notice)
    return make_response("", 204)


def _note(notice: SmsDelivered) -> None:
    """Find the lender and the message in the key that we gave: `<lender>.msg_<id>`."""
    lender, _, ref = notice.key.partition(".")
    message = ref.removeprefix("msg_")
    if not (lender.isascii() and lender.isdigit() and len(lender) < 19 and len(message) == 32):
        abort(400)
    try:
        message_id = UUID(message)
        work = portal().database.work(int(lender))
        note_delivery(
            work,
            message_id=message_id,
            state=notice.state,
            carrier_id=notice.carrier_id,
            reason=notice.reason,
            now=portal().clock.now(),
        )
    except (ValueError, LookupError):
        abort(400)
