from datetime import datetime
from uuid import UUID

from portal.actions.contact.send_message import message_payload
from portal.core.actors import SYSTEM
from portal.store import debtors, events, messages
from portal.store.work import Work


def note_delivery(
    work: Work, *, message_id: UUID, state: str, carrier_id: str | None, reason: str, now: datetime
) -> bool:
    """Keep what a carrier tells later about a message: delivered, or failed with its reason.

    False when the message is unknown or this was told before; a carrier may repeat itself and mix up the order.
    """
    with work.begin() as tx:
        message = messages.find_message(tx, message_id=message_id)
        if message is None or message.state not in {"sent", "unknown"}:
            return False
        debtor = debtors.find_debtor(tx, debtor_id=message.debtor_id)
        moved = messages.move_message(
            tx, message_id=message_id, before=message.state, after=state, now=now, reason=reason or None
        )
        if debtor is None or not moved:
            return False
        payload = message_payload(message) | ({"carrier_id": carrier_id} if carrier_id else {})
        if state == "failed":
            payload |= {"reason": reason or "not_delivered"}
        events.append(
            tx,
            type=f"message.{state}",
            actor=SYSTEM,
            at=now,
            payload=payload,
            debtor_ref=debtor.debtor_ref,
        )
        return True
