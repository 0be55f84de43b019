"""Messages to a debtor, from the queue to the phone."""

from __future__ import annotations

from portal.core.events.shapes import Shape, code, count, event, group, language, moment, opaque, open_code

_BY = ("system", "staff", "debtor", "counselor", "lender")


def _fields() -> dict[str, Shape]:
    return {
        "id": opaque("msg_01HZY3"),
        "channel": code("sms", "email", "letter", "whatsapp", "voice", "page"),
        "template_": open_code("link_first"),
        "purpose_": open_code("invitation"),
        "language_": language(),
        "segments_": count(1),
        "link_": opaque("lnk_01HZY3"),
    }


EVENTS = (
    event(
        "message.queued",
        "A message to the debtor is waiting for its allowed time.",
        by=_BY,
        scope="account_or_debtor",
        carries=group(not_before_=moment(), **_fields()),
    ),
    event(
        "message.sent",
        "The carrier took a message to the debtor.",
        by=_BY,
        scope="account_or_debtor",
        carries=group(carrier_id_=opaque("SM9f86d081"), **_fields()),
    ),
    event(
        "message.delivered",
        "The carrier says that the message arrived.",
        by=("system",),
        scope="account_or_debtor",
        carries=group(carrier_id_=opaque("SM9f86d081"), **_fields()),
    ),
    event(
        "message.suppressed",
        "A contact rule, a preference or a hold kept a message from going out.",
        by=_BY,
        scope="account_or_debtor",
        carries=group(
            reason=open_code("quiet_hours"),
            rule_=open_code("us-regf-7in7"),
            next_allowed_at_=moment("2026-12-02T08:00:00.000Z"),
            **_fields(),
        ),
    ),
    event(
        "message.failed",
        "A message could not be brought to the debtor.",
        by=("system",),
        scope="account_or_debtor",
        carries=group(
            reason=open_code("number_unknown"), tries_=count(3), carrier_id_=opaque("SM9f86d081"), **_fields()
        ),
    ),
)
